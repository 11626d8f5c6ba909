package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// secretKey is the caller's; moto takes any.
const secretKey = "marker-caller"

// longest bounds one run of berth; one that takes longer hangs.
const longest = 4 * time.Minute

// berth is one run of the binary.
type berth struct {
	// run is its access key, by which the proxy knows it.
	run  string
	args []string
	cmd  *exec.Cmd
	// text is what it printed.
	text  buffer
	ended context.CancelFunc
}

// buffer is a bytes.Buffer for two writers.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start starts the binary in the round's folder.
func (r *round) start(args ...string) *berth {
	r.t.Helper()
	path, err := built()
	if err != nil {
		r.t.Fatal(err)
	}
	r.runs++
	ctx, cancel := context.WithTimeout(r.t.Context(), longest)
	b := &berth{run: fmt.Sprintf("RUN%d", r.runs), args: args, ended: cancel}
	b.cmd = exec.CommandContext(ctx, path, args...)
	b.cmd.Dir = r.dir
	b.cmd.Env = append(r.credentials(b.run),
		"PATH="+os.Getenv("PATH"), "HOME="+r.home, "AWS_ENDPOINT_URL="+r.proxy.url,
		"AWS_REGION="+region, "AWS_EC2_METADATA_DISABLED=true", "GOTRACEBACK=all")
	b.cmd.Stdout, b.cmd.Stderr = &b.text, &b.text
	r.aim(b)
	r.proxy.journal.note("run %s: berth %s", b.run, strings.Join(args, " "))
	if err := b.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.launched(b)
	return b
}

// credentials are the caller's: in the environment, or from a container's agent.
func (r *round) credentials(run string) []string {
	if r.weather.refresh {
		return []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + r.proxy.url + credentialsPath, "AWS_CONTAINER_AUTHORIZATION_TOKEN=" + run}
	}
	return []string{"AWS_ACCESS_KEY_ID=" + run, "AWS_SECRET_ACCESS_KEY=" + secretKey}
}

// wait waits for its end and returns the exit code; -1 is a signal's.
func (r *round) wait(b *berth) int {
	r.t.Helper()
	return r.settle(b, b.cmd.Wait())
}

// settle notes how a run ended, which Wait has returned.
func (r *round) settle(b *berth, err error) int {
	r.t.Helper()
	b.ended()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	code := b.cmd.ProcessState.ExitCode()
	r.proxy.journal.note("run %s ends with %d%s", b.run, code, b.failure())
	r.check(b, code)
	return code
}

// failure is the error that a run ended with, if it said one.
func (b *berth) failure() string {
	_, failure, ok := strings.Cut(b.text.String(), "error: ")
	if !ok {
		return ""
	}
	return ": " + failure[:min(500, len(failure))]
}

// berth runs the binary to its end.
func (r *round) berth(args ...string) (int, *berth) {
	r.t.Helper()
	b := r.start(args...)
	return r.wait(b), b
}

// check looks at what every run must keep to, however it went.
func (r *round) check(b *berth, code int) {
	r.t.Helper()
	text := b.text.String()
	for _, sign := range []string{"panic:", "runtime error", "fatal error:", "goroutine ", "[signal SIG"} {
		if at := strings.Index(text, sign); at >= 0 {
			r.t.Errorf("run %s (berth %s) printed %q: %s", b.run, strings.Join(b.args, " "), sign, text[at:min(at+3000, len(text))])
			break
		}
	}
	for what, value := range r.secrets {
		if strings.Contains(text, value) {
			r.t.Errorf("run %s (berth %s) printed %s", b.run, strings.Join(b.args, " "), what)
		}
	}
	switch {
	case code == -1 && !r.killed(b):
		r.t.Errorf("run %s (berth %s) took more than %s, or died by itself:\n%s", b.run, strings.Join(b.args, " "), longest, text)
	case code != -1 && code != 0 && code != 1 && code != 2 && code != 3 && code != 130:
		r.t.Errorf("run %s (berth %s) ended with %d:\n%s", b.run, strings.Join(b.args, " "), code, text)
	case code == 2 && !strings.HasPrefix(strings.Join(b.args, " "), "plan"):
		r.t.Errorf("run %s (berth %s) ended with 2, as a panic does:\n%s", b.run, strings.Join(b.args, " "), text)
	}
}
