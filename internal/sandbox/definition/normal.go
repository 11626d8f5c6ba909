package definition

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Normal returns a container definition with the defaults that ECS fills
// in. ECS keeps the environment as a set: it comes back in another order.
func Normal(c types.ContainerDefinition) types.ContainerDefinition {
	if c.Essential == nil {
		c.Essential = aws.Bool(true)
	}
	for i := range c.PortMappings {
		m := &c.PortMappings[i]
		m.HostPort = cmp.Or(m.HostPort, m.ContainerPort)
		m.Protocol = cmp.Or(m.Protocol, types.TransportProtocolTcp)
	}
	if h := c.HealthCheck; h != nil {
		h.Interval = aws.Int32(cmp.Or(aws.ToInt32(h.Interval), 30))
		h.Timeout = aws.Int32(cmp.Or(aws.ToInt32(h.Timeout), 5))
		h.Retries = aws.Int32(cmp.Or(aws.ToInt32(h.Retries), 3))
	}
	slices.SortFunc(c.Environment, func(a, b types.KeyValuePair) int { return -cmp.Compare(*a.Name, *b.Name) })
	c.Environment = append([]types.KeyValuePair{}, c.Environment...)
	c.MountPoints = append([]types.MountPoint{}, c.MountPoints...)
	c.VolumesFrom = append([]types.VolumeFrom{}, c.VolumesFrom...)
	c.PortMappings = append([]types.PortMapping{}, c.PortMappings...)
	c.SystemControls = append([]types.SystemControl{}, c.SystemControls...)
	return c
}
