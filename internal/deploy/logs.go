package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/status"
)

// Logs passes the log lines of the services and jobs of these names, or of all,
// to show, in the order of time. The options' clock is the target's. With Follow
// it returns when ctx ends.
func (p *Project) Logs(ctx context.Context, names []string, o status.LogOptions, show func(status.Line) error) error {
	if err := p.CheckNames(names); err != nil {
		return err
	}
	out, err := p.Outputs()
	if err != nil {
		return err
	}
	var sources []status.Source
	for _, w := range out.Workloads() {
		if concerns(names, w.Name) && w.LogGroup != "" {
			sources = append(sources, status.Source{Name: w.Name, Group: w.LogGroup})
		}
	}
	o.Clock = p.Target.Clock
	return status.Logs(ctx, p.Target.Clients.Logs, sources, o, show)
}
