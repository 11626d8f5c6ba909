package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// existing takes over what the file names of the account by id. In a VPC of the
// user's some defaults are others: tasks run in the subnets that there are, and
// siblings find each other by Service Connect, because the VPC has one search
// domain, which is not berth's to set.
func (t *translator) existing() {
	x, s := t.project.XBerth, &t.app.Settings
	if x.Network.SecurityGroups != nil {
		set(t, &s.SecurityGroups, "network.security_groups", &x.Network.SecurityGroups)
	}
	if x.Network.ElasticIPs != nil {
		set(t, &s.ElasticIPs, "network.elastic_ips", &x.Network.ElasticIPs)
	}
	set(t, &s.Cluster, "cluster", x.Cluster)
	set(t, &s.LoadBalancer, "load_balancer", x.LoadBalancer)
	set(t, &s.ExecutionRole, "execution_role_arn", x.ExecutionRoleARN)
	set(t, &s.TaskRole, "task_role_arn", x.TaskRoleARN)
	set(t, &s.PermissionsBoundary, "permissions_boundary", x.PermissionsBoundary)
	if s.VPC.Value == "" {
		return
	}
	s.Discovery = Setting[string]{DiscoveryConnect, "given VPC"}
	if x.Network.Tasks != nil {
		return
	}
	switch public, private := len(s.PublicSubnets.Value) > 0, len(s.PrivateSubnets.Value) > 0; {
	case private && !public:
		s.TaskSubnets = Setting[string]{SubnetsPrivate, "given subnets"}
	case public && !private:
		s.TaskSubnets = Setting[string]{SubnetsPublic, "given subnets"}
	}
}

// existing takes over the roles and groups of a workload that exist already.
func (w *workload) existing() {
	s := w.app.Settings
	w.ExecutionRole = orElse(w.x.ExecutionRoleARN, s.ExecutionRole.Value)
	w.TaskRole = orElse(w.x.TaskRoleARN, s.TaskRole.Value)
	w.Places = map[string]string{}
	for _, key := range []string{
		"image", "x-berth.policies", "x-berth.pull_credentials", "x-berth.execution_role_arn", "x-berth.task_role_arn", "x-berth.security_groups",
	} {
		w.Places[strings.TrimPrefix(key, "x-berth.")] = w.at(w.path + dotted(key)).String()
	}
	if w.TaskRole != "" && !w.Policies.Empty() {
		w.refuse("x-berth.policies", "policies cannot be added to a given task role", "berth never changes "+w.TaskRole,
			"add them to that role yourself, or take task_role_arn out")
	}
	if w.TaskRole != "" && w.Policies.Empty() && w.ActsInAWS() {
		w.notice("x-berth.task_role_arn", "the given role %s must allow what berth would have allowed: berth changes nothing of it", w.TaskRole)
	}
	w.SecurityGroups = slices.Concat(s.SecurityGroups.Value, w.x.SecurityGroups)
	slices.Sort(w.SecurityGroups)
	w.SecurityGroups = slices.Compact(w.SecurityGroups)
	const most = 5 // groups of a network interface, one of them the service's own
	own := 1 + len(w.Networks)
	if w.mountsOwn(w.compose) {
		own++
	}
	if len(w.SecurityGroups) > 0 && own+len(w.SecurityGroups) > most {
		w.refuse("", "its tasks would be in too many security groups: "+strings.Join(w.SecurityGroups, ", ")+" besides berth's own",
			"AWS allows 5: one of the service, one for each of its networks, one for volumes, and given ones", "take some out, or put it into fewer networks")
	}
}

// checkExistingNetwork refuses given things that do not go together, and keeps ports
// private that no load balancer can stand in front of.
func (t *translator) checkExistingNetwork() {
	s := &t.app.Settings
	if s.VPC.Value == "" {
		for _, k := range []struct{ key, existing, why string }{
			{"load_balancer", s.LoadBalancer.Value, "a load balancer reaches tasks of its own VPC only"},
			{"network.security_groups", strings.Join(s.SecurityGroups.Value, ""), "a security group belongs to one VPC"},
		} {
			if k.existing != "" {
				t.refuse("x-berth."+k.key, k.key+" needs the VPC that it is in", k.why, "add network.vpc with its subnets")
			}
		}
		for _, name := range sorted(t.project.Services) {
			if len(t.project.Services[name].SecurityGroups) > 0 {
				t.refuse(project.Child("services", name)+".x-berth.security_groups", "service "+name+": security_groups need the VPC that they are in", "a security group belongs to one VPC", "add network.vpc with its subnets")
			}
		}
		t.checkElasticIPs()
		return
	}
	if len(s.ElasticIPs.Value) > 0 {
		t.refuse("x-berth.network.elastic_ips", "Elastic IPs are for NAT gateways", "berth makes none in a given VPC", "take them out: the VPC's own NAT decides")
	}
	if s.TaskSubnets.Value == SubnetsPublic && len(s.PublicSubnets.Value) == 0 || s.TaskSubnets.Value == SubnetsPrivate && len(s.PrivateSubnets.Value) == 0 {
		if len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) > 0 {
			t.refuse("x-berth.network.tasks", fmt.Sprintf("tasks run in %s subnets, and none are given", s.TaskSubnets.Value), "", "add network."+s.TaskSubnets.Value+"_subnets, or change network.tasks")
		}
	}
	if s.Discovery.Value == DiscoveryDNS {
		t.notice("x-berth.discovery", "services reach each other by full names as in api.%s.%s.internal: a given VPC has one search domain, which berth does not set", t.app.Name, t.app.Env)
	}
	if len(s.PublicSubnets.Value) < 2 && s.LoadBalancer.Value == "" {
		t.keepFromInternet(len(s.PublicSubnets.Value))
	}
}

// checkElasticIPs wants one for each NAT gateway.
func (t *translator) checkElasticIPs() {
	s := t.app.Settings
	existing := s.ElasticIPs.Value
	if len(existing) == 0 {
		return
	}
	gateways := map[string]int{NATNone: 0, NATSingle: 1, NATPerZone: s.Zones.Value}[s.NAT.Value]
	if gateways == 0 {
		t.refuse("x-berth.network.elastic_ips", "there is no NAT gateway to use the Elastic IPs", "network.nat is none ("+s.NAT.Origin+")", "write nat: single, or take them out")
		return
	}
	if len(existing) != gateways {
		t.refuse("x-berth.network.elastic_ips", fmt.Sprintf("%d Elastic IPs are given for %d NAT gateways", len(existing), gateways), "each gateway has one, and all of them must be on your partners' lists", fmt.Sprintf("give %d", gateways))
	}
	sorted := slices.Sorted(slices.Values(existing))
	if len(slices.Compact(sorted)) != len(existing) {
		t.refuse("x-berth.network.elastic_ips", "an Elastic IP is given twice", "a gateway has one of its own", "give different ones")
	}
}

// keepFromInternet takes back what was to be published to the internet where
// AWS has no place for a load balancer: it stands in two public subnets.
func (t *translator) keepFromInternet(subnets int) {
	for i := range t.app.Services {
		w := &t.app.Services[i]
		for j := range w.Ports {
			p := &w.Ports[j]
			if !p.Public || p.Internal {
				continue
			}
			if subnets == 0 {
				p.Public = false
				t.notices = append(t.notices, Notice{At: ParsePosition(p.Origin), Text: fmt.Sprintf(
					"service %s: port %d is for siblings only: no public subnets are given, in which a load balancer could stand; x-berth.public: internal asks for an internal one", w.Name, p.Container)})
				continue
			}
			t.refuse("x-berth.network.public_subnets", "one public subnet is not enough for service "+w.Name, "its public ports need a load balancer, which AWS puts into two zones", "give a second one in another zone, or none")
		}
	}
}

// ActsInAWS says whether the workload's own code uses AWS in a way that needs
// permissions.
func (w Workload) ActsInAWS() bool {
	mounts := slices.ContainsFunc(w.Mounts, func(m Mount) bool { return m.Volume != "" })
	return !w.Policies.Empty() || w.Model != "" || mounts
}
