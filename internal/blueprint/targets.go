package blueprint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
)

// targets is the stage of the target groups and rules of services.
type targets struct {
	stack
	routes routes
}

func newTargets(s stack, r routes) targets { return targets{stack: s, routes: r} }

// target is a container port behind a load balancer, with the rules that lead there.
type target struct {
	group *engine.Node
	// alternate is the second group of a service whose deployments move traffic.
	alternate *engine.Node
	port      int
	// in is the container that listens on the port.
	in    string
	rules []*engine.Node
}

// addTargets adds a target group for each public container port of a service and a
// rule for each of its listeners. The service waits for the rules, because ECS
// refuses a target group that no load balancer uses.
func (t targets) addTargets(s app.Service) (out []target) {
	groups := map[int]target{}
	for _, p := range s.PublicPorts() {
		if t.env.balancer == nil || p.Hosted && !t.servesHosts(s, p) {
			continue
		}
		to, ok := groups[p.Container]
		if !ok {
			name := s.Name + "-" + strconv.Itoa(p.Container)
			to = target{group: t.addTargetGroup(s, p, name), port: p.Container, in: listening(s, p.In)}
			if s.Rollout != nil {
				to.alternate = t.addTargetGroup(s, p, alternateName(name))
			}
			groups[p.Container] = to
			out = append(out, to)
		}
		last := &out[slices.IndexFunc(out, func(t target) bool { return t.port == p.Container })]
		if p.Hosted {
			last.rules = append(last.rules, t.addHostRules(s, to)...)
			continue
		}
		rule := t.add(s.Name+"-"+strconv.Itoa(p.Published), forward(elb.Rule{
			Listener: t.env.balancer.listeners[p.Published], Priority: t.facts.freePriority(rulePriority(s.Name), p.Published),
			Paths: []string{"/*"},
		}, to))
		last.rules = append(last.rules, rule)
	}
	return out
}

// listening is the name of the container that listens on a port of a service.
func listening(s app.Service, sidecar string) string {
	if sidecar != "" {
		return ContainerName(sidecar)
	}
	return ContainerName(s.Name)
}

// drain is how long a stopping task of a service may finish its open requests, in
// seconds.
func (t targets) drain(s app.Service) int {
	if s.DrainSeconds != nil {
		return *s.DrainSeconds
	}
	return t.app.Settings.DrainSeconds.Value
}

func (t targets) addTargetGroup(s app.Service, p app.Port, name string) *engine.Node {
	version := protocolVersion(p.App)
	s = s.Behind(p)
	path, matcher := balancerCheck(s, p)
	k := t.app.Settings
	return t.add(name, elb.TargetGroup{
		Name: t.name(name, maxBalancerName, t.identity(version)...),
		VPC:  t.env.net.vpc, Port: p.Container, Version: version,
		Path: path, Matcher: matcher, CheckPort: balancerCheckPort(s, p),
		Interval: k.HealthInterval.Value, Timeout: k.HealthTimeout.Value,
		Healthy: k.Healthy.Value, Unhealthy: k.Unhealthy.Value,
		DrainSeconds: t.drain(s),
	})
}

// identity is what AWS cannot change in a target group, and what must therefore be
// part of its name: the protocol version, the VPC and the load balancer.
func (t targets) identity(version string) []string {
	out := []string{version, t.env.net.identity}
	if existing := t.app.Settings.LoadBalancer.Value; existing != "" {
		out = append(out, existing)
	}
	return out
}

func protocolVersion(appProtocol string) string {
	switch appProtocol {
	case app.AppHTTP2:
		return "HTTP2"
	case app.AppGRPC:
		return "GRPC"
	}
	return "HTTP1"
}

// freePriority is the priority n in a listener, or the next lower one that no rule of
// others has.
func (f Facts) freePriority(n, port int) int {
	if found := f.Existing.Balancer; found != nil {
		for slices.Contains(found.Listeners[port].Priorities, n) {
			n--
		}
	}
	return n
}

// addNetworkTargets adds a target group for each of a service's ports on the
// network load balancers, and the listeners that lead there.
func (t targets) addNetworkTargets(s app.Service) []target {
	groups := map[string]int{}
	var out []target
	for _, l := range netListeners(s) {
		name := s.Name + "-" + strconv.Itoa(l.container) + "-" + strings.ToLower(strings.ReplaceAll(l.protocol(), "_", "-"))
		suffix := ""
		if l.internal {
			suffix = "-internal"
		}
		i, ok := groups[name+suffix]
		if !ok {
			i = len(out)
			groups[name+suffix] = i
			out = append(out, target{group: t.addNetworkGroup(s, l, name+suffix), port: l.container, in: listening(s, l.in)})
		}
		listener := t.add(s.Name+"-"+strconv.Itoa(l.published)+suffix, elb.Listener{
			LoadBalancer: t.env.netBalancers[l.internal].node.ARN(), Port: l.published, Protocol: l.protocol(), TargetGroup: out[i].group.ARN(),
		})
		out[i].rules = append(out[i].rules, listener)
	}
	return out
}

func (t targets) addNetworkGroup(s app.Service, l netListener, name string) *engine.Node {
	k := t.app.Settings
	want := elb.TargetGroup{
		Name: t.name(name, maxBalancerName, networkName(l.internal), t.env.net.identity),
		VPC:  t.env.net.vpc, Port: l.container, Protocol: l.protocol(),
		CheckProtocol: "TCP", CheckPort: l.check.Port,
		Interval: k.HealthInterval.Value, Timeout: k.HealthTimeout.Value,
		Healthy: k.Healthy.Value, Unhealthy: k.Unhealthy.Value,
		DrainSeconds: t.drain(s),
	}
	if l.check.Path != "" {
		want.CheckProtocol, want.Path, want.Matcher = "", l.check.Path, "200-399"
		if s := s.Behind(app.Port{In: l.in}); s.HealthPath == "" && s.Health == nil {
			want.Matcher = anyAnswer
		}
	}
	return t.add(name, want)
}
