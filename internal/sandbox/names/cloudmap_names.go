package names

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// The names of services and namespaces, by the constraints in the API reference.
var (
	discoveryLabels  = regexp.MustCompile(`^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$`)
	discoveryDomains = regexp.MustCompile(`^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?(\.|$))+$`)
)

// discoveryName refuses names that DNS cannot have.
func discoveryName(name string, pattern *regexp.Regexp) error {
	if len(name) > 253 || !pattern.MatchString(name) {
		return &types.InvalidInput{Message: aws.String("The name is not valid in DNS: " + name)}
	}
	return nil
}
