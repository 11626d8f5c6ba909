package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// globalNotices name services of which a task is to run on each instance where there will be
// none: such a service starts no instance itself.
func globalNotices(a *app.App) []app.Notice {
	needed := map[string]bool{}
	for _, w := range a.Workloads() {
		if s, ok := a.Service(w.Name); w.OnEC2() && (!ok || !s.Global) {
			needed[providerOf(w)] = true
		}
	}
	idle := slices.DeleteFunc(slices.Clone(a.Services), func(s app.Service) bool { return !s.Global || needed[providerOf(s.Workload)] })
	var out []app.Notice
	for _, s := range idle {
		out = append(out, app.Notice{
			At: app.ParsePosition(s.Origin), Concern: project.Failure, Kind: project.OfService, Names: []string{s.Name},
			Text: "it runs nowhere: no other service or job runs on its instances, and deploy.mode: global starts none; instances, subnets, GPUs and the processor must be those of another",
		})
	}
	return out
}
