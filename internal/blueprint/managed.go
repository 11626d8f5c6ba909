package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// instances is the name of what all instances of a stack share; no service can have this
// name.
const instances = "_instances"

// Provider is the name of the capacity provider of a workload; empty for Fargate.
func Provider(a *app.App, region string, w app.Workload) string {
	switch {
	case w.OnManaged():
		return naming.Name(Stack(a), region, "berth-"+providerOf(w), maxName)
	case w.OnEC2(): // providers of both kinds share one namespace; no service begins with _
		return naming.Name(Stack(a), region, "berth-_ec2-"+providerOf(w), maxName)
	}
	return w.Capacity
}

// providerOf is the name in the graph of the provider of a workload on instances that berth
// makes: its own, or that of all with the same capacity and processors.
func providerOf(w app.Workload) string {
	shared := instances
	if w.OnEC2() {
		shared = instances + "-ec2"
	}
	switch {
	case w.Own, len(w.Subnets) > 0, w.AllGPUs() > 0:
		return w.Name
	case w.Architecture == "arm64":
		return shared + "-arm64"
	}
	return shared
}

// managed are the capacity providers of the instances that a stack starts, by their names
// in the graph: of Managed Instances and of Auto Scaling groups.
type managed map[string]*engine.Node

// newManaged is the stage of the instances: capacity providers, which differ in what their
// instances have, and what they share: a group that lets nothing in, a role and a profile.
func newManaged(s stack, g groups) managed {
	of := map[string][]app.Workload{}
	var names []string
	for _, w := range s.app.Workloads() {
		if !w.OnInstances() {
			continue
		}
		name := providerOf(w)
		if of[name] == nil {
			names = append(names, name)
		}
		of[name] = append(of[name], w)
	}
	if len(names) == 0 {
		return nil
	}
	m := machines{stack: s, group: g.addGroup(instances, "instances", nil)}
	m.addRoles(names, of)
	out := managed{}
	for _, name := range names {
		if of[name][0].OnEC2() {
			out[name] = m.addFleet(name, of[name])
		} else {
			out[name] = m.addManaged(name, of[name])
		}
	}
	return out
}

// machines makes what starts the instances of a stack.
type machines struct {
	stack
	group *engine.Node
	// role is that of the instances, profile their instance profile, launcher the role with
	// which ECS launches Managed Instances.
	role, profile, launcher *engine.Node
}

// addRoles adds the roles: the agent of an instance has the rights that AWS has in a policy
// for Managed Instances, and on others those that it needs in this one cluster.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-instance-profile.html
func (m *machines) addRoles(names []string, of map[string][]app.Workload) {
	want := iam.Role{Name: m.name(instances, maxRoleName), Path: rolePath(m.app), Service: iam.InstancesPrincipal}
	launches := false
	for _, name := range names {
		switch {
		case of[name][0].OnManaged():
			launches = true
		case len(want.Statements) == 0:
			want.Statements = m.agentRights()
		}
	}
	if launches {
		want.Managed = []string{PolicyARN("AmazonECSInstanceRolePolicyForManagedInstances", m.facts.Partition)}
	}
	m.role = m.addRole(instances, want)
	m.profile = m.add(iam.ProfileName, iam.InstanceProfile{Name: m.name(instances, maxName), Path: rolePath(m.app), Role: m.role.ID()})
	if !launches {
		return
	}
	m.launcher = m.addRole(instances+"-launch", iam.Role{
		Name: m.name(instances+"-launch", maxRoleName), Path: rolePath(m.app), Service: ecsPrincipal,
		Managed: []string{PolicyARN("AmazonECSInfrastructureRolePolicyForManagedInstances", m.facts.Partition)},
		Statements: []iam.Statement{{
			Actions: []string{"iam:PassRole"}, Resources: []engine.Ref{m.role.ARN()},
			Equals: map[string]engine.Ref{"iam:PassedToService": engine.Lit(iam.InstancesPrincipal)},
		}},
	})
}

// addManaged adds a capacity provider of Managed Instances.
func (m machines) addManaged(name string, workloads []app.Workload) *engine.Node {
	first := workloads[0]
	node := m.add(name, ecs.CapacityProvider{
		Name: Provider(m.app, m.facts.Region, first), Cluster: m.env.cluster, Role: m.launcher.ARN(), Profile: m.profile.ARN(),
		Subnets: m.placing(first).subnets, SecurityGroups: []engine.Ref{m.group.ID()},
		Instances: instancesOf(workloads), DiskGiB: first.Instances.DiskGiB,
	}).After(m.launcher, engine.Ready).After(m.profile, engine.Ready)
	for _, n := range m.env.net.egress {
		node.After(n, engine.Created)
	}
	return node
}

// instancesOf are the instances of a provider: what the file asks for, and at least what
// the largest of its tasks needs.
func instancesOf(workloads []app.Workload) ecs.Instances {
	asked := workloads[0].Instances
	out := ecs.Instances{VCPU: max(asked.VCPU, 1), MemoryMiB: max(asked.MemoryGiB<<10, 1), Types: slices.Sorted(slices.Values(asked.Types)), Makers: []string{"amd", "intel"}}
	if workloads[0].Architecture == "arm64" {
		out.Makers = []string{"amazon-web-services"}
	}
	for _, w := range workloads {
		out.GPUs = max(out.GPUs, w.AllGPUs())
		out.VCPU, out.MemoryMiB = max(out.VCPU, (w.CPU+1023)/1024), max(out.MemoryMiB, w.Memory)
	}
	return out
}

// before makes a workload wait for its capacity provider.
func (m managed) before(node *engine.Node, w app.Workload) {
	if p := m[providerOf(w)]; p != nil && w.OnInstances() {
		node.After(p, engine.Ready)
	}
}
