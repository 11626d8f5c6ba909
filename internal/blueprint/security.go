package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/engine"
)

// addSecurity adds an empty membership group for each Compose network in use,
// and a group for each workload that lets its networks' members in.
func (b *builder) addSecurity() {
	for _, w := range b.app.Workloads() {
		for _, n := range w.Networks {
			if b.members[n] == nil {
				b.members[n] = b.addGroup(groupPrefix+n, "members of network "+n, nil)
			}
		}
	}
	for _, w := range b.app.Workloads() {
		b.groups[w.Name] = b.addGroup(ownName(w.Name), "tasks of "+w.Name, b.ingress(w))
	}
}

// addGroup adds a group of the stack. What tells two groups of one name apart
// that may take over from each other is part of the name: AWS does not change
// the description of a group.
func (b *builder) addGroup(name, what string, ingress []ec2.Rule, apart ...string) *engine.Node {
	return b.graph.Add(b.stack, name, ec2.SecurityGroup{
		VPC: b.net.vpc,
		// AWS refuses names that begin with "sg-", as a service's may.
		Name:        engine.Name(b.stack, b.facts.Region, "berth-"+name, maxName, apart...),
		Description: "berth: " + what,
		Ingress:     ingress,
	})
}

// ingress lets in what siblings may reach from the groups of the shared
// networks, and public ports from the balancer.
func (b *builder) ingress(w app.Workload) []ec2.Rule {
	exposed := w.Exposed
	if w.AllTCP {
		exposed = []app.Exposed{{From: 0, To: 65535, Protocol: app.AppTCP}}
	}
	var rules []ec2.Rule
	for _, e := range exposed {
		for _, n := range w.Networks {
			rules = append(rules, ec2.Rule{Protocol: e.Protocol, From: e.From, To: e.To, Source: b.members[n].ID()})
		}
	}
	rules = append(rules, b.networkIngress(w)...)
	return append(rules, b.balancerIngress(w)...)
}

// balancerIngress lets the application load balancer in, to serve and to check.
func (b *builder) balancerIngress(w app.Workload) []ec2.Rule {
	s, ok := b.app.Service(w.Name)
	if !ok || b.balancer == nil && !b.app.Direct() {
		return nil
	}
	var ports []int
	for _, p := range w.PublicPorts() {
		ports = append(ports, p.Container)
		if check := balancerCheckPort(s, p); check != 0 && !b.app.Direct() {
			ports = append(ports, check)
		}
	}
	slices.Sort(ports)
	var rules []ec2.Rule
	for _, port := range slices.Compact(ports) {
		if b.app.Direct() {
			rules = append(rules, fromInternet(port)...)
			continue
		}
		for _, group := range b.balancer.groups {
			rules = append(rules, ec2.Rule{Protocol: app.AppTCP, From: port, To: port, Source: group})
		}
	}
	return rules
}

// taskGroups are the groups of a workload's tasks: its own and those of its
// networks, that of the file system's clients, and given ones. AWS allows five.
func (b *builder) taskGroups(w app.Workload) []engine.Ref {
	refs := []engine.Ref{b.groups[w.Name].ID()}
	for _, n := range w.Networks {
		refs = append(refs, b.members[n].ID())
	}
	if b.mountsOwn(w) {
		refs = append(refs, b.files.clients.ID())
	}
	return append(refs, engine.Lits(w.SecurityGroups...)...)
}
