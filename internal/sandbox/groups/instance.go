package groups

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/hardware"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// of are the instances of a group, the oldest first.
func (p *Groups) of(g *group) []*instance {
	return slices.DeleteFunc(p.s.Instances.All(), func(i *instance) bool { return i.Group != g.ARN })
}

// fitting are the instance types that a group may start, the cheapest first.
func fitting(g *group) []hardware.Kind {
	var out []hardware.Kind
	for _, k := range hardware.Kinds() {
		for _, o := range g.Policy.LaunchTemplate.Overrides {
			if o.InstanceRequirements != nil && requirements(o.InstanceRequirements).Meets(k) || aws.ToString(o.InstanceType) == k.Name {
				out = append(out, k)
			}
		}
	}
	return out
}

func requirements(r *types.InstanceRequirements) hardware.Requirements {
	between := func(low, high *int32) hardware.Range {
		return hardware.Range{Min: int(aws.ToInt32(low)), Max: int(aws.ToInt32(high))}
	}
	out := hardware.Requirements{Types: r.AllowedInstanceTypes, Nvidia: len(r.AcceleratorManufacturers) > 0}
	if r.VCpuCount != nil {
		out.VCPU = between(r.VCpuCount.Min, r.VCpuCount.Max)
	}
	if r.MemoryMiB != nil {
		out.MemoryMiB = between(r.MemoryMiB.Min, r.MemoryMiB.Max)
	}
	for _, m := range r.CpuManufacturers {
		out.Makers = append(out.Makers, string(m))
	}
	if a := r.AcceleratorCount; a != nil {
		gpus := between(a.Min, a.Max)
		out.GPUs = &gpus
	}
	return out
}

// Next is the instance type that a group would start now.
func (p *Groups) Next(arn string) (hardware.Kind, bool) {
	g := p.byARN(arn)
	if g == nil {
		return hardware.Kind{}, false
	}
	all := fitting(g)
	if len(all) == 0 {
		return hardware.Kind{}, false
	}
	return all[0], true
}

// SetDesired changes the number of instances, as the scaling policy of a capacity provider
// does. It stays within the bounds of the group.
func (p *Groups) SetDesired(at time.Time, arn string, n int) {
	if g := p.byARN(arn); g != nil && !g.Deleting {
		g.Desired = min(max(int32(n), g.Min), g.Max) //nolint:gosec // the number of tasks at most
		p.settle(at, g)
	}
}

// End ends one instance, protected or not: ECS has taken its protection off. The group gets
// smaller by it.
func (p *Groups) End(at time.Time, id string) {
	i := p.s.Instances.Get(id)
	if i == nil || i.State == types.LifecycleStateTerminating {
		return
	}
	if g := p.byARN(i.Group); g != nil {
		g.Desired = max(g.Desired-1, g.Min)
	}
	p.terminate(at, i)
}

// settle starts and ends instances until a group has those that it wants. Of too many it
// ends the oldest that are not protected.
func (p *Groups) settle(at time.Time, g *group) {
	live := slices.DeleteFunc(p.of(g), func(i *instance) bool { return i.State == types.LifecycleStateTerminating })
	for n := len(live); n < int(g.Desired); n++ {
		p.launch(at, g)
	}
	surplus := len(live) - int(g.Desired)
	for _, i := range live {
		if surplus > 0 && !i.Protected {
			p.terminate(at, i)
			surplus--
		}
	}
}

// launch starts an instance in the zone of the group that has the fewest.
func (p *Groups) launch(at time.Time, g *group) {
	of := g.Policy.LaunchTemplate.LaunchTemplateSpecification
	data := p.Needs.Network.LaunchData(aws.ToString(of.LaunchTemplateId), aws.ToString(of.Version))
	kinds := fitting(g)
	if data == nil || len(kinds) == 0 {
		return // Auto Scaling says so in an activity, and tries again later
	}
	have := map[string]int{}
	for _, i := range p.of(g) {
		have[i.Subnet]++
	}
	subnet := slices.MinFunc(g.Subnets, func(a, b string) int { return have[a] - have[b] })
	i := &instance{
		Instance: Instance{ID: p.account.NewID("i"), Group: g.ARN, Kind: kinds[0].Name, Zone: p.Needs.Network.Zone(subnet), Subnet: subnet, Attributes: attributesIn(data)},
		Cluster:  clusterIn(data), Template: aws.ToString(of.LaunchTemplateId), Version: aws.ToString(of.Version),
		State: types.LifecycleStatePending, Protected: g.Protected, Tags: map[string]string{},
	}
	if data.IamInstanceProfile != nil {
		i.Role, _ = p.Needs.Profiles.ProfileRole(aws.ToString(data.IamInstanceProfile.Arn))
	}
	for _, s := range data.TagSpecifications {
		if s.ResourceType == ec2types.ResourceTypeInstance {
			for _, t := range s.Tags {
				i.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
		}
	}
	i.ENI = p.Needs.Interfaces.Attach("ec2", subnet, data.SecurityGroupIds, false, "instance "+i.ID)
	p.s.Instances.Put(p.account, at, i.ID, i)
	p.account.Schedule(at.Add(p.account.Takes(world.MachineRegistered)), "groups.instance.up", i.ID)
}

var (
	clusterLine    = regexp.MustCompile(`(?m)^\s*(?:echo )?'?ECS_CLUSTER=([A-Za-z0-9_-]+)`)
	attributesLine = regexp.MustCompile(`(?m)^\s*ECS_INSTANCE_ATTRIBUTES=({.*})$`)
)

// attributesIn are the attributes that user data gives an instance; the agent ignores what is
// no object of texts.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
func attributesIn(data *ec2types.ResponseLaunchTemplateData) map[string]string {
	text, err := base64.StdEncoding.DecodeString(aws.ToString(data.UserData))
	if err != nil {
		return nil
	}
	var out map[string]string
	if m := attributesLine.FindSubmatch(text); m != nil && json.Unmarshal(m[1], &out) != nil {
		return nil
	}
	return out
}

// clusterIn is the cluster that user data names.
func clusterIn(data *ec2types.ResponseLaunchTemplateData) string {
	text, err := base64.StdEncoding.DecodeString(aws.ToString(data.UserData))
	if err != nil {
		return ""
	}
	if m := clusterLine.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return "default"
}

// up is when the agent of an instance registers it, if it may and if it reaches ECS.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
func (p *Groups) up(at time.Time, id string) {
	i := p.s.Instances.Get(id)
	if i == nil || i.State != types.LifecycleStatePending {
		return
	}
	i.State = types.LifecycleStateInService
	cluster := p.account.ARN("ecs", "cluster/"+i.Cluster)
	may := func(action, resource string) bool {
		return i.Role != "" && p.Needs.Roles.RoleAllows(i.Role, "ecs:"+action, resource)
	}
	machine := p.account.ARN("ecs", "container-instance/"+i.Cluster+"/"+i.ID)
	if p.Needs.Network.Online(i.Subnet, false) && may("RegisterContainerInstance", cluster) && may("DiscoverPollEndpoint", "*") && may("Poll", machine) &&
		may("StartTelemetrySession", machine) && may("SubmitTaskStateChange", cluster) && may("SubmitContainerStateChange", cluster) &&
		may("SubmitAttachmentStateChanges", cluster) {
		p.Needs.Agents.Join(at, i.Cluster, i.Instance)
	}
}

// terminate ends an instance, with its volume.
func (p *Groups) terminate(at time.Time, i *instance) {
	if i.State == types.LifecycleStateTerminating {
		return
	}
	i.State = types.LifecycleStateTerminating
	p.Needs.Agents.Leave(at, i.ID)
	gone := at.Add(p.account.Takes(world.MachineTerminated))
	p.Needs.Interfaces.Release(i.ENI, gone)
	p.account.Schedule(gone, "groups.instance.gone", i.ID)
}

func (p *Groups) gone(at time.Time, id string) {
	i := p.s.Instances.Get(id)
	if i == nil {
		return
	}
	p.s.Instances.Remove(at, id)
	if g := p.byARN(i.Group); g != nil && g.Deleting && len(p.of(g)) == 0 {
		p.s.Groups.Remove(at, g.Name)
	}
}
