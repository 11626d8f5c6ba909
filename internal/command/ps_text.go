package command

import (
	"fmt"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/terminal"
)

// psText is what ps shows, in lines; inFull writes the commands in them.
func psText(out psOutput, now time.Time, inFull func(string) string) []string {
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, terminal.Line(inFull(fmt.Sprintf(format, args...))))
	}
	switch {
	case !out.Deployed && len(out.Elsewhere) > 0:
		add("%s is not deployed in %s; deployed in: %s", out.Project, out.Environment, strings.Join(out.Elsewhere, ", "))
	case !out.Deployed && out.Release != nil:
		add("%s is not deployed in %s any more", out.Project, out.Environment)
		add("  its last %s", releaseText(*out.Release, now))
	case !out.Deployed:
		add("%s is not deployed in %s", out.Project, out.Environment)
	case out.Release != nil:
		add("%s in %s: %s", out.Project, out.Environment, releaseText(*out.Release, now))
		if out.Release.Outcome != state.Succeeded {
			for _, line := range render.Wrapped("  this release "+out.Release.outcome(), "  ") {
				add("%s", line)
			}
		}
	}
	lines = append(lines, render.Lines(psRows(out, now))...)
	for _, d := range out.Databases {
		if d.Host != "" {
			add("%s  %s:%d", d.Name, d.Host, d.Port)
		}
	}
	for _, s := range out.Services {
		for _, line := range troubleOf(s, out.Release, now) {
			add("%s", line)
		}
	}
	for _, j := range out.Jobs {
		if j.Reason != "" {
			add("%s: %s", j.Name, j.Reason)
		}
	}
	for _, line := range reachText(out.Reach) {
		add("%s", line)
	}
	return lines
}

// psRows is the table: a row for each task with one for each of its sidecars, and one
// for what has no task.
func psRows(out psOutput, now time.Time) [][]string {
	rows := [][]string{{"SERVICE", "STATE", "TASKS", "TASK", "STATUS", "AGE", "ADDRESS", "IMAGE"}}
	for _, s := range out.Services {
		row := []string{s.Name, s.State, fmt.Sprintf("%d/%d", s.Running, s.Desired), "", "", "", "", ""}
		if r := s.Scaling; r != nil {
			row[2] += fmt.Sprintf(" of %d-%d", r.Min, r.Max)
		}
		switch {
		case s.RolledBack() && s.Deployment.Status == status.RollingBack:
			row[1] = "rolling back"
		case s.RolledBack() && s.State == status.Healthy:
			row[1] = "rolled back"
		case s.RolledBack():
			row[1] += ", rolled back"
		case s.Outdated:
			row[1] += ", outdated"
		case s.Asleep():
			row[1] = s.SleepWords()
		}
		for _, t := range s.Tasks {
			row[3], row[4], row[6], row[7] = render.ShortID(t.ID), taskStatus(t), t.PrivateIP, render.ShortImage(t.Image)
			if t.PublicIP != "" {
				row[6] = t.PublicIP
			}
			if !t.Started.IsZero() {
				row[5] = render.Age(now.Sub(t.Started))
			}
			rows = append(rows, row)
			rows = append(rows, sidecarRows(t)...)
			row = []string{"", "", "", "", "", "", "", ""}
		}
		if len(s.Tasks) == 0 {
			rows = append(rows, row)
		}
	}
	for _, j := range out.Jobs {
		rows = append(rows, []string{j.Name, j.State, "job", render.ShortID(j.Task), "", "", "", ""})
	}
	for _, o := range out.OneOffs {
		row := []string{o.Name, "one-off", "run", render.ShortID(o.Task.ID), taskStatus(o.Task), "", o.Task.PrivateIP, ""}
		if !o.Task.Started.IsZero() {
			row[5] = render.Age(now.Sub(o.Task.Started))
		}
		rows = append(rows, row)
	}
	return append(rows, databaseRows(out.Databases)...)
}

// sidecarRows are rows for the sidecars of a task, below its own.
func sidecarRows(t status.Task) [][]string {
	var rows [][]string
	for _, c := range t.Sidecars() {
		text := strings.ToLower(c.Status)
		switch h := strings.ToLower(c.Health); {
		case c.ExitCode != nil:
			text = fmt.Sprintf("exit code %d", *c.ExitCode)
		case c.Status == "RUNNING" && (h == "healthy" || h == "unhealthy"):
			text = h
		}
		rows = append(rows, []string{"  " + c.Name, "", "", "", text, "", "", render.ShortImage(c.Image)})
	}
	return rows
}

// taskStatus is a task's health or, as long as it has none, its state; and whether
// it runs on Spot, so that AWS may take it away.
func taskStatus(t status.Task) string {
	text := strings.ToLower(t.Status)
	if h := strings.ToLower(t.Health); t.Status == "RUNNING" && (h == "healthy" || h == "unhealthy") {
		text = h
	}
	if strings.HasSuffix(t.Capacity, "_SPOT") {
		text += ", spot"
	}
	return text
}

// troubleOf says why a service is not as it should be: on one line what, on the
// next why.
func troubleOf(s status.Service, last *releaseView, now time.Time) []string {
	var lines []string
	d := s.Deployment
	switch {
	case d == nil && s.Outdated:
		lines = append(lines, s.Name+":"+insteadOf(s, last)+", which the last release was to deploy")
	case d == nil:
	case d.Status == status.RollingBack:
		lines = append(lines, s.Name+": the last deployment is being rolled back")
	case d.Status == status.RolledBack:
		when := ""
		if !d.Ended.IsZero() {
			when = " " + render.Age(now.Sub(d.Ended)) + " ago"
		}
		lines = append(lines, s.Name+": the last deployment was rolled back"+when, " "+insteadOf(s, last))
	case d.Status == status.RollbackFailed:
		lines = append(lines, s.Name+": the last deployment failed, and so did its rollback")
	case d.Status == status.InProgress:
		lines = append(lines, fmt.Sprintf("%s: a deployment has been under way for %s", s.Name, render.Age(now.Sub(d.Began))))
		if d.Stage != "" {
			lines[len(lines)-1] += ": " + d.Stage
		}
	case d.Status == status.Stopped:
		lines = append(lines, s.Name+": the last deployment was stopped")
	default:
		lines = append(lines, s.Name+": the last deployment failed")
	}
	switch {
	case s.Reason == "":
	case len(lines) == 0:
		lines = render.Wrapped(s.Name+": "+s.Reason, "  ")
	default:
		lines = append(lines, render.Wrapped("  "+s.Reason, "  ")...)
	}
	return lines
}

// insteadOf says which image runs, and which one the last release has.
func insteadOf(s status.Service, last *releaseView) string {
	is := render.ShortImage(s.Image)
	if is == "" {
		is = s.TaskDefinition
	}
	text := " " + is + " runs"
	if last == nil {
		return text
	}
	was := last.Services[s.Name]
	switch {
	case was.Image != "" && was.Image != s.Image:
		text += " instead of " + render.ShortImage(was.Image)
	case was.TaskDefinition != "" && render.ShortARN(was.TaskDefinition) != s.TaskDefinition:
		text += " as " + s.TaskDefinition + " instead of " + render.ShortARN(was.TaskDefinition)
	}
	return text
}

// reachText is where services are reached, each with what is missing.
func reachText(list []deploy.Reach) []string {
	var lines []string
	for _, r := range list {
		lines = append(lines, r.Service+"  "+r.URL)
		switch {
		case !r.Works:
			lines = append(lines, "  does not answer: "+r.Why)
		case r.Why != "":
			lines = append(lines, "  "+r.Why)
		}
	}
	return lines
}
