package chaos

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/test/emulator"
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
	said := &complaints{}
	address, stop := emulator.StartHeard(t, said)
	t.Cleanup(func() {
		stop()
		if text := said.String(); t.Failed() && text != "" {
			t.Logf("moto failed inside:\n%s", text)
		}
	})
	return address
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
