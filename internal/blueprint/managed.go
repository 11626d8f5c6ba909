package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// instances is the name of what all Managed Instances of a stack share; no service can
// have this name.
const instances = "_instances"

// Provider is the name of the capacity provider of a workload; empty for Fargate.
func Provider(a *app.App, region string, w app.Workload) string {
	if w.OnManaged() {
		return naming.Name(Stack(a), region, "berth-"+providerOf(w), maxName)
	}
	return w.Capacity
}

// providerOf is the name in the graph of the provider of a workload on Managed Instances:
// its own, or that of all with the same processors.
func providerOf(w app.Workload) string {
	switch {
	case w.Own, len(w.Subnets) > 0, gpus(w) > 0:
		return w.Name
	case w.Architecture == "arm64":
		return instances + "-arm64"
	}
	return instances
}

// managed are the capacity providers of a stack's Managed Instances, by their names in
// the graph.
type managed map[string]*engine.Node

// newManaged is the stage of the Managed Instances: capacity providers, which differ in
// what their instances have, and what they share: a group that lets nothing in, a role
// and a profile for the instances, and a role with which ECS launches and ends them.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-instance-profile.html
func newManaged(s stack, g groups) managed {
	of := map[string][]app.Workload{}
	var names []string
	for _, w := range s.app.Workloads() {
		if !w.OnManaged() {
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
	group := g.addGroup(instances, "instances", nil)
	role := s.addRole(instances, iam.Role{
		Name: s.name(instances, maxRoleName), Path: rolePath(s.app), Service: iam.InstancesPrincipal,
		Managed: []string{PolicyARN("AmazonECSInstanceRolePolicyForManagedInstances", s.facts.Partition)},
	})
	profile := s.add(iam.ProfileName, iam.InstanceProfile{Name: s.name(instances, maxName), Path: rolePath(s.app), Role: role.ID()})
	launcher := s.addRole(instances+"-launch", iam.Role{
		Name: s.name(instances+"-launch", maxRoleName), Path: rolePath(s.app), Service: ecsPrincipal,
		Managed: []string{PolicyARN("AmazonECSInfrastructureRolePolicyForManagedInstances", s.facts.Partition)},
		Statements: []iam.Statement{{
			Actions: []string{"iam:PassRole"}, Resources: []engine.Ref{role.ARN()},
			Equals: map[string]engine.Ref{"iam:PassedToService": engine.Lit(iam.InstancesPrincipal)},
		}},
	})
	out := managed{}
	for _, name := range names {
		first := of[name][0]
		out[name] = s.add(name, ecs.CapacityProvider{
			Name: Provider(s.app, s.facts.Region, first), Cluster: s.env.cluster, Role: launcher.ARN(), Profile: profile.ARN(),
			Subnets: s.placing(first).subnets, SecurityGroups: []engine.Ref{group.ID()},
			Instances: instancesOf(of[name]), DiskGiB: first.Instances.DiskGiB,
		}).After(launcher, engine.Ready).After(profile, engine.Ready)
		for _, n := range s.env.net.egress {
			out[name].After(n, engine.Created)
		}
	}
	return out
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
		out.GPUs = max(out.GPUs, gpus(w))
		out.VCPU, out.MemoryMiB = max(out.VCPU, (w.CPU+1023)/1024), max(out.MemoryMiB, w.Memory)
	}
	return out
}

// gpus is how many GPUs a task of a workload has.
func gpus(w app.Workload) int {
	n := 0
	for _, c := range w.Containers() {
		n += c.GPUs
	}
	return n
}

// before makes a workload wait for its capacity provider.
func (m managed) before(node *engine.Node, w app.Workload) {
	if p := m[providerOf(w)]; p != nil && w.OnManaged() {
		node.After(p, engine.Ready)
	}
}
