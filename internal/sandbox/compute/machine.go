package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/hardware"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// machine is an EC2 instance that ECS places tasks on.
type machine struct {
	// ID is that of the container instance, EC2 that of the instance.
	ID, ARN, EC2      string
	Cluster, Provider string
	Kind, Zone        string
	CPU, Memory, GPUs int
	// Slots is for how many tasks an instance of an Auto Scaling group has network interfaces.
	Slots int `json:",omitempty"`
	ENI   string
	// Attributes are those with which its agent registered it.
	Attributes                 map[string]string `json:",omitempty"`
	Launched, Registered, Idle time.Time
}

// machines places tasks on instances, which it launches when tasks need them, and ends
// when they are idle.
type machines struct {
	account *world.Account
	s       *state
	needs   *Needs
}

func (p *machines) machineRoutes(r *world.Router) {
	r.Event("ecs.machine.idle", p.idle)
}

// gpus is the number of GPUs that the containers of a task ask for.
func gpus(d *taskDefinition) int {
	n := 0
	for _, c := range d.Shown.ContainerDefinitions {
		for _, r := range c.ResourceRequirements {
			if r.Type == types.ResourceTypeGpu {
				n += number(r.Value)
			}
		}
	}
	return n
}

// seat places a task on an instance of its provider, and launches one if none has room.
// It returns from when on the instance takes tasks, or why there is none.
func (p *machines) seat(at time.Time, t *task, d *taskDefinition, zone string) (ready time.Time, why string) {
	o := p.s.Capacities.Get(t.Provider)
	need := machine{CPU: number(&t.CPU), Memory: number(&t.Memory), GPUs: gpus(d)}
	for _, m := range p.s.Machines.All() {
		if m.Provider == o.Name && m.Cluster == t.Cluster && m.Zone == zone && isArm(m.Kind) == armed(d) && p.room(m).holds(need) {
			t.Machine = m.ID
			return world.Latest(at, m.Registered), ""
		}
	}
	k, ok := choose(o, need, armed(d))
	if !ok {
		return at, "No Container Instances were found in your capacity provider: no instance type that " + o.Name + " allows has the CPU, memory and GPUs of the task."
	}
	m := p.launch(at, o, t, k, zone)
	if m == nil {
		return at, "The capacity provider " + o.Name + " has no subnet in " + zone + "."
	}
	t.Machine = m.ID
	return m.Registered, ""
}

func isArm(name string) bool {
	k, _ := hardware.Find(name)
	return k.Arm
}

// holds says whether a machine has room for another.
func (m machine) holds(need machine) bool {
	return m.CPU >= need.CPU && m.Memory >= need.Memory && m.GPUs >= need.GPUs
}

// room is what no task on an instance has reserved.
func (p *machines) room(m *machine) machine {
	free := *m
	for _, t := range p.s.Tasks.All() {
		if t.Machine == m.ID && t.Last != stopped {
			free.CPU -= number(&t.CPU)
			free.Memory -= number(&t.Memory)
			if d := p.s.Definitions.Get(t.Definition); d != nil {
				free.GPUs -= gpus(d)
			}
		}
	}
	return free
}

// choose is the cheapest instance type that a provider allows and that a task fits on.
func choose(o *provider, need machine, arm bool) (hardware.Kind, bool) {
	for _, k := range hardware.Kinds() {
		if k.Arm == arm && whole(k).holds(need) && (k.GPUs > 0) == (need.GPUs > 0) && o.allows(k) {
			return k, true
		}
	}
	return hardware.Kind{}, false
}

// whole is a machine of an instance type without tasks.
func whole(k hardware.Kind) machine {
	return machine{Kind: k.Name, CPU: k.VCPU * 1024, Memory: k.Registered(), GPUs: k.GPUs, Slots: k.Interfaces - 1}
}

// launch starts an instance in a zone. Those of an Auto Scaling group are where it wants
// them; nil is a zone in which the provider has no subnet.
func (p *machines) launch(at time.Time, o *provider, t *task, k hardware.Kind, zone string) *machine {
	made := whole(k)
	m := &made
	m.ID, m.EC2, m.Cluster, m.Provider, m.Zone = p.account.NewHex("container-instance", 32), p.account.NewID("i"), t.Cluster, o.Name, zone
	m.Launched, m.Registered = at, at.Add(p.account.Takes(world.MachineRegistered))
	m.ARN = p.account.ARN("ecs", "container-instance/"+world.LastPart(t.Cluster)+"/"+m.ID)
	subnet, groups := t.Subnet, t.Groups
	if n := o.network(); n != nil {
		subnet, groups = "", n.SecurityGroups
		for _, id := range n.Subnets {
			if p.needs.Network.Zone(id) == zone {
				subnet = id
			}
		}
		if subnet == "" {
			return nil
		}
	}
	m.ENI = p.needs.Interfaces.Attach("ecs", subnet, groups, false, "instance "+m.EC2)
	p.s.Machines.Put(p.account, at, m.ID, m)
	return m
}

// leaves is called when a task has stopped: an instance without tasks is ended later.
func (p *machines) leaves(at time.Time, t *task) {
	m := p.s.Machines.Get(t.Machine)
	if m == nil || p.busy(m) {
		return
	}
	m.Idle = at
	p.account.Schedule(at.Add(p.s.idleAfter(m)), "ecs.machine.idle", m.ID)
}

// busy says whether tasks are on an instance, besides daemons.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
func (p *machines) busy(m *machine) bool {
	for _, t := range p.s.Tasks.All() {
		if t.Machine == m.ID && t.Last != stopped && !p.s.isDaemon(t) {
			return true
		}
	}
	return false
}

// idle ends an instance that has had no tasks for long enough.
func (p *machines) idle(at time.Time, id string) {
	if m := p.s.Machines.Get(id); m != nil && !p.busy(m) && !at.Before(m.Idle.Add(p.s.idleAfter(m))) {
		if o := p.s.Capacities.Get(m.Provider); o != nil && o.Group != nil {
			p.needs.Fleets.End(at, m.EC2)
			return
		}
		p.terminate(at, m)
	}
}

// terminate ends an instance, with its volumes.
func (p *machines) terminate(at time.Time, m *machine) {
	p.needs.Interfaces.Release(m.ENI, at.Add(p.account.Takes(world.MachineTerminated)))
	p.s.Machines.Remove(at, m.ID)
}

// idleAfter is how long an instance may be without tasks. Assumption: five minutes, if
// the provider does not say.
func (s *state) idleAfter(m *machine) time.Duration {
	const usual = 5 * time.Minute
	o := s.Capacities.Get(m.Provider)
	if o != nil && o.Group != nil {
		return idleInGroup
	}
	if o == nil || o.Managed == nil || o.Managed.InfrastructureOptimization == nil || o.Managed.InfrastructureOptimization.ScaleInAfter == nil {
		return usual
	}
	return time.Duration(*o.Managed.InfrastructureOptimization.ScaleInAfter) * time.Second
}

// machineOf is the container instance that a task is on; nil on Fargate.
func (s *state) machineOf(t *task) *string {
	if m := s.Machines.Get(t.Machine); m != nil {
		return &m.ARN
	}
	return nil
}

// network is where the instances of a provider are; nil is as its Auto Scaling group says.
func (o *provider) network() *types.ManagedInstancesNetworkConfiguration {
	if o.Managed == nil {
		return nil
	}
	return o.Managed.InstanceLaunchTemplate.NetworkConfiguration
}
