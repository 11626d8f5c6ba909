package names

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Offer makes the Cloud Map services of the names that an ECS service offers with
// Service Connect in a namespace, given by its name or ARN. They carry ECS's tag
// and none of the caller's, and they stay when the ECS service is deleted, so that
// its namespace cannot be deleted: https://github.com/aws/copilot-cli/issues/4313
// and 4337.
func (p *CloudMap) Offer(rq *world.Request, space string, names []string) {
	for _, n := range p.s.Namespaces.All() {
		if n.ARN != space && n.Name != space || p.s.free(n.Deletion) != nil {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(p.s.servicesIn(n.ID), func(s *discoveryService) bool { return s.Name == name }) {
				continue
			}
			id := "srv-" + p.account.NewHex("discovery-service", 16)
			p.s.Services.Put(p.account, rq.Now, id, &discoveryService{
				ID: id, ARN: p.account.ARN("servicediscovery", "service/"+id), Name: name, Namespace: n.ID, Created: rq.Now,
				DNS: &types.DnsConfig{NamespaceId: aws.String(n.ID)}, Tags: map[string]string{"AmazonECSManaged": "true"},
				Instances: map[string]*instance{},
			})
		}
	}
}
