package ec2_test

import (
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/berthdev/berth/internal/clock"
)

// TestLifeOnMoto runs against the emulator whose server program BERTH_MOTO
// names; `make test` sets it.
func TestLifeOnMoto(t *testing.T) {
	t.Parallel()
	program := os.Getenv("BERTH_MOTO")
	if program == "" {
		t.Skip("BERTH_MOTO does not name a moto_server")
	}
	cfg := aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://" + startMoto(t, program)),
		Credentials:  credentials.NewStaticCredentialsProvider("x", "x", ""),
	}
	life(t, newDriver(t, cfg, clock.Wall{}))
}

// startMoto starts a server of its own and returns its address.
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
	cmd := exec.Command(program, "-H", host, "-p", port)
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
