package sessions

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/sandbox/shell"
	"github.com/berthdev/berth/internal/session"
)

// pluginTime is how long the plugin may take for a session.
const pluginTime = 45 * time.Second

// plugin runs AWS's session-manager-plugin in a session, as the AWS CLI does.
func plugin(t *testing.T, g session.Grant) *exec.Cmd {
	t.Helper()
	path := os.Getenv("BERTH_PLUGIN")
	if path == "" {
		t.Skip("BERTH_PLUGIN is not set: `make plugin` builds it")
	}
	response, err := json.Marshal(map[string]string{"SessionId": g.ID, "StreamUrl": g.URL, "TokenValue": g.Token})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), pluginTime)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, string(response), "eu-central-1", "StartSession", "", `{"Target":"ecs:c_t_r"}`, "http://127.0.0.1:1")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "SSM_PLUGIN_SKIP_CLIENT_CONFIGURE=true",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_ENDPOINT_URL=http://127.0.0.1:1",
		"AWS_MAX_ATTEMPTS=1",
	}
	// A plugin that hangs says where.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGABRT) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// noLostAcknowledgements are faults that AWS's plugin survives: it acknowledges a
// message only once, so that it never ends if an acknowledgement is lost.
func noLostAcknowledgements() map[string]agent.Faults {
	out := map[string]agent.Faults{}
	for name, f := range faults() {
		f.KeepAcknowledgements = true
		f.CutAfter = 0 // to resume it asks AWS
		// It stops reading if a message comes while it opens its port, right after
		// the handshake.
		f.After = 8
		out[name] = f
	}
	delete(out, "cut")
	return out
}

// TestTheirPluginRunsACommand: output, keys, the terminal's size and the end.
func TestTheirPluginRunsACommand(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("0123456789abcdef", 3_000)
	for name, f := range noLostAcknowledgements() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, f)
			cmd := plugin(t, s.command(`sh -c 'read x; stty size; cat /big; echo "got $x"'`, shell.NewFiles(map[string][]byte{"/big": []byte(text)})))
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second) // it sends the size some time after it begins
			if _, err := io.WriteString(in, "hello\n"); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Fatalf("%v\n%.200000s", err, out.String())
			}
			// Without a terminal, the plugin says that it has 300 columns and 100 rows.
			for _, want := range []string{"100 300\r\n", text, "got hello\r\n", "Exiting session with sessionId: session-1."} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %.40q in %.3000q", want, out.String())
				}
			}
		})
	}
}

// TestTheirPluginForwardsAPort.
func TestTheirPluginForwardsAPort(t *testing.T) {
	t.Parallel()
	for name, f := range noLostAcknowledgements() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			free, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address := free.Addr().String()
			_ = free.Close()
			_, port, _ := strings.Cut(address, ":")
			s := serve(t, f)
			cmd := plugin(t, s.portAt(echo, port))
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}()
			for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
				conn, err := net.Dial("tcp", "localhost:"+port)
				if err == nil {
					_ = conn.Close()
					break
				}
				if time.Now().After(end) {
					t.Fatalf("%v", err)
				}
			}
			if err := sendAndCompare("localhost:"+port, 200_000); err != nil {
				_ = cmd.Cancel()
				_ = cmd.Wait()
				t.Errorf("%v\n%s", err, out.String())
			}
		})
	}
}

// TestTheirPluginIsToldOfAKey that it cannot use.
func TestTheirPluginIsToldOfAKey(t *testing.T) {
	t.Parallel()
	s := serve(t, agent.Faults{Key: "alias/audit"})
	cmd := plugin(t, s.command("cat", shell.NewFiles(nil)))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Failed to process action KMSEncryption") {
		t.Errorf("%v: %s", err, out)
	}
}
