package data

import (
	"regexp"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The names of subnet and parameter groups, by the constraints in the API
// references.
var (
	rdsSubnetNames    = regexp.MustCompile(`^[a-z0-9._ -]{1,255}$`)
	rdsParameterNames = regexp.MustCompile(`^[a-z](-?[a-z0-9]){0,254}$`)
	cacheSubnetNames  = regexp.MustCompile(`^[a-z0-9-]{1,255}$`)
)

// rdsGroupName refuses names of subnet and parameter groups.
func rdsGroupName(kind, name string, pattern *regexp.Regexp) error {
	if name == "default" || !pattern.MatchString(name) {
		return world.APIError(400, "InvalidParameterValue", "The parameter %s is not a valid identifier: %s", kind, name)
	}
	return nil
}
