//go:build unix

package handover

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain makes this test binary the programs of the tests: one that hands
// over in either way, and one that is handed over to.
func TestMain(m *testing.M) {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	code := 0
	switch mode := os.Getenv("HANDOVER"); mode {
	case "":
		os.Exit(m.Run())
	case "same", "child":
		_ = os.Setenv("HANDOVER", "next")
		if mode == "same" {
			code, err = To(path, os.Args[1:])
		} else {
			code, err = child(path, os.Args[1:], os.Interrupt, syscall.SIGTERM)
		}
	case "nowhere":
		code, err = To(path+"-nowhere", nil)
	case "next":
		code = next()
	}
	if err != nil {
		fmt.Println(err)
		code = 9
	}
	os.Exit(code)
}

// next says what it was given and ends at a signal.
func next() int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var line string
	_, _ = fmt.Scanln(&line)
	fmt.Println("arguments", os.Args[1:], "input", line)
	select {
	case s := <-signals:
		fmt.Println("signal", s)
	case <-time.After(30 * time.Second):
	}
	return 7
}

func TestTo(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"same", "child"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), path, "--a", "b c")
			cmd.Env = append(os.Environ(), "HANDOVER="+mode)
			cmd.Stdin = strings.NewReader("hello\n")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			b := make([]byte, 1)
			for !strings.HasSuffix(text.String(), "\n") {
				if _, err := out.Read(b); err != nil {
					t.Fatal(err, text.String())
				}
				text.Write(b)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if _, err := text.ReadFrom(out); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the code tells
			if code := cmd.ProcessState.ExitCode(); code != 7 || text.String() != "arguments [--a b c] input hello\nsignal terminated\n" {
				t.Errorf("exit code %d:\n%s", code, text.String())
			}
		})
	}
}

func TestToNothing(t *testing.T) {
	t.Parallel()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path)
	cmd.Env = append(os.Environ(), "HANDOVER=nowhere")
	out, _ := cmd.CombinedOutput() // the code tells
	if cmd.ProcessState.ExitCode() != 9 || !strings.Contains(string(out), "starting "+path+"-nowhere: ") {
		t.Errorf("%s", out)
	}
}
