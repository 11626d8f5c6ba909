package command

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/watch"
)

// diagnosed says why services and jobs that failed do not run, and gives the
// error its exit code.
func (g *globals) diagnosed(ctx context.Context, s *session, p *run.Prepared, err error) error {
	if err == nil || errors.Is(err, interrupt.Err) {
		return err
	}
	for _, f := range run.Failures(err) {
		if subject, ok := s.subject(p, f.Address); ok {
			d := watch.Diagnose(context.WithoutCancel(ctx), s.Clients.ECS, s.Clients.Logs, subject, s.Clock.Now())
			g.sayDiagnosis(f.Address.Name, d)
		}
	}
	if run.Unhealthy(err) {
		return &exitError{code: exitUnhealthy, err: err}
	}
	return err
}

func (g *globals) sayDiagnosis(name string, d watch.Diagnosis) {
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
func (s *session) subject(p *run.Prepared, a engine.Address) (watch.Subject, bool) {
	out := watch.Subject{Cluster: s.cluster(), LogGroup: blueprint.LogGroupName(s.App, a.Name)}
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
