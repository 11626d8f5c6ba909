package sandbox

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func (p *elbPart) Dump(d *dumper) {
	for _, b := range p.s.Balancers.all() {
		d.add("elb.load-balancer", b.ARN, b.Name, map[string]any{
			"scheme": b.Scheme, "vpc": b.VPC, "subnets": b.Subnets, "groups": b.SecurityGroups,
			"attributes": b.Attributes, "tags": b.Tags,
		})
	}
	for _, g := range p.s.Groups.all() {
		shown := g.Shown
		shown.TargetGroupArn = nil
		targets := 0
		for _, t := range g.Targets {
			if t.Gone.IsZero() {
				targets++
			}
		}
		d.add("elb.target-group", *g.Shown.TargetGroupArn, *g.Shown.TargetGroupName, map[string]any{
			"group": shown, "attributes": g.Attributes, "tags": g.Tags, "targets": targets,
		})
	}
	for _, l := range p.s.Listeners.all() {
		d.add("elb.listener", l.ARN, balancerOf(l.ARN)+"-"+string(l.Protocol)+"-"+strconv.Itoa(int(l.Port)), map[string]any{
			"balancer": l.Balancer, "actions": l.Actions, "certificates": l.certificates(), "policy": l.SSLPolicy, "tags": l.Tags,
		})
	}
	for _, r := range p.s.Rules.all() {
		d.add("elb.rule", r.ARN, balancerOf(r.ARN)+"-"+strconv.Itoa(r.Priority), map[string]any{
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

// index implements indexed.
func (p *elbPart) index(f indexFunc) {
	indexRows(&p.s.Balancers, f, func(b *balancer) (string, map[string]string) { return b.ARN, b.Tags })
	indexRows(&p.s.Groups, f, func(g *targetGroup) (string, map[string]string) {
		return aws.ToString(g.Shown.TargetGroupArn), g.Tags
	})
	indexRows(&p.s.Listeners, f, func(l *listener) (string, map[string]string) { return l.ARN, l.Tags })
	indexRows(&p.s.Rules, f, func(r *rule) (string, map[string]string) { return r.ARN, r.Tags })
}
