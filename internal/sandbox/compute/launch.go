package compute

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// launch starts a task of a deployment. If that is not possible, the result is
// the text for an event; otherwise "".
func (p *scheduler) launch(at time.Time, s *service, d *deployment) string {
	def := p.s.Definitions.Get(d.Revision.TaskDefinition)
	if def == nil {
		return "was unable to place a task. Reason: the task definition does not exist."
	}
	why := p.startup.Roles(&def.Shown)
	if err := p.placement.checkNetwork(p.account.RequestAt(at), d.Revision.Network); why == "" && err != nil {
		why = startup.Words(err)
	}
	if why != "" {
		return "failed to launch a task with (error " + why + ")."
	}
	provider := p.nextProvider(s, d)
	t := p.placement.newTask(def, taskSpec{
		cluster: s.Cluster, group: "service:" + s.Name, startedBy: d.ID, launch: d.Revision.LaunchType, provider: provider,
		network: d.Revision.Network.AwsvpcConfiguration, turn: p.s.count(s, nil, unstopped), digests: d.Revision.Digests, execute: s.ExecuteOn,
	})
	t.Service, t.Deployment = s.ARN, d.ID
	if s.daemon() {
		t.Machine, t.Places = p.vacant(at, s, d).ID, d.Revision.Network.AwsvpcConfiguration.Subnets
	}
	switch s.Propagate {
	case types.PropagateTagsService:
		t.Tags = slices.Clone(s.Tags)
	case types.PropagateTagsTaskDefinition:
		t.Tags = slices.Clone(def.Tags)
	}
	if why := p.placement.place(at, t); why != "" {
		return "was unable to place a task. Reason: " + why
	}
	p.deployments.say(at, s, "has started 1 tasks: (task %s).", t.ID)
	return ""
}

// nextProvider picks the capacity provider of a deployment's next task: first
// the base, then by weight. Empty for a launch type.
func (p *scheduler) nextProvider(s *service, d *deployment) string {
	have := map[string]int{}
	for _, t := range p.s.tasksOf(s, d, alive) {
		have[t.Provider]++
	}
	return strategy.Next(d.Revision.Strategy, have)
}

// taskSpec is what a new task is made from, besides its definition.
type taskSpec struct {
	cluster, group, startedBy, provider string
	launch                              types.LaunchType
	network                             *types.AwsVpcConfiguration
	// turn picks one of the subnets, so that tasks spread over the zones.
	turn    int
	digests map[string]string
	// execute is for ECS Exec.
	execute bool
}

// placement finds a place for new tasks.
type placement struct {
	account  *world.Account
	s        *state
	needs    *Needs
	images   *Images
	machines *machines
}

// newTask makes a task that is not placed yet.
func (p *placement) newTask(d *taskDefinition, spec taskSpec) *task {
	id := p.account.NewHex("task", 32)
	t := &task{
		ID: id, ARN: p.account.ARN("ecs", "task/"+world.LastPart(spec.cluster)+"/"+id), Cluster: spec.cluster,
		Definition: *d.Shown.TaskDefinitionArn, Group: spec.group, StartedBy: spec.startedBy, Desired: running, Last: provisioning,
		LaunchType: types.LaunchTypeFargate, Provider: spec.provider, Platform: platform,
		CPU: aws.ToString(d.Shown.Cpu), Memory: aws.ToString(d.Shown.Memory),
		Subnet: spec.network.Subnets[spec.turn%len(spec.network.Subnets)], Groups: slices.Clone(spec.network.SecurityGroups),
		Public: spec.network.AssignPublicIp == types.AssignPublicIpEnabled, Version: 1, ExecuteOn: spec.execute,
	}
	if o := p.s.Capacities.Get(spec.provider); o != nil && o.Group != nil {
		t.Places = spec.network.Subnets
	}
	for _, c := range d.Shown.ContainerDefinitions {
		made := &container{
			Name: *c.Name, Image: *c.Image, Digest: spec.digests[*c.Image], Essential: aws.ToBool(c.Essential), Last: pending,
			RuntimeID: id + "-" + p.account.NewHex("runtime", 10), Health: types.HealthStatusUnknown,
		}
		if made.Digest == "" {
			made.Digest = p.images.ImageDigest(*c.Image)
		}
		if l := c.LogConfiguration; l != nil && l.LogDriver == types.LogDriverAwslogs {
			made.LogGroup = l.Options["awslogs-group"]
			made.LogStream = l.Options["awslogs-stream-prefix"] + "/" + *c.Name + "/" + id
		}
		t.Containers = append(t.Containers, made)
	}
	return t
}

// place gives a new task its network interface and starts it as soon as
// Fargate's launch rate allows. If that is not possible, the result says why.
func (p *placement) place(at time.Time, t *task) string {
	zone := p.needs.Network.Zone(t.Subnet)
	if t.Machine != "" {
		return p.onHost(at, t, p.s.Definitions.Get(t.Definition))
	}
	if o := p.s.Capacities.Get(t.Provider); o != nil && o.Group != nil {
		return p.wait(at, t)
	} else if o != nil {
		return p.onMachine(at, t, zone)
	}
	if why := p.overQuota(t); why != "" {
		return why
	}
	if def := p.s.Definitions.Get(t.Definition); p.s.Full || p.noSpot(t) || !p.account.HasFargate(zone) || armed(def) && !p.account.HasGraviton(zone) {
		return "Capacity is unavailable at this time. Please try again later or in a different availability zone"
	}
	p.create(at, t, p.launchSlot(at, t.Provider))
	return ""
}

// noSpot says that Spot has no capacity for one more task.
func (p *placement) noSpot(t *task) bool {
	if t.Provider != "FARGATE_SPOT" || p.s.Room == nil {
		return false
	}
	n := 0
	for _, o := range p.s.Tasks.All() {
		if o.Last != stopped && o.Provider == t.Provider {
			n++
		}
	}
	return n >= *p.s.Room
}

// onMachine places a task on an instance of its capacity provider.
func (p *placement) onMachine(at time.Time, t *task, zone string) string {
	def := p.s.Definitions.Get(t.Definition)
	if def == nil {
		return "the task definition does not exist."
	}
	ready, why := p.machines.seat(at, t, def, zone)
	if why == "" {
		t.LaunchType, t.Platform = types.LaunchTypeEc2, ""
		if p.s.Capacities.Get(t.Provider).Managed != nil {
			t.LaunchType = types.LaunchTypeManagedInstances
		}
		p.create(at, t, ready)
	}
	return why
}

// create gives a task its network interface; it is placed after a time.
func (p *placement) create(at time.Time, t *task, from time.Time) {
	t.Created = at
	p.s.Tasks.Put(p.account, at, t.ID, t)
	p.connect(t, from)
}

// connect is the part of create that needs the task's zone.
func (p *placement) connect(t *task, from time.Time) {
	if len(t.Groups) == 0 {
		t.Groups = p.needs.Network.DefaultGroup(t.Subnet)
	}
	t.ENI = p.needs.Interfaces.Attach("ecs", t.Subnet, t.Groups, t.Public, p.account.ARN("ecs", "attachment/"+p.account.NewUUID("attachment")))
	t.IP = p.needs.Interfaces.Address(t.ENI)
	p.account.Schedule(from.Add(p.account.Takes(world.TaskPlaced)), "ecs.task.placed", t.ID)
}

// armed reports whether a task is for arm64.
func armed(d *taskDefinition) bool {
	return d != nil && d.Shown.RuntimePlatform != nil && d.Shown.RuntimePlatform.CpuArchitecture == types.CPUArchitectureArm64
}

// overQuota returns why a task cannot start if it would exceed the account's
// vCPUs; otherwise "".
func (p *placement) overQuota(t *task) string {
	name := "fargate vcpu"
	if t.Provider == "FARGATE_SPOT" {
		name = "fargate spot vcpu"
	}
	used := number(&t.CPU)
	for _, o := range p.s.Tasks.All() {
		if o.Last != stopped && o.Machine == "" && len(o.Places) == 0 && (o.Provider == "FARGATE_SPOT") == (t.Provider == "FARGATE_SPOT") {
			used += number(&o.CPU)
		}
	}
	if used > 1024*p.account.Quota(name, 6) {
		return "You've reached the limit on the number of vCPUs you can run concurrently"
	}
	return ""
}

// launchSlot returns when Fargate starts the next task: a bucket of 100,
// refilled by 20 a second, for on-demand and Spot each. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
func (p *placement) launchSlot(at time.Time, provider string) time.Time {
	const burst, perSecond = 100, 20
	key := "FARGATE"
	if strings.HasSuffix(provider, "SPOT") {
		key = "FARGATE_SPOT"
	}
	if p.s.Launches == nil {
		p.s.Launches = map[string]*world.Bucket{}
	}
	b := p.s.Launches[key]
	if b == nil {
		b = &world.Bucket{Level: burst, At: at}
		p.s.Launches[key] = b
	}
	b.Fill(at, world.Rate{Burst: burst, PerSecond: perSecond})
	b.Level--
	if b.Level >= 0 {
		return at
	}
	return at.Add(time.Duration(-b.Level / perSecond * float64(time.Second)))
}
