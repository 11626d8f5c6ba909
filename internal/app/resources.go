package app

import (
	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/project"
)

// sizeOf is the size of a task: the smallest of the capacity's that has what the
// service asks for, or what its image is known to need.
func sizeOf(s subject, i image, env environment) capacity.Size {
	want := s.wantedSize().Plus(s.beside)
	known, _ := i.known()
	needed, because := catalog.NeededMemory(known, env.text)
	if s.host != "" {
		got, _ := s.capacity.Fit(want) // its host says how large the task is
		return got
	}
	if want == (capacity.Size{}) && needed > 0 {
		got, refused := s.capacity.Fit(capacity.Size{Memory: needed})
		if refused == nil {
			s.notice("", "no size is asked for, and a task has %s: %s", got, because)
			return got
		}
	}
	got, refused := s.capacity.Fit(want)
	if want == (capacity.Size{}) && refused == nil {
		s.notice("", "no size is asked for, so a task has %s, the smallest; deploy.resources.limits asks for more", got)
	}
	if refused == nil && want.Memory > 0 && got.Memory < needed {
		concern(s, project.Failure, s.sizeKey(), "a task with %s may not start: %s", got, because)
	}
	if refused != nil {
		s.deny(s.sizeKey(), refused)
		return capacity.Size{}
	}
	if want != got && want != (capacity.Size{}) {
		s.notice(s.sizeKey(), "%s%s", s.capacity.Rounded(want, got), together(s))
	}
	return got
}

// wantedSize is the larger of the limits and the reservations: AWS reserves what
// it allows.
func (s subject) wantedSize() capacity.Size {
	c := s.compose
	want := capacity.Of(float64(c.CPUS), int64(max(c.MemLimit, c.MemReservation)))
	if c.Deploy == nil {
		return want
	}
	if r := c.Deploy.Resources.Limits; r != nil {
		want = want.Max(capacity.Of(float64(r.NanoCPUs), int64(r.MemoryBytes)))
	}
	if r := c.Deploy.Resources.Reservations; r != nil {
		want = want.Max(capacity.Of(float64(r.NanoCPUs), int64(r.MemoryBytes)))
	}
	return want
}

// sizeKey is the key that sets the size, for the place in messages.
func (s subject) sizeKey() string {
	for _, key := range []string{"deploy.resources", "mem_limit", "cpus", "mem_reservation"} {
		if s.has(key) {
			return key
		}
	}
	return ""
}
