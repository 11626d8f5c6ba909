package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/groups"
	"github.com/berthdev/berth/internal/sandbox/hardware"
	"github.com/berthdev/berth/internal/sandbox/world"
)

const (
	// metric is how often ECS measures CapacityProviderReservation, and scales by it.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
	metric = time.Minute
	// idleInGroup is how long an instance has no task before the group gets smaller: the
	// alarm counts 15 minutes.
	idleInGroup = 15 * metric
)

func (p *placement) placementRoutes(r *world.Router) { r.Event("ecs.provider.scale", p.scale) }

// wait gives a task of a group's provider an instance with room, or lets it wait for one:
// it stays PROVISIONING until then.
func (p *placement) wait(at time.Time, t *task) string {
	t.LaunchType, t.Platform, t.Created = types.LaunchTypeEc2, "", at
	p.s.Tasks.Put(p.account, at, t.ID, t)
	if !p.seated(at, t) {
		p.account.Schedule(at.Add(metric), "ecs.provider.scale", t.Provider)
	}
	return ""
}

// waiting says that a task has no instance yet.
func (t *task) waiting() bool { return t.Last == provisioning && t.Machine == "" && len(t.Places) > 0 }

// seated places a task on an instance with room in the zone of one of its subnets.
func (p *placement) seated(at time.Time, t *task) bool {
	d := p.s.Definitions.Get(t.Definition)
	if d == nil {
		return false
	}
	need := machine{CPU: number(&t.CPU), Memory: number(&t.Memory), GPUs: gpus(d)}
	for _, m := range p.s.Machines.All() {
		if m.Provider != t.Provider || m.Cluster != t.Cluster || isArm(m.Kind) != armed(d) || !p.machines.room(m).holds(need) || p.machines.interfaces(m) < 1 {
			continue
		}
		for _, subnet := range t.Places {
			if p.needs.Network.Zone(subnet) == m.Zone {
				t.Subnet, t.Machine = subnet, m.ID
				p.connect(t, at)
				return true
			}
		}
	}
	return false
}

// interfaces is how many tasks an instance has network interfaces for.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
func (p *machines) interfaces(m *machine) int {
	free := m.Slots
	for _, t := range p.s.Tasks.All() {
		if t.Machine == m.ID && t.Last != stopped {
			free--
		}
	}
	return free
}

// scale asks the group for as many instances as the waiting tasks need, besides those that
// have been asked for. It looks again while tasks wait.
func (p *placement) scale(at time.Time, name string) {
	o := p.s.Capacities.Get(name)
	if o == nil || o.Group == nil {
		return
	}
	group := *o.Group.AutoScalingGroupArn
	_, desired, _, ok := p.needs.Fleets.Fleet(group)
	k, fits := p.needs.Fleets.Next(group)
	bins, waits := []machine{}, false
	for _, t := range p.s.Tasks.All() {
		if t.Provider != name || !t.waiting() || p.seated(at, t) {
			continue
		}
		waits = true
		d := p.s.Definitions.Get(t.Definition)
		need := machine{CPU: number(&t.CPU), Memory: number(&t.Memory), GPUs: gpus(d)}
		if empty := whole(k); ok && fits && empty.holds(need) && k.Arm == armed(d) {
			bins = put(bins, empty, need)
		}
	}
	coming := desired
	for _, m := range p.s.Machines.All() {
		if m.Provider == name {
			coming--
		}
	}
	if len(bins) > coming && o.Group.ManagedScaling.Status == types.ManagedScalingStatusEnabled {
		p.needs.Fleets.SetDesired(at, group, desired+len(bins)-coming)
	}
	if waits {
		p.account.Schedule(at.Add(metric), "ecs.provider.scale", name)
	}
}

// put packs a task into the first machine with room, or into a further one.
func put(bins []machine, empty, need machine) []machine {
	for i, b := range bins {
		if b.holds(need) && b.Slots > 0 {
			bins[i] = b.less(need)
			return bins
		}
	}
	return append(bins, empty.less(need))
}

func (m machine) less(need machine) machine {
	m.CPU, m.Memory, m.GPUs, m.Slots = m.CPU-need.CPU, m.Memory-need.Memory, m.GPUs-need.GPUs, m.Slots-1
	return m
}

// Join registers an instance of an Auto Scaling group with a cluster, as its agent does.
func (p *ECS) Join(at time.Time, name string, i groups.Instance) {
	c := p.s.Clusters.Get(name)
	k, ok := hardware.Find(i.Kind)
	if c == nil || c.Status != active || !ok {
		return
	}
	made := whole(k)
	m := &made
	m.ID, m.EC2, m.Cluster, m.Zone, m.Launched, m.Registered = p.account.NewHex("container-instance", 32), i.ID, c.ARN, i.Zone, at, at
	m.ARN = p.account.ARN("ecs", "container-instance/"+c.Name+"/"+m.ID)
	for _, o := range p.s.Capacities.All() {
		if o.Group != nil && *o.Group.AutoScalingGroupArn == i.Group {
			m.Provider = o.Name
		}
	}
	m.Attributes = i.Attributes
	p.s.Machines.Put(p.account, at, m.ID, m)
	p.services.scheduler.attend(at, c.ARN)
	p.placement.scale(at, m.Provider)
	if !p.machines.busy(m) {
		m.Idle = at
		p.account.Schedule(at.Add(idleInGroup), "ecs.machine.idle", m.ID)
	}
}

// Leave is the end of an instance: so end the tasks on it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
func (p *ECS) Leave(at time.Time, id string) {
	for _, m := range p.s.Machines.All() {
		if m.EC2 != id {
			continue
		}
		p.s.Machines.Remove(at, m.ID)
		p.services.scheduler.attend(at, m.Cluster)
		for _, t := range p.s.Tasks.All() {
			if t.Machine == m.ID && t.Last != stopped {
				p.Fargate.end(at, t, types.TaskStopCodeTerminationNotice, "Host EC2 (instance "+id+") terminated.")
			}
		}
	}
}

var _ groups.Agents = (*ECS)(nil)
