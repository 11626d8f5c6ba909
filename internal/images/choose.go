package images

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecr"

	"github.com/berthdev/berth/internal/aws/ecr"
)

// Where is where images are built.
type Where string

// The places of builds.
const (
	// Auto builds with the container engine of this machine or, without one, in the
	// account.
	Auto Where = "auto"
	// Local builds with the container engine of this machine.
	Local Where = "local"
	// InAccount builds with AWS CodeBuild.
	InAccount Where = "codebuild"
)

// ParseWhere reads the value of --builder or x-berth.builder; empty is Auto.
func ParseWhere(s string) (Where, error) {
	switch w := Where(s); w {
	case "":
		return Auto, nil
	case Auto, Local, InAccount:
		return w, nil
	}
	return "", fmt.Errorf("--builder %s: it must be auto, local or codebuild", s)
}

// Engine is the docker executable with a container engine behind it; an empty path
// means that there is no engine, and says why.
func Engine(ctx context.Context) (path string, why error) {
	path, err := exec.LookPath("docker")
	if err != nil {
		return "", errors.Join(errNoEngine, errors.New("docker is not installed"))
	}
	if err := Running(ctx, path); err != nil {
		return "", err
	}
	return path, nil
}

// NoEngineError says that the images are to be built here, where nothing can.
type NoEngineError struct{ Why error }

func (e *NoEngineError) Error() string {
	why := "there is no container engine here"
	if lines := strings.Split(strings.TrimSpace(e.Why.Error()), "\n"); len(lines) > 1 {
		why += ": " + lines[len(lines)-1]
	}
	return why
}

// Unwrap gives the reason.
func (e *NoEngineError) Unwrap() error { return e.Why }

// Remedy is what the user can do.
func (*NoEngineError) Remedy() string {
	return "start Docker, or build in the account with --builder codebuild"
}

// RegistryLogin asks ECR for the password of the account's registry, which
// works for 12 hours.
func RegistryLogin(api *sdk.Client) func(context.Context) (Credentials, error) {
	return func(ctx context.Context) (Credentials, error) {
		out, err := api.GetAuthorizationToken(ctx, &sdk.GetAuthorizationTokenInput{})
		if err != nil {
			return Credentials{}, err
		}
		if len(out.AuthorizationData) == 0 {
			return Credentials{}, errors.New("ECR gave no password")
		}
		data := out.AuthorizationData[0]
		token, err := base64.StdEncoding.DecodeString(aws.ToString(data.AuthorizationToken))
		if err != nil {
			return Credentials{}, fmt.Errorf("reading ECR's password: %w", err)
		}
		user, password, _ := strings.Cut(string(token), ":")
		host := strings.TrimPrefix(aws.ToString(data.ProxyEndpoint), "https://")
		return Credentials{Host: host, User: user, Password: password}, nil
	}
}

// Nobody is the builder of a machine that cannot build: each build fails with the reason.
type Nobody struct{ Why error }

// Build implements ecr.Builder.
func (n Nobody) Build(context.Context, ecr.Order) error { return &NoEngineError{n.Why} }

// Typical implements ecr.Builder.
func (Nobody) Typical() time.Duration { return 0 }
