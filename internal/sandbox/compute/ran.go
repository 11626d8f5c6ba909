package compute

import (
	"time"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// usual is what a program takes of its memory if its image does not say more.
const usual = 0.25

// Ran is how many tasks of a service ran at a time, and what one of them used of its
// memory, from 0 to 1.
func (p *Fargate) Ran(cluster, service string, at time.Time) (tasks int, memory float64) {
	for _, t := range p.s.Tasks.All() {
		s := p.s.Services.Get(t.Service)
		over := !t.Stopped.IsZero() && t.Stopped.Before(at)
		if s == nil || s.Name != service || world.LastPart(s.Cluster) != cluster || t.Started.IsZero() || t.Started.After(at) || over {
			continue
		}
		tasks++
		memory = usual
		for _, c := range t.Containers {
			if used := containers.Of(c.Image, false).Memory; used > 0 {
				memory = float64(used) / float64(number(&t.Memory))
			}
		}
	}
	return tasks, memory
}
