package command_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal with a program in it.
type terminal struct {
	*testing.T
	user    *os.File // what the user sees and types
	program *os.File
	cmd     *exec.Cmd
	ended   chan error
	// read is closed once all that the program wrote has been read.
	read chan struct{}

	mu   sync.Mutex
	seen bytes.Buffer
}

const patience = 30 * time.Second

// inTerminal runs berth by the wall clock in a pseudo-terminal of this width, in a
// folder with this Compose file.
func inTerminal(t *testing.T, columns uint16, file string, args ...string) *terminal {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return inTerminalOf(t, columns, dir, args...)
}

func inTerminalOf(t *testing.T, columns uint16, dir string, args ...string) *terminal {
	t.Helper()
	return startIn(t, columns, dir, exec.Command("berth-wall", args...))
}

// startIn runs a program in a pseudo-terminal.
func startIn(t *testing.T, columns uint16, dir string, cmd *exec.Cmd) *terminal {
	t.Helper()
	x := &terminal{T: t, ended: make(chan error, 1), read: make(chan struct{}), cmd: cmd}
	x.user, x.program = openTerminal(t)
	x.resize(columns, 24)
	x.cmd.Dir = dir
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = x.program, x.program, x.program
	x.cmd.Env = append(os.Environ(), "BERTH_SANDBOX=1", "TERM=xterm", "HOME="+dir, "GIT_CEILING_DIRECTORIES="+dir, "GORACE=atexit_sleep_ms=10")
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = x.cmd.Process.Kill()
		_ = x.user.Close()
		_ = x.program.Close()
	})
	go x.watch()
	go func() { x.ended <- x.cmd.Wait() }()
	return x
}

// openTerminal opens both ends of a new pseudo-terminal.
func openTerminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	number := 0
	control(t, user, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return user, program
}

func control(t *testing.T, f *os.File, call func(fd int) error) {
	t.Helper()
	raw, err := f.SyscallConn()
	if err == nil {
		var failed error
		err = errors.Join(raw.Control(func(fd uintptr) { failed = call(int(fd)) }), failed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// whole waits for the program's end, and returns all that it wrote. Its end alone does not
// say that everything has been read.
func (x *terminal) whole() string {
	x.Helper()
	x.ended <- <-x.ended
	_ = x.program.Close() // a terminal that no process has open has an end
	select {
	case <-x.read:
	case <-time.After(patience):
		x.Fatal("the terminal has no end")
	}
	return x.screen()
}

func (x *terminal) watch() {
	defer close(x.read)
	for buffer := make([]byte, 4096); ; {
		n, err := x.user.Read(buffer)
		x.mu.Lock()
		x.seen.Write(buffer[:n])
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (x *terminal) resize(columns, rows uint16) {
	x.Helper()
	control(x.T, x.user, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: rows})
	})
}

func (x *terminal) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.seen.String()
}

// sees waits until the program has written a text that fits the pattern.
func (x *terminal) sees(pattern string) {
	x.Helper()
	for end := time.Now().Add(patience); !regexp.MustCompile(pattern).MatchString(x.screen()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			x.Fatalf("no %q in:\n%s", pattern, x.screen())
		}
	}
}

// echoes waits until the terminal shows what is typed, or does not.
func (x *terminal) echoes(want bool) {
	x.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		got := false
		control(x.T, x.program, func(fd int) error {
			state, err := unix.IoctlGetTermios(fd, unix.TCGETS)
			got = err == nil && state.Lflag&unix.ECHO != 0
			return err
		})
		if got == want {
			return
		}
		if time.Now().After(end) {
			x.Fatalf("the terminal's echo is %t", got)
		}
	}
}

func (x *terminal) types(text string) {
	x.Helper()
	if _, err := x.user.WriteString(text); err != nil {
		x.Fatal(err)
	}
}

// exits waits for the end of the program and wants its exit code.
func (x *terminal) exits(want int) {
	x.Helper()
	select {
	case <-x.ended:
	case <-time.After(patience):
		x.Fatalf("it does not end; the screen:\n%s", x.screen())
	}
	time.Sleep(20 * time.Millisecond) // for what is still in the terminal
	if got := x.cmd.ProcessState.ExitCode(); got != want {
		x.Errorf("exit code %d, want %d; the screen:\n%s", got, want, x.screen())
	}
}

const (
	ctrlC   = "\x03"
	oneFile = "name: tiny\nservices:\n  web:\n    image: nginx:1.29\n    ports: [\"8080:80\"]\n    environment: { A: }\n    x-berth: {}\n"
)

// TestCtrlCLeavesAPrompt: nothing is changed, nothing is said of calls under way.
func TestCtrlCLeavesAPrompt(t *testing.T) {
	t.Parallel()
	file := strings.Replace(oneFile, "environment: { A: }", "environment: { B: b }", 1)
	x := inTerminal(t, 80, file, "up")
	x.sees(`\[y/N\] $`)
	x.types(ctrlC)
	x.exits(130)
	x.sees(`interrupted: nothing was changed\r\n$`)
	if s := x.screen(); strings.Contains(s, "calls under way") || strings.Contains(s, "error") {
		t.Errorf("it says\n%s", s)
	}
}

// TestCtrlCAtASecretGivesTheEchoBack: a shell would show nothing any more.
func TestCtrlCAtASecretGivesTheEchoBack(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, 80, oneFile, "secret", "set", "A", "B")
	x.sees(`Value of A`)
	x.echoes(false)
	x.types("one\n")
	x.sees(`Value of B`)
	x.echoes(false)
	x.types("hunter2" + ctrlC)
	x.exits(130)
	x.echoes(true)
	x.sees(`interrupted: B was not set\r\n$`)
	if strings.Contains(x.screen(), "hunter2") {
		t.Errorf("the screen shows the secret:\n%s", x.screen())
	}
}

// TestCtrlCDuringARun: the message stays below the tree, and says how to go on.
func TestCtrlCDuringARun(t *testing.T) {
	t.Parallel()
	file := strings.Replace(oneFile, "environment: { A: }", "environment: { B: b }", 1)
	x := inTerminal(t, 80, file, "up", "--yes")
	x.sees(`of \d+ done`)
	x.resize(50, 24)
	x.types(ctrlC)
	x.exits(130)
	x.sees(`(?s)of \d+ done.*stopping: calls under way finish first; Ctrl-C`)
	x.sees(`under way, and AWS goes on with it:`)
	if failed := regexp.MustCompile(`exit code \d|failed|berth logs`).FindString(x.screen()); failed != "" {
		t.Errorf("the screen speaks of a failure, %q:\n%s", failed, x.screen())
	}
	x.sees(`interrupted: what was made stays; run the same\s+command again to go on\r\n$`) // wrapped
}

// TestCtrlCEndsFollowedLogsQuietly: there are no calls to speak of.
func TestCtrlCEndsFollowedLogsQuietly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := strings.Replace(oneFile, "environment: { A: }", "environment: { B: b }", 1)
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	up := inTerminalOf(t, 80, dir, "up", "--yes")
	up.exits(0)
	x := inTerminalOf(t, 80, dir, "logs", "-f")
	x.sees(`web \|`)
	x.types(ctrlC)
	x.exits(130)
	if s := x.screen(); strings.Contains(s, "stopping") || strings.Contains(s, "interrupted") {
		t.Errorf("it says\n%s", s)
	}
}

// TestRestartShowsItsServices: each has a line from the beginning, which says what is
// done with it.
func TestRestartShowsItsServices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := strings.Replace(oneFile, "environment: { A: }", "environment: { B: b }", 1)
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	up := inTerminalOf(t, 80, dir, "up", "--yes")
	up.exits(0)
	x := inTerminalOf(t, 80, dir, "restart", "--yes")
	x.sees(` web  restarting: \d of \d tasks run`)
	x.exits(0)
	x.sees(`✓.* web  restarted `)
}

// TestExecIsATerminal: keys go to the container as they are typed, Ctrl-C ends what runs
// there and not berth, and the terminal is as before in the end.
func TestExecIsATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := strings.NewReplacer("environment: { A: }", "environment: { B: b }", "x-berth: {}", "x-berth: { exec: true }").Replace(oneFile)
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	up := inTerminalOf(t, 80, dir, "up", "--yes")
	up.exits(0)
	x := inTerminalOf(t, 80, dir, "exec", "web")
	x.sees(`# $`)
	x.echoes(false) // the container's terminal does it
	x.types("echo $((20+3)); stty size\r")
	x.sees(`23\r\n24 80\r\n# $`)
	x.types("sleep 600\r")
	x.sees(`sleep 600\r\n$`)
	x.types(ctrlC)
	x.sees(`\^C\r\n# $`)
	x.types("exit 4\r")
	x.exits(4)
	x.echoes(true)
}
