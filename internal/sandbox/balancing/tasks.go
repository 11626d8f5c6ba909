package balancing

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// FindTargetGroup returns what an ECS service must know about a target group that
// a call names: its type, and whether a load balancer sends traffic to it. ok is
// false if the call does not find it.
func (p *Targets) FindTargetGroup(rq *world.Request, arn string) (kind types.TargetTypeEnum, balanced, ok bool) {
	g := p.s.Groups.Find(rq, arn)
	if g == nil {
		return "", false, false
	}
	return g.Shown.TargetType, len(p.s.balancersOf(arn)) > 0, true
}

// Register puts a port of a task's network interface into a target group, with what it
// answers. The result is the target's key in the group; ok is false when there is no such
// group.
func (p *Targets) Register(at time.Time, group, eni string, port int32, answers containers.Answers) (key string, ok bool) {
	g := p.s.Groups.Get(group)
	if g == nil {
		return "", false
	}
	ip, zone := p.needs.Reach.Interface(eni)
	t := &target{IP: ip, Port: port, Zone: zone, Registered: at, Interface: eni, Answers: answers}
	p.register(g, t)
	return targetKey(t.IP, t.Port), true
}

// Deregister starts the draining of a target and returns how long that takes; ok is
// false when there is no such group.
func (p *Targets) Deregister(at time.Time, group, key string) (drains time.Duration, ok bool) {
	g := p.s.Groups.Get(group)
	if g == nil {
		return 0, false
	}
	return p.deregister(at, g, key), true
}

// Health returns a target's health at a point in time with its description, and when to
// ask again if it is not settled yet. ok is false if there is no such target.
func (p *Targets) Health(at time.Time, group, key string) (state types.TargetHealthStateEnum, why string, again time.Time, ok bool) {
	g := p.s.Groups.Get(group)
	if g == nil || g.Targets[key] == nil {
		return "", "", time.Time{}, false
	}
	h, again := p.health(g, g.Targets[key], at)
	return h.State, aws.ToString(h.Description), again, true
}

// UsersOf returns the load balancers whose listeners have a certificate.
func (p *ELB) UsersOf(certificate string) []string {
	var arns []string
	for _, l := range p.s.Listeners.All() {
		if slices.Contains(l.certificates(), certificate) && !slices.Contains(arns, l.Balancer) {
			arns = append(arns, l.Balancer)
		}
	}
	return arns
}

// HasName reports whether a load balancer has a host name.
func (p *ELB) HasName(dns string) bool {
	return slices.ContainsFunc(p.s.Balancers.All(), func(b *balancer) bool { return strings.EqualFold(b.DNS, dns) })
}

// Answered is the HTTP status of the answers of a target group at a time; ok is false
// if no target of it was in service. group is the end of its ARN.
func (p *Targets) Answered(group string, at time.Time) (status int32, ok bool) {
	for _, g := range p.s.Groups.All() {
		if !strings.HasSuffix(*g.Shown.TargetGroupArn, ":"+group) {
			continue
		}
		for _, t := range g.Targets {
			if h, _ := p.health(g, t, at); !t.Registered.After(at) && h.State == types.TargetHealthStateEnumHealthy {
				return max(t.Status, 200), true
			}
		}
	}
	return 0, false
}
