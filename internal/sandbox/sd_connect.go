package sandbox

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// Offer makes the Cloud Map services of the names that an ECS service offers with
// Service Connect in a namespace, which is named by its name or its ARN. They carry ECS's tag and none of the caller's, and they stay when the
// ECS service goes, so that its namespace cannot be deleted:
// https://github.com/aws/copilot-cli/issues/4313 and 4337.
func (p *sdPart) Offer(rq *request, space string, names []string) {
	for _, n := range p.s.Namespaces.all() {
		if n.ARN != space && n.Name != space || p.s.free(n.Deletion) != nil {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(p.s.servicesIn(n.ID), func(s *sdService) bool { return s.Name == name }) {
				continue
			}
			id := "srv-" + p.account.newHex("discovery-service", 16)
			p.s.Services.put(p.account, rq.now, id, &sdService{
				ID: id, ARN: p.account.arn("servicediscovery", "service/"+id), Name: name, Namespace: n.ID, Created: rq.now,
				DNS: &types.DnsConfig{NamespaceId: aws.String(n.ID)}, Tags: map[string]string{"AmazonECSManaged": "true"},
				Instances: map[string]*instance{},
			})
		}
	}
}
