package blueprint

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// sleepNotices say what goes on, and costs, while an environment sleeps.
func sleepNotices(a *app.App) []app.Notice {
	sleep := a.Settings.Sleep
	if sleep.Value == "" {
		return nil
	}
	at := app.ParsePosition(sleep.Origin)
	var cost, run []string
	for _, d := range a.Databases {
		cost = append(cost, "database "+d.Name)
	}
	public := false
	for _, s := range a.Services {
		public = public || len(s.PublicPorts()) > 0
	}
	if public && !a.Direct() && a.Settings.LoadBalancer.Value == "" {
		cost = append(cost, "the load balancer")
	}
	if a.Settings.NAT.Value != app.NATNone && a.Settings.VPC.Value == "" {
		cost = append(cost, "NAT")
	}
	for _, j := range a.JobsOn(app.OnSchedule) {
		run = append(run, j.Name)
	}
	var out []app.Notice
	if len(cost) > 0 {
		out = append(out, app.Notice{At: at, Concern: project.Cost, Text: fmt.Sprintf(
			"x-berth.sleep ends the tasks of services; these go on and cost: %s", strings.Join(cost, ", "))})
	}
	if len(run) > 0 {
		out = append(out, app.Notice{At: at, Concern: project.Failure, Text: fmt.Sprintf(
			"schedules run while the environment sleeps: %s", strings.Join(run, ", "))})
	}
	return out
}
