package deploy

import (
	"context"
	"slices"
	"time"

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
	var list []why.Answer
	for _, a := range unwell(stopped, err) {
		if plan.Graph.Node(a) == nil {
			continue
		}
		answer, ok := p.diagnose(ctx, a)
		waited := slices.ContainsFunc(stopped, func(o engine.Outcome) bool { return o.Action.Address == a })
		if ok && (!waited || answer.Task != "" || answer.State == why.Wrong) {
			list = append(list, answer)
		}
	}
	return list
}

// diagnose asks why a service or job does not run; ok is false for anything else, and
// if ECS does not answer: the failure itself is told elsewhere.
func (p *Project) diagnose(ctx context.Context, a engine.Address) (answer why.Answer, ok bool) {
	table, err := p.Outputs()
	if err != nil {
		return why.Answer{}, false
	}
	for _, w := range table.Workloads() {
		if w.Address == a {
			answer, err = why.Of(ctx, p.Target.Clients, subjectOf(table, p, w), p.Target.Clock.Now())
			return answer, err == nil && (answer.Code != "" || len(answer.Log) > 0)
		}
	}
	return why.Answer{}, false
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
