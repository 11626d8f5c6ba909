package deploy

import (
	"context"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/why"
)

// diagnosing is how long a run that was interrupted may still look for reasons.
const diagnosing = 10 * time.Second

// Diagnose finds out why services and jobs do not run that failed, or that were
// still waited for at the deadline or when the user stopped the run. plan, out
// and err are those of Apply; a run that was not begun has no reasons.
func (p *Project) Diagnose(ctx context.Context, plan *Plan, out *Outcome, err error) []why.Answer {
	if err == nil || out == nil || plan.Request.Down {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnosing)
	defer cancel()
	stopped := out.Result.With(engine.StatusStopped)
	var ill []engine.Address
	waited := map[engine.Address]bool{}
	for _, a := range unwell(stopped, err) {
		if plan.Graph.Node(a) != nil {
			ill = append(ill, a)
			waited[a] = slices.ContainsFunc(stopped, func(o engine.Outcome) bool { return o.Action.Address == a })
		}
	}
	return p.diagnose(ctx, ill, func(a engine.Address, answer why.Answer) bool {
		return !waited[a] || answer.Task != "" || answer.State == why.Wrong
	})
}

// diagnose asks side by side why services and jobs do not run, and returns the answers
// that name a cause and that keep accepts. Other objects have none, nor has what ECS does
// not answer for: the failure itself is told elsewhere.
func (p *Project) diagnose(ctx context.Context, ill []engine.Address, keep func(engine.Address, why.Answer) bool) []why.Answer {
	table, err := p.Outputs()
	if err != nil {
		return nil
	}
	list, _ := concurrent.Gather(ill, 1, func(one []engine.Address) ([]why.Answer, error) { // no call of it fails
		for _, w := range table.Workloads() {
			if w.Address != one[0] {
				continue
			}
			answer, err := why.Of(ctx, p.Target.Clients, subjectOf(table, p, w), p.Target.Clock.Now())
			if err == nil && (answer.Code != "" || len(answer.Log) > 0) && keep(one[0], answer) {
				return []why.Answer{answer}, nil
			}
		}
		return nil, nil
	})
	return list
}

// unwell are what failed, and what was begun and is not complete.
func unwell(stopped []engine.Outcome, err error) []engine.Address {
	var list []engine.Address
	for _, f := range Failures(err) {
		list = append(list, f.Address)
	}
	for _, o := range stopped {
		list = append(list, o.Action.Address)
	}
	return list
}
