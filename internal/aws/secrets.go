package aws

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/secretsmanager"
	"github.com/berthdev/berth/internal/aws/ssm"
)

// Store is where the secrets of an environment are.
func (c *Clients) Store(environment string) ssm.Store {
	return ssm.Store{API: c.SSM, Environment: environment}
}

// SecretVersions are the versions of secrets that exist: names of secrets of
// the environment, paths and ARNs. What does not exist is left out. An ARN of
// another account or region cannot be looked at from here, nor can a secret that
// is denied to the caller: its version is empty. No value is read or decrypted. It takes a call for every ten
// parameters and one for each secret in Secrets Manager.
func (c *Clients) SecretVersions(ctx context.Context, at Place, environment string, froms []string) (map[string]string, error) {
	all := map[string]string{}
	names := map[string][]string{} // the names that a parameter may have
	var parameters, secrets []string
	for _, from := range froms {
		parts := strings.SplitN(from, ":", 6) // arn, partition, service, region, account, rest
		switch {
		case !strings.HasPrefix(from, "arn:"):
			names[from] = []string{pathOf(environment, from)}
		case len(parts) < 6 || parts[3] != at.Region || parts[4] != at.Account:
			all[from] = ""
		case parts[2] == "secretsmanager":
			secrets = append(secrets, from)
		default:
			names[from] = namesOf(parts[5])
		}
		parameters = append(parameters, names[from]...)
	}
	slices.Sort(parameters)
	versions, err := ssm.Versions(ctx, c.SSM, slices.Compact(parameters))
	if err != nil {
		return nil, err
	}
	for from, list := range names {
		for _, name := range list {
			if v, ok := versions[name]; ok {
				all[from] = v.String()
			}
		}
	}
	more, err := secretsmanager.Versions(ctx, c.Secrets, secrets)
	maps.Copy(all, more)
	return all, err
}

// namesOf are the names that the parameter of an ARN may have: NAME and /NAME
// have the same.
func namesOf(resource string) []string {
	name := strings.TrimPrefix(resource, "parameter")
	if strings.Count(name, "/") > 1 {
		return []string{name}
	}
	return []string{name, strings.TrimPrefix(name, "/")}
}

// pathOf is the name of a parameter that is named by a path, or by the name of
// a secret of berth's own.
func pathOf(environment, from string) string {
	if strings.HasPrefix(from, "/") {
		return from
	}
	return ssm.Path(environment, from)
}
