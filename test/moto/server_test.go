package moto

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/test/emulator"
)

// server is one moto behind a proxy that counts the requests and can kill the
// berth that sends one of them.
type server struct {
	url string // of the proxy
	// path is a folder with programs that berth finds before the system's.
	path string

	mu      sync.Mutex
	calls   int
	seen    map[string]bool // the operations
	kill    int             // the request at which berth dies; 0 is never
	process *os.Process
	// said has what berth printed and sent, if keep is set.
	said []words
	keep bool
}

// start starts a moto for the test, with further environment variables.
func start(t *testing.T, variables ...string) *server {
	t.Helper()
	moto, err := url.Parse(emulator.Start(t, variables...))
	if err != nil {
		t.Fatal(err)
	}
	s := &server{seen: map[string]bool{}}
	proxy := httputil.NewSingleHostReverseProxy(moto)
	proxy.ErrorLog = nil
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.count(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s.url = front.URL
	s.load(t)
	return s
}

// load makes moto load all of its services, which it does at the first call about
// tags: three seconds of work on an idle machine, and on a busy one more than the
// ten seconds that berth waits for an answer.
func (s *server) load(t *testing.T) {
	t.Helper()
	_, err := s.clients().Tagging.GetResources(t.Context(), &resourcegroupstaggingapi.GetResourcesInput{})
	if err != nil {
		t.Fatalf("loading moto: %v", err)
	}
}

// count counts berth's requests, not those of the test, and kills berth at the
// chosen one: the request still takes effect, but its answer is lost.
func (s *server) count(r *http.Request) {
	if r.Header.Get("X-Test") != "" {
		return
	}
	op := operation(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.seen[op] = true
	if s.keep {
		s.hear(op, r)
	}
	if s.calls == s.kill && s.process != nil {
		_ = s.process.Kill()
		s.kill = 0
	}
}

// killAt kills berth at its request with this number.
func (s *server) killAt(call int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kill = call
}

// result is one run of berth.
type result struct {
	code      int // -1: killed
	out, talk string
	calls     int
	seconds   float64
	rssMiB    float64
}

// secretKey is the caller's secret key; moto accepts any.
const secretKey = "marker-caller"

// berth runs the binary in a folder.
func (s *server) berth(t *testing.T, dir string, args ...string) result {
	t.Helper()
	path := binary(t) // its compilation may take longer than a run
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + s.path + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_ENDPOINT_URL=" + s.url,
		"AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=" + secretKey, "AWS_REGION=eu-central-1", "AWS_EC2_METADATA_DISABLED=true",
	}
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	s.mu.Lock()
	s.calls = 0
	s.mu.Unlock()
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.process = cmd.Process
	s.mu.Unlock()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = nil
	if s.keep {
		s.said = append(s.said, words{"what berth " + args[0] + " printed", out.String() + talk.String()})
	}
	return result{
		code: cmd.ProcessState.ExitCode(), out: out.String(), talk: talk.String(), calls: s.calls,
		seconds: time.Since(begin).Seconds(), rssMiB: peakMiB(cmd.ProcessState),
	}
}

func (r result) mustExit(t *testing.T, code int) {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.talk)
	}
}

// within checks the cost of a run.
func (r result) within(t *testing.T, what string, calls int, wall float64) {
	t.Helper()
	const rss = 64
	t.Logf("%s: %d calls, %.2f s, %.0f MiB", what, r.calls, r.seconds, r.rssMiB)
	if r.calls > calls {
		t.Errorf("%s: %d calls, at most %d", what, r.calls, calls)
	}
	if os.Getenv("BERTH_BENCH") == "" {
		return
	}
	if r.seconds > wall {
		t.Errorf("%s: %.2f s, at most %.1f s", what, r.seconds, wall)
	}
	if r.rssMiB > rss {
		t.Errorf("%s: %.0f MiB, at most %d MiB", what, r.rssMiB, rss)
	}
}

// project makes a folder with a Compose file.
func project(t *testing.T, compose string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, compose)
	return dir
}

func write(t *testing.T, dir, compose string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		t.Fatal(err)
	}
}
