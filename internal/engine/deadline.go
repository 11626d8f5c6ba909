package engine

import "time"

const (
	// leastDeadline is the shortest deadline of a run; most runs have it.
	leastDeadline = 15 * time.Minute
	// deadlineStep: deadlines are rounded up to a multiple of it.
	deadlineStep = 5 * time.Minute
	// badDay is how many times its typical time a step may take, unless its
	// type says how long.
	badDay = 3
)

// Deadline is how long a run of the plan may take: as long as its longest chain
// of steps and the provider's rates take on a bad day, and not less than 15
// minutes. slowest is the title of the step with the largest share of that time;
// empty when 15 minutes are enough.
func (p *Plan) Deadline() (d time.Duration, slowest string) {
	ends := map[*step]path{}
	var longest path
	for _, s := range p.steps {
		if e := pathTo(s, Ready, ends); e.takes > longest.takes {
			longest = e
		}
	}
	if wait, last := limited(p.steps); wait > 0 {
		longest.takes += badDay * wait
		if longest.slowest == nil || badDay*wait > longest.slowest.onBadDay() {
			longest.slowest = last
		}
	}
	if longest.takes <= leastDeadline {
		return leastDeadline, ""
	}
	return (longest.takes + deadlineStep - 1).Truncate(deadlineStep), longest.slowest.action.Title()
}

// path is a chain of steps that ends with a certain step, with its length on a
// bad day.
type path struct {
	takes   time.Duration
	slowest *step
}

// pathTo is the longest chain up to the moment at which the step meets the need
// of a dependent. ends are the chains to the ends of steps.
func pathTo(s *step, at Need, ends map[*step]path) path {
	end, known := ends[s]
	if !known {
		for _, n := range s.needs {
			if before := pathTo(n.step, n.at, ends); before.takes > end.takes {
				end = before
			}
		}
		end.takes += s.onBadDay()
		if end.slowest == nil || s.onBadDay() > end.slowest.onBadDay() {
			end.slowest = s
		}
		ends[s] = end
	}
	if at == Created {
		end.takes -= s.onBadDay()
	}
	return end
}

// onBadDay is how long the step alone may take.
func (s *step) onBadDay() time.Duration {
	spec := s.typ.Spec()
	by := spec.ReadyBy
	if s.deletes() {
		by = spec.GoneBy
	}
	if s.kind == stepRecord || by == 0 {
		return badDay * s.dur
	}
	return max(by, s.dur)
}
