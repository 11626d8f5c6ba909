package ssm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// TagEnvironment marks the secrets of an environment. They carry no owner's
// mark, because no deployment makes or removes them.
const TagEnvironment = "berth:environment"

// Store is the secrets that users set for an environment: secure strings right
// below its path.
type Store struct {
	API         *ssm.Client
	Environment string
}

// Path returns the name of a secret's parameter.
func Path(environment, name string) string { return "/berth/" + environment + "/" + name }

// Version says which value a parameter has, without the value. A secret that is
// removed and set again begins with number 1, so the version includes the time.
type Version struct {
	Number  int64
	Changed time.Time

	// list is the value of a list of names, which is no secret.
	list string
}

// Names are the names in a parameter that is a list.
func (v Version) Names() []string {
	return strings.FieldsFunc(v.list, func(r rune) bool { return r == ',' })
}

// String returns a text such as "3 of 2026-01-02T15:04:05Z".
func (v Version) String() string {
	return strconv.FormatInt(v.Number, 10) + " of " + v.Changed.UTC().Format(time.RFC3339)
}

// Entry is one secret of a store.
type Entry struct {
	Name string
	Version
}

// List returns the secrets in the store by name, without reading or decrypting
// values, ten per call. Unlike DescribeParameters, its permission can be
// limited to the path, and it shows secrets that were set a moment ago.
func (s Store) List(ctx context.Context) ([]Entry, error) {
	all, err := s.list(ctx)
	return slices.DeleteFunc(all, func(e Entry) bool { return e.Name == emptyList }), err
}

// list is List with the parameter that names the empty secrets.
func (s Store) list(ctx context.Context) ([]Entry, error) {
	prefix := Path(s.Environment, "")
	path := strings.TrimSuffix(prefix, "/")
	var out []Entry
	pages := ssm.NewGetParametersByPathPaginator(s.API, &ssm.GetParametersByPathInput{Path: &path, MaxResults: aws.Int32(perRead)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the secrets of %s: %w", s.Environment, err)
		}
		for _, p := range page.Parameters {
			if name, ok := strings.CutPrefix(aws.ToString(p.Name), prefix); !ok || strings.Contains(name, "/") {
				continue // of another environment, or deeper: not a secret of this one
			}
			out = append(out, Entry{strings.TrimPrefix(aws.ToString(p.Name), prefix), versionOf(p)})
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Versions returns the versions of parameters, by their names in names: paths
// or ARNs. It leaves out parameters that do not exist, and decrypts nothing.
func Versions(ctx context.Context, api *ssm.Client, names []string) (map[string]Version, error) {
	out := map[string]Version{}
	err := getParameters(ctx, api, names, false, func(lastApplied string, p types.Parameter) {
		out[lastApplied] = versionOf(p)
	})
	return out, err
}

func versionOf(p types.Parameter) Version {
	v := Version{Number: p.Version, Changed: aws.ToTime(p.LastModifiedDate)}
	if p.Type == types.ParameterTypeStringList {
		v.list = aws.ToString(p.Value)
	}
	return v
}

// ForeignError says that somebody else made the parameter that has a secret's
// name.
type ForeignError struct{ Path string }

func (e *ForeignError) Error() string {
	return "the parameter " + e.Path + " exists, but berth did not make it"
}

// Remedy is what the user can do.
func (*ForeignError) Remedy() string { return "--adopt takes it over" }

// Set sets a secret's value. changed is false if it has that value already:
// then there is no new version, and no service needs a restart. With adopt, Set
// takes over somebody else's parameter. It reads the stored value back and
// compares it; if it differs, the error is an *AlteredError. For a value that
// cannot be stored the error is that of CheckValue.
func (s Store) Set(ctx context.Context, name, value string, adopt bool) (version int64, changed bool, err error) {
	path := Path(s.Environment, name)
	if err := CheckValue(name, value); err != nil {
		return 0, false, err
	}
	marks := map[string]string{TagEnvironment: s.Environment, "Name": s.Environment + "/" + name}
	in := &ssm.PutParameterInput{
		Name: &path, Value: &value, Description: aws.String("berth secret of " + s.Environment),
		Type: types.ParameterTypeSecureString, Tier: types.ParameterTierIntelligentTiering, Tags: tagsOf(marks),
	}
	out, err := s.API.PutParameter(ctx, in)
	if err == nil {
		return out.Version, true, s.compare(ctx, name, value, out.Version)
	}
	if !gate.IsExists(err) {
		return 0, false, fmt.Errorf("setting secret %s: %w", name, withoutValue(err, value))
	}
	have, err := tags(ctx, s.API, path)
	if err != nil {
		return 0, false, err
	}
	foreign := have[TagEnvironment] != s.Environment
	if foreign && !adopt {
		return 0, false, &ForeignError{Path: path}
	}
	if version, ok := s.holds(ctx, path, value); ok && !foreign {
		return version, false, nil
	}
	in.Tags, in.Overwrite = nil, aws.Bool(true)
	if out, err = s.API.PutParameter(ctx, in); err != nil {
		return 0, false, fmt.Errorf("setting secret %s: %w", name, withoutValue(err, value))
	}
	if foreign {
		err = setTags(ctx, s.API, path, marks)
	}
	return out.Version, true, errors.Join(err, s.compare(ctx, name, value, out.Version))
}

// compare reads a version back and compares it with value. If the caller may
// not read the secret, it relies on AWS's answer.
func (s Store) compare(ctx context.Context, name, value string, version int64) error {
	var altered error
	selector := Path(s.Environment, name) + ":" + strconv.FormatInt(version, 10)
	err := getParameters(ctx, s.API, []string{selector}, true, func(_ string, p types.Parameter) {
		if held := aws.ToString(p.Value); held != value {
			altered = &AlteredError{Name: name, Given: len(value), Held: len(held)}
		}
	})
	if err != nil && engine.ClassOf(err) != engine.Denied {
		return fmt.Errorf("reading secret %s back: %w", name, err)
	}
	return altered
}

// holds says whether a parameter has this value; false if the caller may not
// read it.
func (s Store) holds(ctx context.Context, path, value string) (version int64, ok bool) {
	err := getParameters(ctx, s.API, []string{path}, true, func(_ string, p types.Parameter) {
		version, ok = p.Version, p.Value != nil && *p.Value == value
	})
	return version, ok && err == nil
}

// NoSecretError says that a secret is not set.
type NoSecretError struct{ Name, Environment string }

func (e *NoSecretError) Error() string {
	return fmt.Sprintf("%s has no secret %s", e.Environment, e.Name)
}

// Remove deletes a secret with all its versions. The error is a *NoSecretError
// if there is none and a *ForeignError if berth did not make it.
func (s Store) Remove(ctx context.Context, name string) error {
	path := Path(s.Environment, name)
	have, err := tags(ctx, s.API, path)
	var gone *types.InvalidResourceId
	if errors.As(err, &gone) {
		return &NoSecretError{Name: name, Environment: s.Environment}
	}
	if err != nil {
		return err
	}
	if have[TagEnvironment] != s.Environment {
		return &ForeignError{Path: path}
	}
	return remove(ctx, s.API, path)
}
