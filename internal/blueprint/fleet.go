package blueprint

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/scalinggroup"
	"github.com/berthdev/berth/internal/engine"
)

const (
	// usualMax is the most instances of a group whose file does not say it.
	usualMax = 10
	// usualDisk is the size of the AMI's own volume, in GiB.
	usualDisk = 30
)

// addFleet adds a capacity provider with an Auto Scaling group and its launch template.
func (m machines) addFleet(name string, workloads []app.Workload) *engine.Node {
	first := workloads[0]
	called := Provider(m.app, m.facts.Region, first)
	tags := map[string]string{}
	if len(workloads) == 1 {
		maps.Copy(tags, first.Labels) // the instances of one workload cost what it costs
	}
	labels := maps.Clone(tags)
	owner := Stack(m.app)
	// Not the group's name: what has that in an attribute would seem to use the group.
	tags["Name"] = cmp.Or(tags["Name"], owner.Environment+"/"+owner.Project+"/"+name)
	tags[engine.TagOwner] = owner.String()
	template := m.add(name, ec2.LaunchTemplate{
		Name: called, Image: m.machineImage(first), Profile: m.profile.ARN(), SecurityGroups: []engine.Ref{m.group.ID()},
		UserData: m.userData(first), DiskGiB: cmp.Or(first.Instances.DiskGiB, usualDisk), Metadata: ec2.OnlyIMDSv2,
		InstanceTags: tags,
	}).Label(labels).After(m.role, engine.Ready).After(m.profile, engine.Ready)
	needs := instancesOf(workloads)
	needs.MemoryMiB = max(needs.MemoryMiB, m.withReserve(workloads))
	group := m.add(name, scalinggroup.Group{
		Name: called, Template: template.ID(), Version: template.Output(ec2.OutputVersion), Subnets: m.placing(first).subnets,
		Max: MostInstances(first), Protected: true,
		Instances: scalinggroup.Instances{VCPU: needs.VCPU, MemoryMiB: needs.MemoryMiB, Types: needs.Types, Makers: needs.Makers, GPUs: needs.GPUs},
	}).Label(labels).After(template, engine.Ready)
	for _, n := range m.env.net.egress {
		group.After(n, engine.Created)
	}
	return m.add(name, ecs.GroupProvider{
		Name: called, Group: group.ARN(), Cluster: m.env.cluster, Scaling: true, Protection: true, Draining: true,
	}).Label(labels).After(group, engine.Ready)
}

// MostInstances is the most EC2 instances at a time of those on which a workload runs.
func MostInstances(w app.Workload) int { return cmp.Or(w.Instances.Max, usualMax) }

// withReserve is the memory of an instance on which the largest task has room beside those
// that are on each instance: what the
// agent registers is less by what the kernel and the agent itself take. ECS documents no
// number; on small instances it is about 5 per cent.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
func (m machines) withReserve(workloads []app.Workload) int {
	most, daemons := 0, 0
	for _, w := range workloads {
		if s, ok := m.app.Service(w.Name); ok && s.Global {
			daemons += w.Memory
			continue
		}
		most = max(most, w.Memory)
	}
	most += daemons
	return most + most/10 + 256
}

// machineImage is the AMI of a workload's instances; without facts the parameter with its id.
func (m machines) machineImage(w app.Workload) string {
	name := imageParameter(w)
	return cmp.Or(m.facts.Existing.Parameters[name], name)
}

// imageParameter is the public parameter with the id of the AMI that AWS makes for ECS.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
func imageParameter(w app.Workload) string {
	variant := ""
	switch {
	case w.AllGPUs() > 0:
		variant = "gpu/"
	case w.Architecture == "arm64":
		variant = "arm64/"
	}
	return "/aws/service/ecs/optimized-ami/amazon-linux-2023/" + variant + "recommended/image_id"
}

// ImageParameters are the public parameters with the AMIs of an app's instances.
func ImageParameters(a *app.App) []string {
	var out []string
	for _, w := range a.Workloads() {
		if w.OnEC2() {
			out = append(out, imageParameter(w))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// userData configures the agent of an instance. Tasks cannot read the instance's
// metadata, and with it the rights of the agent.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
func (m machines) userData(w app.Workload) string {
	lines := []string{
		"ECS_CLUSTER=" + ecs.ClusterName(Environment(m.app), m.facts.Region),
		"ECS_AWSVPC_BLOCK_IMDS=true",
		"ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true",
		"ECS_INSTANCE_ATTRIBUTES={\"" + ecs.InstanceAttribute + "\":\"" + Provider(m.app, m.facts.Region, w) + "\"}",
	}
	if w.AllGPUs() > 0 {
		lines = append(lines, "ECS_ENABLE_GPU_SUPPORT=true")
	}
	return "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\n" + strings.Join(lines, "\n") + "\nEND\n"
}

// agentRights are what the agent of an instance does: it registers the instance with the
// cluster and reports what its tasks do. The execution roles of the tasks pull images and
// write logs.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html and
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
func (m machines) agentRights() []iam.Statement {
	own := "arn:" + m.facts.Partition + ":ecs:" + m.facts.Region + ":" + m.facts.Account + ":container-instance/" + ecs.ClusterName(Environment(m.app), m.facts.Region) + "/*"
	return []iam.Statement{
		{Actions: []string{"ecs:DiscoverPollEndpoint"}, Resources: []engine.Ref{engine.Lit("*")}},
		{
			Actions: []string{
				"ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance", "ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange",
				"ecs:SubmitTaskStateChange",
			},
			Resources: []engine.Ref{m.env.cluster},
		},
		{Actions: []string{"ecs:Poll", "ecs:StartTelemetrySession"}, Resources: []engine.Ref{engine.Lit(own)}},
	}
}
