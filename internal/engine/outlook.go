package engine

import "time"

// Outlook is how an action stands in its plan.
type Outlook struct {
	// Ends is when the action typically ends, counted from the beginning of the
	// run.
	Ends time.Duration
	// Needs are the addresses whose actions the action waits for, directly or
	// through others.
	Needs []Address
}

// Outlook returns how an action of the plan stands in it; zero for an action
// without a step, such as one that leaves an object alone.
func (p *Plan) Outlook(a *Action) Outlook {
	var out Outlook
	seen := map[*step]bool{}
	ends := map[*step]time.Duration{}
	for _, s := range p.steps {
		if s.action == a {
			out.Ends = max(out.Ends, endOf(s, ends))
			out.Needs = append(out.Needs, needsOf(s, seen)...)
		}
	}
	return out
}

// endOf is when a step typically ends; ends remembers those of other steps.
func endOf(s *step, ends map[*step]time.Duration) time.Duration {
	if end, ok := ends[s]; ok {
		return end
	}
	var begin time.Duration
	for _, n := range s.needs {
		end := endOf(n.step, ends)
		if n.at != Ready {
			end -= n.step.dur
		}
		begin = max(begin, end)
	}
	ends[s] = begin + s.dur
	return ends[s]
}

// needsOf are the addresses that a step waits for and that seen does not have.
func needsOf(s *step, seen map[*step]bool) []Address {
	var out []Address
	for _, n := range s.needs {
		if seen[n.step] {
			continue
		}
		seen[n.step] = true
		if n.step.action != s.action {
			out = append(out, n.step.action.Address)
		}
		out = append(out, needsOf(n.step, seen)...)
	}
	return out
}
