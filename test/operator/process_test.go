package operator

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is one running operator.
type process struct {
	cmd     *exec.Cmd
	probes  string
	metrics string
	gone    chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
}

// Write implements io.Writer: the operator's log.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// operate starts the compiled operator with the rights of its service account
// and waits until it is ready. It is killed with the test.
func (b *bed) operate(t *testing.T, args ...string) *process {
	t.Helper()
	p := b.launch(t, args...)
	p.ready(t)
	return p
}

// ready waits until the operator says that it is.
func (p *process) ready(t *testing.T) {
	t.Helper()
	until(t, 30*time.Second, "the operator is ready", func() bool {
		select {
		case <-p.gone:
			t.Fatalf("the operator ended:\n%s", p.text())
		default:
		}
		_, err := get(p.probes + "/readyz")
		return err == nil
	}, p.text)
}

func (b *bed) launch(t *testing.T, args ...string) *process {
	t.Helper()
	return b.start(t, binary(t, "berth-operator"), args...)
}

// binary is one of berth's programs, which lie in one folder.
func binary(t *testing.T, name string) string {
	t.Helper()
	berth := os.Getenv("BERTH_BINARY")
	if berth == "" {
		t.Skip("BERTH_BINARY does not name the berth binary: run make test-operator")
	}
	return filepath.Join(filepath.Dir(berth), name)
}

// start runs the operator by a command line; args are more flags.
func (b *bed) start(t *testing.T, program string, args ...string) *process {
	t.Helper()
	probes, metrics := freeAddress(t), freeAddress(t)
	p := &process{probes: "http://" + probes, metrics: "http://" + metrics + "/metrics", gone: make(chan struct{})}
	p.cmd = exec.Command(program, append(args, "--health-probe-bind-address="+probes, "--metrics-bind-address="+metrics)...)
	p.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "KUBECONFIG=" + b.config, "POD_NAMESPACE=" + namespace,
		"AWS_ENDPOINT_URL=" + b.front.URL, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ACCESS_KEY_ID=AKIAOPERATOR", "AWS_SECRET_ACCESS_KEY=x",
	}
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // killed, mostly
		close(p.gone)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the operator said:\n%s", tail(p.text(), 60))
		}
	})
	return p
}

// kill ends the operator at once, as a node that dies does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// stop asks the operator to end, as Kubernetes does, and wants it to.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.gone:
	case <-time.After(20 * time.Second):
		t.Fatal("the operator does not end on SIGTERM")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the operator ended with exit code %d", code)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(url string) (string, error) {
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = io.ErrUnexpectedEOF
	}
	return string(body), err
}

func tail(text string, lines int) string {
	all := strings.SplitAfter(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "")
}
