package typetest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Moto starts the emulator whose server program BERTH_MOTO names, as `make
// test` does, and returns how to reach it. Without BERTH_MOTO the test is
// skipped.
func Moto(t *testing.T) aws.Config {
	t.Helper()
	program := os.Getenv("BERTH_MOTO")
	if program == "" {
		t.Skip("BERTH_MOTO does not name a moto_server: run make test")
	}
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://" + startMoto(t, program)),
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	}
}

// startMoto starts a server and returns its address.
func startMoto(t *testing.T, program string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, "-H", host, "-p", port) //nolint:gosec // the test's own environment names it
	cmd.Env = append(os.Environ(), "MOTO_ECS_SERVICE_RUNNING=10", "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 300 {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return address
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("moto_server does not answer")
	return ""
}
