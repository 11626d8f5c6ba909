package sidecar

import (
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/capacity"
)

// Share is what a container asks for in a task of several; zero is no limit of its
// own. CPU is in units of 1/1024 vCPU, memory in MiB.
type Share struct {
	CPU int
	// Memory is the most that it gets, Reserved what it has at least.
	Memory, Reserved int
}

// minShare is the least memory of a container, in MiB.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
const minShare = 6

// Share is what the container of a service asks for; zero if it is alone in its task.
func (s *Sidecars) Share(name string) Share { return s.shares[name] }

// shareOf is what the container of a service asks for.
func (s *Sidecars) shareOf(name string) Share {
	c := s.project.Compose.Services[name]
	limit, reserved := capacity.Of(float64(c.CPUS), int64(c.MemLimit)), capacity.Of(0, int64(c.MemReservation))
	if c.Deploy != nil {
		for _, r := range []struct {
			to *capacity.Size
			of *types.Resource
		}{{&limit, c.Deploy.Resources.Limits}, {&reserved, c.Deploy.Resources.Reservations}} {
			if r.of != nil {
				*r.to = r.to.Max(capacity.Of(float64(r.of.NanoCPUs), int64(r.of.MemoryBytes)))
			}
		}
	}
	out := Share{CPU: max(limit.CPU, reserved.CPU), Memory: limit.Memory, Reserved: reserved.Memory}
	if out.Memory > 0 && out.Reserved >= out.Memory {
		out.Memory, out.Reserved = out.Reserved, 0 // ECS wants a limit above the reservation
	}
	for _, n := range []*int{&out.Memory, &out.Reserved} {
		if *n > 0 && *n < minShare {
			*n = minShare
			s.notice(name, "", "its memory becomes %d MiB, the least that a container can have", minShare)
		}
	}
	return out
}
