package sandbox

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// connects makes the Cloud Map services of an ECS service's part in Service
// Connect. They carry ECS's tag and none of the caller's, and they stay when the
// ECS service goes, so that its namespace cannot be deleted:
// https://github.com/aws/copilot-cli/issues/4313 and 4337.
func (p *sdPart) connects(rq *request, c *ecstypes.ServiceConnectConfiguration) {
	if c == nil || !c.Enabled {
		return
	}
	space := aws.ToString(c.Namespace)
	for _, n := range p.s.Namespaces.all() {
		if n.ARN != space && n.Name != space || p.free(n.Deletion) != nil {
			continue
		}
		for _, offered := range c.Services {
			name := cmp.Or(aws.ToString(offered.DiscoveryName), aws.ToString(offered.PortName))
			if slices.ContainsFunc(p.servicesIn(n.ID), func(s *sdService) bool { return s.Name == name }) {
				continue
			}
			id := "srv-" + p.w.newHex("discovery-service", 16)
			p.s.Services.put(p.w, rq.now, id, &sdService{
				ID: id, ARN: p.w.arn("servicediscovery", "service/"+id), Name: name, Namespace: n.ID, Created: rq.now,
				DNS: &types.DnsConfig{NamespaceId: aws.String(n.ID)}, Tags: map[string]string{"AmazonECSManaged": "true"},
				Instances: map[string]*instance{},
			})
		}
	}
}
