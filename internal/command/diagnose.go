package command

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/status"
)

// diagnosing is how long a run that was interrupted may still look for reasons.
const diagnosing = 10 * time.Second

// diagnosed says why services and jobs do not run that failed, or that were
// still waited for at the deadline or when the user stopped the run, and gives
// the error its exit code.
func (g *globals) diagnosed(ctx context.Context, s *session, p *run.Prepared, out *run.Outcome, err error) error {
	if err == nil || p.Request.Down {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnosing)
	defer cancel()
	for _, a := range unwell(out, err) {
		subject, ok := s.subject(p, a)
		if !ok {
			continue
		}
		d := status.Diagnose(ctx, s.Clients.ECS, s.Clients.Logs, subject, s.Clock.Now())
		if failed := out.Result.With(engine.StatusStopped); d.Stopped || !slices.ContainsFunc(failed, isOf(a)) {
			g.sayDiagnosis(a.Name, d)
		}
	}
	if !errors.Is(err, interrupt.Err) && run.Unhealthy(err) {
		return &exitError{code: exitUnhealthy, err: err}
	}
	return err
}

// unwell are what failed and what was begun and is not complete.
func unwell(out *run.Outcome, err error) []engine.Address {
	var list []engine.Address
	for _, f := range run.Failures(err) {
		list = append(list, f.Address)
	}
	for _, o := range out.Result.With(engine.StatusStopped) {
		list = append(list, o.Action.Address)
	}
	return list
}

func isOf(a engine.Address) func(engine.Outcome) bool {
	return func(o engine.Outcome) bool { return o.Action.Address == a }
}

func (g *globals) sayDiagnosis(name string, d status.Diagnosis) {
	if d.Cause != "" {
		g.say("%s: %s", name, printable(d.Cause))
	}
	if d.Remedy != "" {
		g.say("  %s", d.Remedy)
	}
	for _, line := range d.Log {
		g.say("  | %s", printable(line))
	}
	if len(d.Log) > 0 {
		g.say("  `berth logs %s` shows more", name)
	}
}

// subject is what to look at for a failed service or job.
func (s *session) subject(p *run.Prepared, a engine.Address) (status.Subject, bool) {
	out := status.Subject{Cluster: s.cluster(), LogGroup: blueprint.LogGroupName(s.App, a.Name)}
	switch a.Type {
	case "ecs.service":
		out.Service = blueprint.ServiceName(s.App, s.Region, a.Name)
	case "ecs.job":
		out.Family = blueprint.Family(s.App, s.Region, a.Name)
	default:
		return out, false
	}
	return out, p.Graph.Node(a) != nil
}

// cluster is the name of the environment's cluster.
func (s *session) cluster() string { return blueprint.ClusterName(s.App, s.Region) }
