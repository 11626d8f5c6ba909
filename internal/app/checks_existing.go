package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// checkExistingNetwork refuses existing objects that do not fit together, and makes
// ports private that no load balancer can serve.
func (c checks) checkExistingNetwork() {
	s := &c.app.Settings
	if s.VPC.Value == "" {
		for _, k := range []struct{ key, existing, why string }{
			{"load_balancer", s.LoadBalancer.Value, "a load balancer reaches tasks of its own VPC only"},
			{"network.security_groups", strings.Join(s.SecurityGroups.Value, ""), "a security group belongs to one VPC"},
		} {
			if k.existing != "" {
				c.refuse("x-berth."+k.key, k.key+" needs the VPC that it is in", k.why, "add network.vpc with its subnets")
			}
		}
		for _, name := range sorted(c.project.Services) {
			if len(c.project.Services[name].SecurityGroups) > 0 {
				c.refuse(project.Child("services", name)+".x-berth.security_groups", "service "+name+": security_groups need the VPC that they are in", "a security group belongs to one VPC", "add network.vpc with its subnets")
			}
		}
		c.checkElasticIPs()
		return
	}
	if len(s.ElasticIPs.Value) > 0 {
		c.refuse("x-berth.network.elastic_ips", "elastic_ips has no use in an existing VPC", "Elastic IPs are for NAT gateways, and berth makes none there", "remove it: the VPC's own NAT decides which addresses tasks have")
	}
	if s.TaskSubnets.Value == SubnetsPublic && len(s.PublicSubnets.Value) == 0 || s.TaskSubnets.Value == SubnetsPrivate && len(s.PrivateSubnets.Value) == 0 {
		if len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) > 0 {
			c.refuse("x-berth.network.tasks", fmt.Sprintf("tasks run in %s subnets, but the file names none", s.TaskSubnets.Value), "", "add network."+s.TaskSubnets.Value+"_subnets, or change network.tasks")
		}
	}
	if len(s.PublicSubnets.Value) < 2 && s.LoadBalancer.Value == "" {
		c.keepFromInternet(len(s.PublicSubnets.Value))
	}
}

// sayFullNames gives notice that short names do not lead to siblings: in a shared
// environment as in an existing VPC.
func (c checks) sayFullNames() {
	s, a := c.app.Settings, c.app
	if s.Discovery.Value != DiscoveryDNS {
		return
	}
	full := fmt.Sprintf("services reach each other by full names such as api.%s.%s.internal", a.Name, a.Env)
	switch {
	case s.VPC.Value != "":
		c.notice("x-berth.discovery", "%s: berth does not set the search domain of an existing VPC", full)
	case a.Shared && len(a.Services) > 0 && len(a.Services)+len(a.Jobs) > 1:
		c.notice("x-berth.environment", "%s: a VPC has one search domain, and a shared environment has several projects; x-berth.discovery: connect gives services short names", full)
	}
}

// checkElasticIPs refuses any number of Elastic IPs but one for each NAT gateway.
func (c checks) checkElasticIPs() {
	s := c.app.Settings
	existing := s.ElasticIPs.Value
	if len(existing) == 0 {
		return
	}
	gateways := map[string]int{NATNone: 0, NATSingle: 1, NATPerZone: s.Zones.Value}[s.NAT.Value]
	if gateways == 0 {
		c.refuse("x-berth.network.elastic_ips", "there is no NAT gateway to use the Elastic IPs", "network.nat is none ("+s.NAT.Origin+")", "write nat: single, or remove elastic_ips")
		return
	}
	if len(existing) != gateways {
		c.refuse("x-berth.network.elastic_ips", fmt.Sprintf("the file names %d Elastic IPs for %d NAT gateways", len(existing), gateways), "each gateway uses exactly one", fmt.Sprintf("name %d", gateways))
	}
	sorted := slices.Sorted(slices.Values(existing))
	if len(slices.Compact(sorted)) != len(existing) {
		c.refuse("x-berth.network.elastic_ips", "elastic_ips names an address twice", "each gateway needs its own", "name different ones")
	}
}

// keepFromInternet makes ports private if there are no public subnets for a load
// balancer, and refuses them if there is one: a load balancer needs two.
func (c checks) keepFromInternet(subnets int) {
	for i := range c.app.Services {
		w := &c.app.Services[i]
		for j := range w.Ports {
			p := &w.Ports[j]
			if !p.Public || p.Internal {
				continue
			}
			if subnets == 0 {
				p.Public = false
				*c.notices = append(*c.notices, Notice{At: ParsePosition(p.Origin), Concern: project.Exposed, Kind: project.OfService, Names: []string{w.Name}, Text: fmt.Sprintf(
					"port %d is for siblings only: a load balancer needs public subnets, and the file names none; x-berth.public: internal asks for an internal one", p.Container)})
				continue
			}
			c.refuse("x-berth.network.public_subnets", "one public subnet is not enough for service "+w.Name, "its public ports need a load balancer, which AWS places in at least two zones", "name a second one in another zone, or none")
		}
	}
}
