package asleep

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/project"
)

// Notices say what goes on, and costs, while an environment sleeps.
func Notices(a *app.App) []app.Notice {
	sleep := a.Settings.Sleep
	if sleep.Value == "" {
		return nil
	}
	at := app.ParsePosition(sleep.Origin)
	var stop, cost, run []string
	for _, d := range a.Databases {
		switch {
		case d.Stops != nil:
			stop, cost = append(stop, d.Name), append(cost, "the disk and the backups of "+d.Name)
		case d.IsCache():
			cost = append(cost, "cache "+d.Name+", which AWS cannot stop")
		default:
			cost = append(cost, fmt.Sprintf("database %s, because the sleep is shorter than %.0f hours", d.Name, scaling.LeastStop.Hours()))
		}
	}
	public := false
	for _, s := range a.Services {
		public = public || len(s.PublicPorts()) > 0
		if s.Global {
			cost = append(cost, s.Name+", which runs on each instance")
		}
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
	ends, when := "ends the tasks of services", "the environment sleeps"
	if len(stop) > 0 {
		ends += " and stops databases (" + strings.Join(stop, ", ") + ")"
		when += " and its databases are stopped"
	}
	var out []app.Notice
	if len(cost) > 0 {
		out = append(out, app.Notice{At: at, Concern: project.Cost, Text: fmt.Sprintf(
			"x-berth.sleep %s; these go on and cost: %s", ends, strings.Join(cost, ", "))})
	}
	if len(run) > 0 {
		out = append(out, app.Notice{At: at, Concern: project.Failure, Text: fmt.Sprintf(
			"schedules run while %s: %s", when, strings.Join(run, ", "))})
	}
	return out
}
