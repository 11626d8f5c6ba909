package strategy

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// CheckConnect checks a Service Connect configuration: its ports have names in the task
// definition, and each name is used once.
func CheckConnect(containers []types.ContainerDefinition, c *types.ServiceConnectConfiguration) error {
	used := map[string]bool{}
	for _, s := range c.Services {
		port := aws.ToString(s.PortName)
		if !slices.ContainsFunc(containers, func(c types.ContainerDefinition) bool {
			return slices.ContainsFunc(c.PortMappings, func(m types.PortMapping) bool { return aws.ToString(m.Name) == port })
		}) {
			return badInput("The port name %s of the Service Connect configuration is not in the task definition.", port)
		}
		name := cmp.Or(aws.ToString(s.DiscoveryName), port)
		if used[name] {
			return badInput("The discoveryName %s of the Service Connect configuration is used more than once.", name)
		}
		used[name] = true
	}
	return nil
}
