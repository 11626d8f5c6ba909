package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/berthdev/berth/internal/aws/ecr"
)

// program is what the image that is built holds: it tells its argument, and
// as a step of the build wants a secret.
const program = `package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "build" {
		secret, err := os.ReadFile("/run/secrets/token")
		fmt.Println("the secret is", string(secret))
		if _, own := os.Stat("/all/.berth"); own == nil {
			fmt.Println("berth's own folder is in the image")
			os.Exit(1)
		}
		if err != nil || os.WriteFile("/made", []byte("made in a build"), 0o644) != nil {
			os.Exit(1)
		}
		return
	}
	made, _ := os.ReadFile("/made")
	fmt.Print(string(made))
}
`

const realFile = `name: shop
services:
  web:
    build:
      context: ./web
      network: none
      secrets: [token]
    expose: ["1"]
secrets:
  token: {file: ./token}
`

// TestARealEngine builds with a real container engine, pushes to a real
// registry on loopback, and runs what was pushed by its digest. It starts a
// daemon of its own where Debian's docker.io is installed; BERTH_DOCKER=1 makes
// its absence a failure.
func TestARealEngine(t *testing.T) {
	t.Parallel()
	docker := startEngine(t)
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")

	dir := t.TempDir()
	write(t, filepath.Join(dir, "src/main.go"), program)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "web/app"), filepath.Join(dir, "src/main.go"))
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const secret = "the-token-of-a-real-build"
	write(t, filepath.Join(dir, "token"), secret)
	write(t, filepath.Join(dir, "web/Dockerfile"), "FROM scratch\nCOPY app /app\nCOPY . /all\nRUN --mount=type=secret,id=token [\"/app\", \"build\"]\nENTRYPOINT [\"/app\"]\n")
	write(t, filepath.Join(dir, "web/.berth/sandbox.json"), "{}")
	a := load(t, dir, realFile)
	d := NewDocker(docker, NewSource(a, nil), nil)
	o := ecr.Order{Build: a.BuildOf("web").Key(), Repository: host + "/berth/shop", Name: "berth/shop", Tag: "web.1", Cache: "cache-web"}
	digest, err := d.build(t.Context(), a.BuildOf("web"), o)
	var failed *FailedError
	if errors.As(err, &failed) {
		t.Fatalf("%v\n%s", err, strings.Join(failed.Output(), "\n"))
	}
	must(t, err)
	if got := manifestDigest(t, server.URL+"/v2/berth/shop/manifests/web.1"); got != digest {
		t.Errorf("the registry has %s, docker says %s", got, digest)
	}
	out, err := exec.CommandContext(t.Context(), docker, "run", "--rm", "--network=none", o.Repository+"@"+digest).CombinedOutput()
	if err != nil || string(out) != "made in a build" {
		t.Errorf("the image answers %q, %v", out, err)
	}

	// A build that fails shows its end without the secret.
	write(t, filepath.Join(dir, "web/Dockerfile"), "FROM scratch\nCOPY app /app\nRUN --mount=type=secret,id=token [\"/app\", \"build\"]\nRUN [\"/missing\"]\n")
	o.Tag = "web.2"
	err = d.Build(t.Context(), o)
	if !errors.As(err, &failed) {
		t.Fatalf("error %v", err)
	}
	if text := err.Error() + strings.Join(failed.Output(), "\n"); strings.Contains(text, secret) || !strings.Contains(text, "missing") {
		t.Errorf("output\n%s", text)
	}
}

// manifestDigest is the digest of what a registry has at a tag.
func manifestDigest(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	req.Header.Set("Accept", "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// startEngine starts a daemon for the test and returns a docker that talks to
// it.
func startEngine(t *testing.T) string {
	t.Helper()
	skip := t.Skipf
	if os.Getenv("BERTH_DOCKER") == "1" {
		skip = t.Fatalf
	}
	const docker, dockerd = "/usr/bin/docker", "/usr/sbin/dockerd" // of Debian's docker.io
	for _, program := range []string{docker, dockerd} {
		if _, err := os.Stat(program); err != nil {
			skip("NO REAL ENGINE WAS TESTED: %s is missing: apt-get install docker.io", program)
		}
	}
	if os.Getuid() != 0 {
		skip("NO REAL ENGINE WAS TESTED: only root can start dockerd")
	}
	dir, err := os.MkdirTemp("", "berth-dockerd-") // short: a socket's path has at most 107 characters
	must(t, err)
	socket := "unix://" + dir + "/docker.sock"
	logs, err := os.Create(filepath.Join(dir, "log"))
	must(t, err)
	daemon := exec.CommandContext(context.WithoutCancel(t.Context()), dockerd, "--data-root", dir+"/data", "--exec-root", dir+"/exec",
		"--pidfile", dir+"/pid", "-H", socket, "--iptables=false", "--bridge=none", "--storage-driver=vfs")
	daemon.Stdout, daemon.Stderr = logs, logs
	// The daemon ends with the thread that started it, so that a test that is
	// killed leaves none behind.
	daemon.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		started <- daemon.Start()
		_ = daemon.Wait()
		close(ended)
	}()
	must(t, <-started)
	t.Cleanup(func() {
		_ = daemon.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			_ = daemon.Process.Kill()
		}
		_ = logs.Close()
		_ = os.RemoveAll(dir)
	})
	path := filepath.Join(dir, "docker")
	must(t, os.WriteFile(path, []byte("#!/bin/sh\nexec "+docker+" -H "+socket+" \"$@\"\n"), 0o700))
	for range 200 {
		if Running(t.Context(), path) == nil {
			return path
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(filepath.Join(dir, "log"))
			skip("NO REAL ENGINE WAS TESTED: dockerd does not start: %s", lastLine(string(text)))
		case <-time.After(100 * time.Millisecond):
		}
	}
	skip("NO REAL ENGINE WAS TESTED: dockerd does not answer")
	return ""
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
