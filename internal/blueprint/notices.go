package blueprint

import (
	"fmt"

	"github.com/berthdev/berth/internal/app"
)

// Notices tell where the graph had to assume something about a service's
// health because the file does not say it.
func Notices(a *app.App) []app.Notice {
	out := aliasNotices(a)
	for _, s := range a.Services {
		at := app.ParsePosition(s.Origin)
		told := map[int]bool{}
		for _, p := range s.PublicPorts() {
			if a.Direct() {
				break // there is no balancer that asks
			}
			if path, matcher := balancerCheck(s, p); matcher == anyAnswer && !told[p.Container] {
				told[p.Container] = true
				out = append(out, app.Notice{At: at, Text: fmt.Sprintf(
					"service %s: the balancer asks port %d for %s and takes any answer from 200 to 499 as healthy: no healthcheck names a path; x-berth.health.path sets one", s.Name, p.Container, path)})
			}
		}
		if waitsBlindly(s) {
			out = append(out, app.Notice{At: at, Text: fmt.Sprintf(
				"service %s: AWS counts a task as healthy only 40 s after its start: it has no healthcheck", s.Name)})
		}
	}
	return out
}
