package kubeapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Output is what a program said.
type Output struct {
	Stdout, Stderr string
	// Code is its exit code.
	Code int
}

// Program is the path of one of the built programs: kubectl or helm.
func (s *Server) Program(name string) string { return filepath.Join(s.programs, name) }

// Kubectl runs kubectl as the administrator, with a text on its standard input,
// and returns whatever it says.
func (s *Server) Kubectl(t testing.TB, stdin string, args ...string) Output {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Program("kubectl"), args...)
	// No cache of kubectl's own: a test's kinds come and go.
	cmd.Env = append(os.Environ(), "KUBECONFIG="+s.Kubeconfig, "HOME="+s.dir, "KUBECACHEDIR="+filepath.Join(s.dir, "discovery"))
	cmd.Stdin = strings.NewReader(stdin)
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("kubectl %s: %v", strings.Join(args, " "), err)
	}
	return Output{Stdout: out.String(), Stderr: talk.String(), Code: cmd.ProcessState.ExitCode()}
}

// Must runs kubectl and wants it to succeed; it returns the standard output.
func (s *Server) Must(t testing.TB, args ...string) string {
	t.Helper()
	return s.must(t, "", args...)
}

// Apply applies a text of manifests.
func (s *Server) Apply(t testing.TB, manifests string) string {
	t.Helper()
	return s.must(t, manifests, "apply", "-f", "-")
}

func (s *Server) must(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	out := s.Kubectl(t, stdin, args...)
	if out.Code != 0 {
		t.Fatalf("kubectl %s: exit code %d\n%s%s", strings.Join(args, " "), out.Code, out.Stdout, out.Stderr)
	}
	return out.Stdout
}

// ServiceAccountConfig writes a kubeconfig with a token of the service account:
// what a pod under it may do, and nothing else.
func (s *Server) ServiceAccountConfig(t testing.TB, namespace, name string) string {
	t.Helper()
	token := strings.TrimSpace(s.Must(t, "create", "token", name, "-n", namespace, "--duration=2h"))
	path := filepath.Join(t.TempDir(), name+".kubeconfig")
	if err := s.writeKubeconfig(path, fmt.Sprintf("{token: %s}", token)); err != nil {
		t.Fatal(err)
	}
	return path
}
