package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// index implements indexed.
func (p *elbPart) index(f indexFunc) {
	indexRows(&p.s.Balancers, f, func(b *balancer) (string, map[string]string) { return b.ARN, b.Tags })
	indexRows(&p.s.Groups, f, func(g *targetGroup) (string, map[string]string) {
		return aws.ToString(g.Shown.TargetGroupArn), g.Tags
	})
	indexRows(&p.s.Listeners, f, func(l *listener) (string, map[string]string) { return l.ARN, l.Tags })
	indexRows(&p.s.Rules, f, func(r *rule) (string, map[string]string) { return r.ARN, r.Tags })
}

// index implements indexed.
func (p *sdPart) index(f indexFunc) {
	indexRows(&p.s.Namespaces, f, func(n *namespace) (string, map[string]string) { return n.ARN, n.Tags })
	indexRows(&p.s.Services, f, func(s *sdService) (string, map[string]string) { return s.ARN, s.Tags })
}

// index implements indexed.
func (p *logsPart) index(f indexFunc) {
	indexRows(&p.s.Groups, f, func(g *logGroup) (string, map[string]string) {
		return p.w.arn("logs", "log-group:"+g.Name), g.Tags
	})
}

// index implements indexed. What is inactive is not in the index.
func (p *ecsPart) index(f indexFunc) {
	indexRows(&p.s.Clusters, f, func(c *cluster) (string, map[string]string) {
		return ifActive(c.Status, c.ARN), ecsTags(c.Tags)
	})
	indexRows(&p.s.Definitions, f, func(d *taskDefinition) (string, map[string]string) {
		return ifActive(string(d.Shown.Status), aws.ToString(d.Shown.TaskDefinitionArn)), ecsTags(d.Tags)
	})
	indexRows(&p.s.Services, f, func(s *service) (string, map[string]string) {
		return ifActive(s.Status, s.ARN), ecsTags(s.Tags)
	})
}

func ifActive(status, arn string) string {
	if status == inactive {
		return ""
	}
	return arn
}

func ecsTags(in []ecstypes.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range in {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}
