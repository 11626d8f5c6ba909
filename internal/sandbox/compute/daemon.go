package compute

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
)

// daemon says that a service has one task on each instance.
func (s *service) daemon() bool { return s.Scheduling == types.SchedulingStrategyDaemon }

// hosts are the instances that a daemon has a task on: those of its cluster that meet its
// constraints, with the processors of its image.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon
func (p *scheduler) hosts(at time.Time, s *service, d *deployment) []*machine {
	def := p.s.Definitions.Get(d.Revision.TaskDefinition)
	return slices.DeleteFunc(p.s.Machines.All(), func(m *machine) bool {
		return m.Cluster != s.Cluster || m.Registered.After(at) || !strategy.Member(m.Attributes, s.Constraints) || isArm(m.Kind) != armed(def)
	})
}

// spread sets how many tasks a daemon is to have: one on each instance.
func (p *scheduler) spread(at time.Time, s *service) {
	if n := int32(len(p.hosts(at, s, s.Deployments[0]))); n != s.Desired {
		s.Desired, s.Steady = n, false
	}
}

// vacant is an instance on which no task of a daemon is; nil if there is none.
func (p *scheduler) vacant(at time.Time, s *service, d *deployment) *machine {
	all := p.hosts(at, s, d)
	i := slices.IndexFunc(all, func(m *machine) bool {
		return len(p.s.tasksOf(s, nil, func(t *task) bool { return unstopped(t) && t.Machine == m.ID })) == 0
	})
	if i < 0 {
		return nil
	}
	return all[i]
}

// onHost places a daemon's task on its instance, if that has room.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func (p *placement) onHost(at time.Time, t *task, d *taskDefinition) string {
	m := p.s.Machines.Get(t.Machine)
	need := machine{CPU: number(&t.CPU), Memory: number(&t.Memory), GPUs: gpus(d)}
	lacks := ""
	switch free := p.machines.room(m); {
	case free.CPU < need.CPU:
		lacks = "CPU units"
	case free.Memory < need.Memory:
		lacks = "memory"
	case free.GPUs < need.GPUs:
		lacks = "GPU"
	case p.machines.interfaces(m) < 1:
		lacks = "ENI"
	default:
		t.LaunchType, t.Platform = types.LaunchTypeEc2, ""
		i := slices.IndexFunc(t.Places, func(id string) bool { return p.needs.Network.Zone(id) == m.Zone })
		if i < 0 {
			return "The network configuration has no subnet in " + m.Zone + "."
		}
		t.Subnet = t.Places[i]
		p.create(at, t, at)
		return ""
	}
	t.Machine = ""
	return "No container instance met all of its requirements. The closest matching container-instance " + m.ID + " has insufficient " + lacks + " available."
}

// attend looks at the daemons of a cluster when an instance comes or goes: their tasks are
// the first on a new one.
func (p *scheduler) attend(at time.Time, cluster string) {
	for _, s := range p.s.Services.All() {
		if s.Cluster == cluster && s.daemon() {
			p.look(at, s.ARN)
		}
	}
}

// isDaemon says whether the service scheduler put a task on an instance because it is one.
func (s *state) isDaemon(t *task) bool {
	of := s.Services.Get(t.Service)
	return of != nil && of.daemon()
}
