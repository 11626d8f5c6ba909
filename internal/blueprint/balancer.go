package blueprint

import (
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// The ports that hosts share: plainPort redirects browsers to securePort.
const (
	plainPort  = 80
	securePort = 443
)

// applicationBalancer is the name of the application load balancer in the graph.
const applicationBalancer = "main"

// balancer is the environment's application load balancer as stacks see it.
type balancer struct {
	// arn, dns and zone are its ARN, its host and the Route 53 zone of that.
	arn, dns, zone engine.Ref
	groups         []engine.Ref
	// listeners are the listeners by port, without those that hosts share: https on
	// 443, and http on 80.
	listeners   map[int]engine.Ref
	https, http engine.Ref
}

// balancer is the stage of the application load balancer: berth's or an existing
// one, with a listener for each public port. It returns nil without a public port,
// and if the internet reaches tasks directly.
func (e environment) balancer(net network, hosts names) *balancer {
	ports := e.spec.Ports
	if len(ports) == 0 || e.direct() {
		return nil
	}
	var lb balancer
	if e.spec.Settings.LoadBalancer.Value != "" {
		lb = e.existingBalancer()
	} else {
		lb = e.newBalancer(net, ports)
	}
	lb.listeners = map[int]engine.Ref{}
	e.addHTTPS(&lb, hosts)
	for _, port := range ports {
		if len(e.spec.Hosts) > 0 && (port == plainPort || port == securePort) {
			continue
		}
		// Listeners that others made are used unchanged. berth's own can be made while
		// the load balancer is still provisioning.
		listener, others := e.facts.listener(port)
		if !others {
			listener = e.add(strconv.Itoa(port), elb.Listener{LoadBalancer: lb.arn, Port: port, Protocol: "HTTP"}).ARN()
		}
		lb.listeners[port] = listener
	}
	return &lb
}

// newBalancer adds the environment's application load balancer.
func (e environment) newBalancer(net network, ports []int) balancer {
	groups := []engine.Ref{e.addBalancerGroup(net, ports).ID()}
	role := e.balancerRole()
	s := e.spec.Settings
	const scheme = "internet-facing"
	lb := e.add(applicationBalancer, elb.LoadBalancer{
		Name:               e.name(balancerName(e.spec.Name), maxBalancerName, scheme, net.identity),
		Scheme:             scheme,
		Subnets:            net.public,
		SecurityGroups:     groups,
		DeletionProtection: s.DeletionProtection.Value,
		IdleSeconds:        s.IdleSeconds.Value,
	}).After(role, engine.Ready)
	if net.gateway != nil {
		// AWS refuses an internet-facing balancer without an internet gateway.
		lb.After(net.gateway, engine.Created)
	}
	return balancer{arn: lb.ARN(), dns: lb.Output("dns"), zone: lb.Output("zone"), groups: groups}
}

// existingBalancer is the load balancer that the file names.
func (e environment) existingBalancer() balancer {
	lb := balancer{arn: engine.Lit(e.spec.Settings.LoadBalancer.Value)}
	if found := e.facts.Existing.Balancer; found != nil {
		lb.groups = engine.Lits(found.SecurityGroups...)
		lb.dns, lb.zone = engine.Lit(found.DNS), engine.Lit(found.Zone)
	}
	return lb
}

// listener is the listener on a port that others made on the existing load
// balancer.
func (f Facts) listener(port int) (arn engine.Ref, ok bool) {
	if f.Existing.Balancer == nil {
		return engine.Ref{}, false
	}
	l, ok := f.Existing.Balancer.Listeners[port]
	return engine.Lit(l.ARN), ok
}

func (e environment) addBalancerGroup(net network, ports []int) *engine.Node {
	rules := make([]ec2.Rule, 0, 2*len(ports))
	for _, port := range ports {
		rules = append(rules, fromInternet(port)...)
	}
	return e.add("balancer", ec2.SecurityGroup{
		VPC:         net.vpc,
		Name:        e.name("balancer", maxName),
		Description: "berth: load balancer of " + e.spec.Name,
		Ingress:     rules,
	})
}

// fromInternet lets every address in at a port.
func fromInternet(port int) []ec2.Rule {
	return []ec2.Rule{
		{Protocol: app.AppTCP, From: port, To: port, CIDR: "0.0.0.0/0"},
		{Protocol: app.AppTCP, From: port, To: port, CIDR: "::/0"},
	}
}

// balancerRole is the service-linked role of Elastic Load Balancing.
func (e environment) balancerRole() *engine.Node {
	return e.once("elb", iam.ServiceLinkedRole{Service: "elasticloadbalancing.amazonaws.com"})
}

// addHTTPS adds the listeners that all hosts share: 443 with the certificates, and
// 80, which redirects browsers to 443. Until a host has its certificate, it is
// served on 80.
func (e environment) addHTTPS(lb *balancer, hosts names) {
	if len(e.spec.Hosts) == 0 {
		return
	}
	plain := elb.Listener{LoadBalancer: lb.arn, Port: plainPort, Protocol: "HTTP"}
	https, others := e.facts.listener(securePort)
	if certificates := hosts.certificates; !others && len(certificates) > 0 {
		https = e.add(strconv.Itoa(securePort), elb.Listener{
			LoadBalancer: lb.arn, Port: securePort, Protocol: "HTTPS", SSLPolicy: elb.TLSPolicy,
			Certificate: certificates[0], More: certificates[1:],
		}).ARN()
		plain.Redirect = strconv.Itoa(securePort)
	}
	lb.https = https
	if lb.http, others = e.facts.listener(plainPort); !others {
		lb.http = e.add(strconv.Itoa(plainPort), plain).ARN()
	}
}

// Balancer is the address of the environment's application load balancer; its
// output "dns" is the host name.
func Balancer(a *app.App) engine.Address {
	return engine.Address{Owner: Environment(a), Type: elb.LoadBalancer{}.Type(), Name: applicationBalancer}
}

// NetworkBalancer is the address of one of the environment's network load balancers.
func NetworkBalancer(a *app.App, internal bool) engine.Address {
	return engine.Address{Owner: Environment(a), Type: elb.LoadBalancer{}.Type(), Name: networkName(internal)}
}

// WebPorts are the ports on which the application load balancer serves, ascending;
// none if the internet reaches tasks directly.
func WebPorts(a *app.App) []int {
	if a.Direct() {
		return nil
	}
	return portsOf(a, securePort)
}

// publicPorts are the ports that the load balancer listens on, ascending.
func publicPorts(a *app.App) []int { return portsOf(a, plainPort, securePort) }

// portsOf are the public ports of all services. A port that hosts lead to is
// replaced by the ports in hosted.
func portsOf(a *app.App, hosted ...int) []int {
	var ports []int
	for _, s := range a.Services {
		for _, p := range s.PublicPorts() {
			if p.Hosted {
				ports = append(ports, hosted...)
				continue
			}
			ports = append(ports, p.Published)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}
