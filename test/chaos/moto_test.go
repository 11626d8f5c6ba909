package chaos

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/aws"
)

// region is where everything happens.
const region = "eu-central-1"

// built is the binary as it is shipped, built once for all rounds, unless
// BERTH_BINARY names one that is there.
var built = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("BERTH_BINARY"); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "berth-chaos")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "berth")
	cmd := exec.Command("go", "build", "-o", path, "../../cmd/berth")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building berth: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if os.Getenv("BERTH_MOTO") != "" && os.Getenv("BERTH_BINARY") == "" {
		if path, err := built(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// startMoto starts a moto, whose many accounts are the rounds', and returns its
// address.
func startMoto(t *testing.T) string {
	t.Helper()
	program := os.Getenv("BERTH_MOTO")
	if program == "" {
		t.Skip("BERTH_MOTO does not name a moto_server: run make test or make chaos")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	_ = l.Close()
	cmd := exec.Command(program, "-H", "127.0.0.1", "-p", fmt.Sprint(address.Port))
	cmd.Env = append(os.Environ(), "MOTO_ECS_SERVICE_RUNNING=10", "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	said := &complaints{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if text := said.String(); t.Failed() && text != "" {
			t.Logf("moto failed inside:\n%s", text)
		}
	})
	for range 1800 {
		if c, err := net.Dial("tcp", address.String()); err == nil {
			_ = c.Close()
			return "http://" + address.String()
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("moto_server does not answer")
	return ""
}

// complaints are the last lines of the tracebacks that moto writes when it
// fails inside.
type complaints struct{ buffer }

func (c *complaints) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if failedInside.Match(line) {
			_, _ = c.buffer.Write(line)
		}
	}
	return len(p), nil
}

var failedInside = regexp.MustCompile(`^[\w.]+(Error|Exception):`)

// account is a round's account id.
func account(number int) string { return fmt.Sprintf("7%011d", number) }

// clients talk to one of moto's accounts, past the proxy.
func clients(moto, account string) *aws.Clients {
	mark := middleware.BuildMiddlewareFunc("account", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
		middleware.BuildOutput, middleware.Metadata, error,
	) {
		if r, ok := in.Request.(*smithyhttp.Request); ok {
			r.Header.Set(accountHeader, account)
		}
		return next.HandleBuild(ctx, in)
	})
	return aws.NewClients(sdk.Config{
		Region: region, BaseEndpoint: sdk.String(moto),
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		APIOptions: []func(*middleware.Stack) error{func(st *middleware.Stack) error {
			return st.Build.Add(mark, middleware.After)
		}},
	})
}
