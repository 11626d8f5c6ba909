package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/engine"
)

// groups are the security groups of a stack.
type groups struct {
	stack
	// members are the membership groups by Compose network, own the groups of the
	// workloads' tasks by workload.
	members, own map[string]*engine.Node
}

// newGroups is the stage of the security groups: a membership group without rules for
// each Compose network in use, and a group for each workload, which lets the members
// of its networks in.
func newGroups(s stack) groups {
	g := groups{stack: s, members: map[string]*engine.Node{}, own: map[string]*engine.Node{}}
	for _, w := range s.app.Workloads() {
		g.addMembers(w.Networks)
	}
	for _, w := range s.app.Workloads() {
		g.own[w.Name] = g.addGroup(ownName(w.Name), "tasks of "+w.Name, g.ingress(w))
	}
	return g
}

// addMembers adds the membership groups of networks that have none yet.
func (g groups) addMembers(networks []string) {
	for _, n := range networks {
		if g.members[n] == nil {
			g.members[n] = g.addGroup(groupPrefix+n, "members of network "+n, nil)
		}
	}
}

// addGroup adds a group of the stack. AWS cannot change the description of a group,
// so the name must change if it does: that is what apart is for.
func (g groups) addGroup(name, what string, ingress []ec2.Rule, apart ...string) *engine.Node {
	return g.add(name, ec2.SecurityGroup{
		VPC: g.env.net.vpc,
		// AWS refuses names that begin with "sg-", as a service's name may.
		Name:        g.name("berth-"+name, maxName, apart...),
		Description: "berth: " + what,
		Ingress:     ingress,
	})
}

// fromMembers lets in the members of networks at a range of ports.
func (g groups) fromMembers(networks []string, protocol string, from, to int) []ec2.Rule {
	var rules []ec2.Rule
	for _, n := range networks {
		rules = append(rules, ec2.Rule{Protocol: protocol, From: from, To: to, Source: g.members[n].ID()})
	}
	return rules
}

// ingress lets the members of shared networks reach the ports for siblings, and the
// load balancers the public ports.
func (g groups) ingress(w app.Workload) []ec2.Rule {
	exposed := w.Exposed
	if w.AllTCP {
		exposed = []app.Exposed{{From: 0, To: 65535, Protocol: app.AppTCP}}
	}
	var rules []ec2.Rule
	for _, e := range exposed {
		rules = append(rules, g.fromMembers(w.Networks, e.Protocol, e.From, e.To)...)
	}
	if s, ok := g.app.Service(w.Name); ok {
		rules = append(rules, g.networkIngress(s)...)
		rules = append(rules, g.balancerIngress(s)...)
	}
	return rules
}

// balancerIngress lets the application load balancer reach the ports that serve and
// that it checks.
func (g groups) balancerIngress(s app.Service) []ec2.Rule {
	direct := g.app.Direct()
	if g.env.balancer == nil && !direct {
		return nil
	}
	var ports []int
	for _, p := range s.PublicPorts() {
		ports = append(ports, p.Container)
		if check := balancerCheckPort(s.Behind(p), p); check != 0 && !direct {
			ports = append(ports, check)
		}
	}
	slices.Sort(ports)
	var rules []ec2.Rule
	for _, port := range slices.Compact(ports) {
		if direct {
			rules = append(rules, fromInternet(port)...)
			continue
		}
		for _, group := range g.env.balancer.groups {
			rules = append(rules, ec2.Rule{Protocol: app.AppTCP, From: port, To: port, Source: group})
		}
	}
	return rules
}

// networkIngress lets the network load balancers reach the ports that serve and that
// they check.
func (g groups) networkIngress(s app.Service) []ec2.Rule {
	var rules []ec2.Rule
	add := func(protocol string, port int, from engine.Ref) {
		r := ec2.Rule{Protocol: protocol, From: port, To: port, Source: from}
		if !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	for _, l := range netListeners(s) {
		group := g.env.netBalancers[l.internal].group.ID()
		for _, protocol := range l.words() {
			add(protocol, l.container, group)
		}
		switch {
		case l.check.Port != 0:
			add(app.AppTCP, l.check.Port, group)
		case !l.tcp:
			add(app.AppTCP, l.container, group)
		}
	}
	return rules
}

// of are the groups of a workload's tasks: its own, those of its networks, that of
// the clients of file systems, and existing ones. AWS allows five.
func (g groups) of(w app.Workload) []engine.Ref {
	refs := []engine.Ref{g.own[w.Name].ID()}
	for _, n := range w.Networks {
		refs = append(refs, g.members[n].ID())
	}
	if g.mountsOwn(w) {
		refs = append(refs, g.env.files.clients.ID())
	}
	return append(refs, engine.Lits(w.SecurityGroups...)...)
}
