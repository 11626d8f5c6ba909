package app

import (
	"slices"
	"strings"
)

// given takes over what the file names of the account by id. In a VPC of the
// user's some defaults are others: tasks run in the subnets that there are, and
// siblings find each other by Service Connect, because the VPC has one search
// domain, which is not berth's to set.
func (t *translator) given() {
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
	if s.VPC.Value == "" {
		return
	}
	s.Discovery = Knob[string]{DiscoveryConnect, "given VPC"}
	if x.Network.Tasks != nil {
		return
	}
	switch public, private := len(s.PublicSubnets.Value) > 0, len(s.PrivateSubnets.Value) > 0; {
	case private && !public:
		s.TaskSubnets = Knob[string]{SubnetsPrivate, "given subnets"}
	case public && !private:
		s.TaskSubnets = Knob[string]{SubnetsPublic, "given subnets"}
	}
}

// given takes over the roles and groups of a workload that exist already.
func (w *workload) given() {
	s := w.app.Settings
	w.ExecutionRole = orElse(w.x.ExecutionRoleARN, s.ExecutionRole.Value)
	w.TaskRole = orElse(w.x.TaskRoleARN, s.TaskRole.Value)
	if w.TaskRole != "" && !w.Policies.Empty() {
		w.refuse("x-berth.policies", "policies cannot be added to a given task role", "berth never changes "+w.TaskRole,
			"add them to that role yourself, or take task_role_arn out")
	}
	w.SecurityGroups = slices.Concat(s.SecurityGroups.Value, w.x.SecurityGroups)
	slices.Sort(w.SecurityGroups)
	w.SecurityGroups = slices.Compact(w.SecurityGroups)
	const most = 5 // groups of a network interface, one of them the service's own
	if own := 1 + len(w.Networks); own <= maxNetworks+1 && own+len(w.SecurityGroups) > most {
		w.refuse("", "its tasks would be in too many security groups: "+strings.Join(w.SecurityGroups, ", ")+" besides berth's own",
			"AWS allows 5: one of the service, one for each of its networks, and given ones", "take some out, or put it into fewer networks")
	}
}
