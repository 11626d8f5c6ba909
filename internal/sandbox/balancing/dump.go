package balancing

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Dump implements world.Service.
func (p *ELB) Dump(d *world.Dumper) {
	for _, b := range p.s.Balancers.All() {
		d.Add("elb.load-balancer", b.ARN, b.Name, map[string]any{
			"scheme": b.Scheme, "vpc": b.VPC, "subnets": b.Subnets, "groups": b.SecurityGroups,
			"attributes": b.Attributes, "tags": b.Tags,
		})
	}
	for _, g := range p.s.Groups.All() {
		shown := g.Shown
		shown.TargetGroupArn = nil
		targets := 0
		for _, t := range g.Targets {
			if t.Gone.IsZero() {
				targets++
			}
		}
		d.Add("elb.target-group", *g.Shown.TargetGroupArn, *g.Shown.TargetGroupName, map[string]any{
			"group": shown, "attributes": g.Attributes, "tags": g.Tags, "targets": targets,
		})
	}
	for _, l := range p.s.Listeners.All() {
		d.Add("elb.listener", l.ARN, balancerOf(l.ARN)+"-"+string(l.Protocol)+"-"+strconv.Itoa(int(l.Port)), map[string]any{
			"balancer": l.Balancer, "actions": l.Actions, "certificates": l.certificates(), "policy": l.SSLPolicy, "tags": l.Tags,
		})
	}
	for _, r := range p.s.Rules.All() {
		d.Add("elb.rule", r.ARN, balancerOf(r.ARN)+"-"+strconv.Itoa(r.Priority), map[string]any{
			"listener": r.Listener, "conditions": r.Conditions, "actions": r.Actions, "tags": r.Tags,
		})
	}
}

// balancerOf is the balancer's name in the ARN of a listener or rule.
func balancerOf(arn string) string {
	parts := strings.Split(arn, "/")
	if len(parts) < 3 {
		return arn
	}
	return parts[2]
}

// Index implements world.Indexed.
func (p *ELB) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Balancers, f, func(b *balancer) (string, map[string]string) { return b.ARN, b.Tags })
	world.IndexRows(&p.s.Groups, f, func(g *targetGroup) (string, map[string]string) {
		return aws.ToString(g.Shown.TargetGroupArn), g.Tags
	})
	world.IndexRows(&p.s.Listeners, f, func(l *listener) (string, map[string]string) { return l.ARN, l.Tags })
	world.IndexRows(&p.s.Rules, f, func(r *rule) (string, map[string]string) { return r.ARN, r.Tags })
}
