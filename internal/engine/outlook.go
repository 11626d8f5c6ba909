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

// Outlooks returns how an action of the plan stands in it; zero for an action
// without a step, such as one that leaves an object alone. What steps have in common
// is worked out once for all actions.
func (p *Plan) Outlooks() func(*Action) Outlook {
	of := map[*Action][]*step{}
	for _, s := range p.steps {
		of[s.action] = append(of[s.action], s)
	}
	ends := map[*step]time.Duration{}
	return func(a *Action) Outlook {
		var out Outlook
		seen := map[*step]bool{}
		for _, s := range of[a] {
			out.Ends = max(out.Ends, endOf(s, ends))
			out.Needs = appendNeeds(out.Needs, s, seen)
		}
		return out
	}
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

// appendNeeds appends the addresses that a step waits for and that seen does not
// have.
func appendNeeds(out []Address, s *step, seen map[*step]bool) []Address {
	for _, n := range s.needs {
		if seen[n.step] {
			continue
		}
		seen[n.step] = true
		if n.step.action != s.action {
			out = append(out, n.step.action.Address)
		}
		out = appendNeeds(out, n.step, seen)
	}
	return out
}
