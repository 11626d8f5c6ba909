package engine

import (
	"cmp"
	"slices"
	"time"
)

// dropDeleteCycles drops the needs within every group of deletions that wait
// for each other, such as two security groups whose rules name one another. The
// group then starts together, and the calls that the provider refuses with a
// Conflict are repeated.
func dropDeleteCycles(steps []*step) {
	for _, group := range circles(steps) {
		for _, s := range group {
			s.needs = slices.DeleteFunc(s.needs, func(n need) bool {
				return n.step.deletes() && slices.Contains(group, n.step)
			})
		}
	}
}

// circles finds the strongly connected groups of two or more deletions, by
// Tarjan's algorithm.
func circles(steps []*step) [][]*step {
	index, low := map[*step]int{}, map[*step]int{}
	onStack := map[*step]bool{}
	var stack []*step
	var groups [][]*step
	var visit func(s *step)
	visit = func(s *step) {
		index[s], low[s] = len(index)+1, len(index)+1
		stack = append(stack, s)
		onStack[s] = true
		for _, n := range s.needs {
			switch {
			case !n.step.deletes():
			case index[n.step] == 0:
				visit(n.step)
				low[s] = min(low[s], low[n.step])
			case onStack[n.step]:
				low[s] = min(low[s], index[n.step])
			}
		}
		if low[s] != index[s] {
			return
		}
		at := slices.Index(stack, s)
		group := slices.Clone(stack[at:])
		stack = stack[:at]
		for _, m := range group {
			onStack[m] = false
		}
		if len(group) > 1 {
			groups = append(groups, group)
		}
	}
	for _, s := range steps {
		if s.deletes() && index[s] == 0 {
			visit(s)
		}
	}
	return groups
}

// weigh sets every step's rest.
func weigh(steps []*step) {
	after := map[*step][]need{}
	for _, s := range steps {
		for _, n := range s.needs {
			after[n.step] = append(after[n.step], need{s, n.at})
		}
	}
	done := map[*step]bool{}
	var visit func(s *step) time.Duration
	visit = func(s *step) time.Duration {
		if done[s] {
			return s.rest
		}
		s.rest = s.dur
		for _, n := range after[s] {
			rest := visit(n.step)
			if n.at == Ready {
				rest += s.dur
			}
			s.rest = max(s.rest, rest)
		}
		done[s] = true
		return s.rest
	}
	for _, s := range steps {
		visit(s)
	}
}

// estimate is the longest chain of typical durations. Every chain begins with a
// step, so it is the largest rest. The provider's rates delay a step, the longest rests
// first.
func estimate(steps []*step) time.Duration {
	var longest time.Duration
	made := map[string]int{}
	byRest := slices.SortedFunc(slices.Values(steps), func(a, b *step) int { return cmp.Compare(b.rest, a.rest) })
	for _, s := range byRest {
		longest = max(longest, s.rest+s.delay(made))
	}
	return longest
}

// delay is how long the provider's rate keeps the step waiting after those that made
// counts by their types.
func (s *step) delay(made map[string]int) time.Duration {
	spec := s.typ.Spec()
	if s.kind == stepRecord || s.kind == stepGone || spec.Every == 0 {
		return 0
	}
	made[spec.Name]++
	return max(0, time.Duration(made[spec.Name]-spec.Burst)*spec.Every)
}

// limited is how long the provider's rates keep the last step waiting, and that step.
func limited(steps []*step) (wait time.Duration, last *step) {
	made := map[string]int{}
	for _, s := range steps {
		if d := s.delay(made); d > wait {
			wait, last = d, s
		}
	}
	return wait, last
}
