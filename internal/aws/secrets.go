package aws

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/secretsmanager"
	"github.com/berthdev/berth/internal/aws/ssm"
)

// Store returns the store with the secrets of an environment.
func (c *Clients) Store(environment string) ssm.Store {
	return ssm.Store{API: c.SSM, Environment: environment}
}

// SecretVersions returns the versions of secrets, which are given as names of secrets of the
// environment, paths or ARNs. It leaves out secrets that do not exist. The version is empty for
// an ARN of another account or region, which cannot be read from here, and for a secret that
// the caller may not read. It reads and decrypts no value, and makes one call for every ten
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
	if slices.ContainsFunc(froms, isOwn) {
		parameters = append(parameters, ssm.EmptyPath(environment))
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
	for _, name := range versions[ssm.EmptyPath(environment)].Names() {
		if _, set := all[name]; !set && slices.Contains(froms, name) {
			all[name] = ssm.EmptyVersion
		}
	}
	more, err := secretsmanager.Versions(ctx, c.Secrets, secrets)
	maps.Copy(all, more)
	return all, err
}

// isOwn says whether a secret is one that berth keeps.
func isOwn(from string) bool {
	return !strings.HasPrefix(from, "/") && !strings.HasPrefix(from, "arn:")
}

// namesOf returns the names that the parameter of an ARN may have: NAME and
// /NAME have the same ARN.
func namesOf(resource string) []string {
	name := strings.TrimPrefix(resource, "parameter")
	if strings.Count(name, "/") > 1 {
		return []string{name}
	}
	return []string{name, strings.TrimPrefix(name, "/")}
}

// pathOf returns the name of a parameter that is given as a path, or as the
// name of one of berth's secrets.
func pathOf(environment, from string) string {
	if strings.HasPrefix(from, "/") {
		return from
	}
	return ssm.Path(environment, from)
}
