package blueprint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint/asleep"
	"github.com/berthdev/berth/internal/project"
)

// Notices are about what the graph assumes about a service's health because the file
// does not say it.
func Notices(a *app.App) []app.Notice {
	out := slices.Concat(aliasNotices(a), asleep.Notices(a), globalNotices(a))
	for _, s := range a.Services {
		at := app.ParsePosition(s.Origin)
		told := map[int]bool{}
		for _, p := range s.PublicPorts() {
			if a.Direct() {
				break // no load balancer checks the service
			}
			if path, matcher := balancerCheck(s.Behind(p), p); matcher == anyAnswer && !told[p.Container] {
				told[p.Container] = true
				out = append(out, app.Notice{At: at, Kind: project.OfService, Names: []string{cmp.Or(p.In, s.Name)}, Text: fmt.Sprintf(
					"the load balancer requests %[2]s on port %[1]d and accepts any status from 200 to 499: no healthcheck names a path; x-berth.health.path sets one", p.Container, path)})
			}
		}
		if waitsBlindly(s) {
			out = append(out, app.Notice{
				At: at, Kind: project.OfService, Names: []string{s.Name}, Text: "without a healthcheck AWS counts a task as healthy only 40 s after its start",
			})
		}
	}
	return out
}
