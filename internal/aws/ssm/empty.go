package ssm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// emptyList is the parameter that names the secrets of an environment that are
// marked as empty: a parameter cannot have an empty value. It is no secret, so that
// it is read without decrypting anything.
const emptyList = ".empty"

// EmptyVersion takes the place of the version of a secret that is marked as empty.
const EmptyVersion = "empty"

// Empty returns the names of the secrets that are marked as empty, sorted.
func (s Store) Empty(ctx context.Context) (names []string, err error) {
	versions, err := Versions(ctx, s.API, []string{EmptyPath(s.Environment)})
	return versions[EmptyPath(s.Environment)].Names(), err
}

// EmptyPath is the name of the parameter that names the secrets that are marked
// as empty.
func EmptyPath(environment string) string { return Path(environment, emptyList) }

// MarkEmpty marks secrets as empty, or with empty false takes the marks off: no
// service waits for such a secret, and its variable is empty or does not exist. It
// returns those that have changed.
func (s Store) MarkEmpty(ctx context.Context, names []string, empty bool) (changed []string, err error) {
	have, err := s.Empty(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading which secrets are empty: %w", err)
	}
	var want []string
	for _, name := range have {
		if empty || !slices.Contains(names, name) {
			want = append(want, name)
		}
	}
	for _, name := range names {
		if slices.Contains(have, name) != empty {
			changed = append(changed, name)
			if empty {
				want = append(want, name)
			}
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	path := EmptyPath(s.Environment)
	switch {
	case len(changed) == 0:
		return nil, nil
	case len(want) == 0:
		return changed, s.Remove(ctx, emptyList)
	}
	in := &ssm.PutParameterInput{
		Name: &path, Value: aws.String(strings.Join(want, ",")), Type: types.ParameterTypeStringList,
		Tier: types.ParameterTierIntelligentTiering, Description: aws.String("names of berth secrets of " + s.Environment + " that are empty"),
		Tags: tagsOf(map[string]string{TagEnvironment: s.Environment, "Name": s.Environment + "/" + emptyList}),
	}
	if _, err = s.API.PutParameter(ctx, in); gate.IsExists(err) {
		in.Tags, in.Overwrite = nil, aws.Bool(true)
		_, err = s.API.PutParameter(ctx, in)
	}
	if err != nil {
		return nil, fmt.Errorf("marking secrets as empty: %w", err)
	}
	return changed, nil
}
