package deploy

import (
	"context"
	"maps"
	"slices"

	"github.com/berthdev/berth/internal/status"
)

// Logs passes the log lines of the services, jobs and sidecars of these names, or of
// all, to show, in the order of time. The options' clock is the target's. With Follow
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
		all := status.Source{Name: w.Name, Group: w.LogGroup, Sidecars: slices.Sorted(maps.Values(w.Sidecars))}
		switch {
		case w.LogGroup == "":
		case concerns(names, w.Name):
			sources = append(sources, all)
		default:
			for _, name := range slices.Sorted(maps.Keys(w.Sidecars)) {
				if concerns(names, name) {
					one := all
					one.Container = w.Sidecars[name]
					sources = append(sources, one)
				}
			}
		}
	}
	o.Clock = p.Target.Clock
	return status.Logs(ctx, p.Target.Clients.Logs, sources, o, show)
}
