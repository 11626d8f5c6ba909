package deploy

import (
	"context"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

// Diagnosis says why a service or job does not run.
type Diagnosis struct {
	// Name is the service's or job's.
	Name string
	status.Diagnosis
}

// diagnosing is how long a run that was interrupted may still look for reasons.
const diagnosing = 10 * time.Second

// Diagnose finds out why services and jobs do not run that failed, or that were
// still waited for at the deadline or when the user stopped the run. plan, out
// and err are those of Apply; a run that was not begun has no reasons.
func (p *Project) Diagnose(ctx context.Context, plan *Plan, out *Outcome, err error) []Diagnosis {
	if err == nil || out == nil || plan.Request.Down {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnosing)
	defer cancel()
	stopped := out.Result.With(engine.StatusStopped)
	table := plan.outputs(blueprint.In(out.Result))
	var list []Diagnosis
	for _, a := range unwell(stopped, err) {
		subject, ok := subject(plan, table, a)
		if !ok {
			continue
		}
		d := status.Diagnose(ctx, p.Target.Clients.ECS, p.Target.Clients.Logs, subject, p.Target.Clock.Now())
		waited := slices.ContainsFunc(stopped, func(o engine.Outcome) bool { return o.Action.Address == a })
		if d.Stopped || !waited {
			list = append(list, Diagnosis{a.Name, d})
		}
	}
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

// subject is what status needs to diagnose a service or job of the plan.
func subject(plan *Plan, table blueprint.Outputs, a engine.Address) (status.Subject, bool) {
	out := status.Subject{Cluster: table.Cluster}
	if s, ok := table.Service(a.Name); ok && s.Address == a {
		out.Service, out.LogGroup = s.ECSName, s.LogGroup
	} else if j, ok := table.Job(a.Name); ok && j.Address == a {
		out.Family, out.LogGroup = j.Family, j.LogGroup
	} else {
		return out, false
	}
	return out, plan.Graph.Node(a) != nil
}
