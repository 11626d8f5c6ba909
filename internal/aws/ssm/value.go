package ssm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

const (
	// MaxValue is how many bytes a parameter can hold; above 4096 bytes it is in the advanced
	// tier, which AWS charges for.
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
	MaxValue = 8192
	// perRead is how many parameters one GetParameters call takes.
	perRead = 10
)

// SizeError says that a value is longer than a parameter can hold.
type SizeError struct {
	Name  string
	Bytes int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("%s has %d bytes: a parameter holds %d", e.Name, e.Bytes, MaxValue)
}

// Remedy is what the user can do.
func (*SizeError) Remedy() string {
	return "put it into AWS Secrets Manager, which allows 65536 bytes, and name it by its ARN in x-berth.secrets"
}

// assemble reads the secrets of a value at the versions that the plan saw, and
// puts the value together.
func assemble(ctx context.Context, api *ssm.Client, p Parameter) (string, error) {
	selectors := p.selectors()
	values, err := read(ctx, api, slices.Sorted(maps.Values(selectors)))
	if err != nil {
		return "", fmt.Errorf("assembling parameter %s: %w", p.Name, err)
	}
	var out strings.Builder
	for _, part := range p.Value {
		if part.Secret == "" {
			out.WriteString(part.Text)
			continue
		}
		value, ok := values[selectors[part.Secret]]
		if !ok {
			return "", fmt.Errorf("assembling parameter %s: %w", p.Name, &ChangedError{Name: part.Secret})
		}
		out.WriteString(value)
	}
	return out.String(), CheckValue(p.Name, out.String())
}

// selectors returns the parameters of the secrets with their versions, such as
// NAME:3 for GetParameters, by the secret's name.
func (p Parameter) selectors() map[string]string {
	environment, _, _ := strings.Cut(strings.TrimPrefix(p.Name, "/berth/"), "/")
	out := map[string]string{}
	for _, s := range p.Secrets {
		words := strings.Fields(s)
		if len(words) > 1 {
			out[words[0]] = Path(environment, words[0]) + ":" + words[1]
		}
	}
	return out
}

// ChangedError says that a secret has changed since the plan was made.
type ChangedError struct{ Name string }

func (e *ChangedError) Error() string {
	return "the secret " + e.Name + " was removed or set again after the plan was made"
}

// Remedy is what the user can do.
func (*ChangedError) Remedy() string { return "run the command again" }

// read returns the values of parameters, by their names in names. It leaves out
// parameters that do not exist.
func read(ctx context.Context, api *ssm.Client, names []string) (map[string]string, error) {
	values := map[string]string{}
	err := getParameters(ctx, api, names, true, func(lastApplied string, p types.Parameter) { values[lastApplied] = aws.ToString(p.Value) })
	return values, err
}

// getParameters calls f for every existing parameter, with its name in names,
// which may be an ARN or end in a version.
func getParameters(ctx context.Context, api *ssm.Client, names []string, decrypt bool, f func(lastApplied string, p types.Parameter)) error {
	batches := slices.Collect(slices.Chunk(names, perRead))
	pages := make([][]types.Parameter, len(batches))
	err := concurrent.Each(batches, func(i int, batch []string) error {
		out, err := api.GetParameters(ctx, &ssm.GetParametersInput{Names: batch, WithDecryption: &decrypt})
		if err != nil {
			return fmt.Errorf("reading parameters: %w", err)
		}
		pages[i] = out.Parameters
		return nil
	})
	for i, page := range pages {
		for _, p := range page {
			for _, lastApplied := range batches[i] {
				name := aws.ToString(p.Name)
				if lastApplied == name || lastApplied == name+":"+strconv.FormatInt(p.Version, 10) || lastApplied == aws.ToString(p.ARN) {
					f(lastApplied, p)
				}
			}
		}
	}
	return err
}

// withoutValue returns the error of a call that sent a value: AWS does not
// repeat sensitive values in its answers; if another store does, only the
// error's class remains.
func withoutValue(err error, value string) error {
	if value == "" || !strings.Contains(err.Error(), value) {
		return err
	}
	var known engine.Classified
	if errors.As(err, &known) {
		return &silentError{known.Class()}
	}
	return &silentError{engine.Terminal}
}

// silentError replaces an error whose text held a secret.
type silentError struct{ class engine.Class }

func (*silentError) Error() string {
	return "the call failed; its answer contains the value and is not shown"
}

// Class implements engine.Classified.
func (e *silentError) Class() engine.Class { return e.class }
