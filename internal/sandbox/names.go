package sandbox

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// The names that services take, by the constraints in their API references.
var (
	rdsSubnetNames    = regexp.MustCompile(`^[a-z0-9._ -]{1,255}$`)
	rdsParameterNames = regexp.MustCompile(`^[a-z](-?[a-z0-9]){0,254}$`)
	cacheSubnetNames  = regexp.MustCompile(`^[a-z0-9-]{1,255}$`)
	discoveryLabels   = regexp.MustCompile(`^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$`)
	discoveryDomains  = regexp.MustCompile(`^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?(\.|$))+$`)
)

// rdsGroupName refuses names of subnet and parameter groups.
func rdsGroupName(kind, name string, pattern *regexp.Regexp) error {
	if name == "default" || !pattern.MatchString(name) {
		return apiError(400, "InvalidParameterValue", "The parameter %s is not a valid identifier: %s", kind, name)
	}
	return nil
}

// discoveryName refuses names that DNS cannot have.
func discoveryName(name string, pattern *regexp.Regexp) error {
	if len(name) > 253 || !pattern.MatchString(name) {
		return &types.InvalidInput{Message: aws.String("The name is not valid in DNS: " + name)}
	}
	return nil
}
