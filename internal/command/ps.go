package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/status"
)

func newPs(o *options) *cobra.Command {
	v := &psVerb{o.opener()}
	return &cobra.Command{
		Use:        "ps [SERVICE...]",
		SuggestFor: []string{"status", "list", "services", "ls"},
		Short:      "Show services and jobs, their tasks, health and addresses",
		Example: `  berth ps
  berth ps web worker
  berth -e prod ps --json`,
		RunE: func(c *cobra.Command, args []string) error { return v.ps(c.Context(), args) },
	}
}

// psOutput is the stable form of ps --json.
type psOutput struct {
	place
	Services []status.Service `json:"services"`
	Jobs     []status.Job     `json:"jobs"`
	// Databases are the managed ones.
	Databases []status.Database `json:"databases"`
	URLs      []blueprint.URL   `json:"urls"`
}

// psVerb shows what runs.
type psVerb struct{ *opener }

func (v *psVerb) ps(ctx context.Context, names []string) error {
	s, err := v.open(ctx)
	if err != nil {
		return err
	}
	found, err := s.Status(ctx, names...)
	if err != nil {
		return err
	}
	out := psOutput{
		place: s.place(), Services: found.Services, Jobs: found.Jobs, Databases: found.Databases, URLs: found.URLs,
	}
	if v.json {
		return v.printJSON(out)
	}
	return v.printServices(out)
}

func (v *psVerb) printServices(out psOutput) error {
	rows := [][]string{{"SERVICE", "STATE", "TASKS", "TASK", "STATUS", "ADDRESS", "CAPACITY"}}
	for _, s := range out.Services {
		count := fmt.Sprintf("%d/%d", s.Running, s.Desired)
		row := []string{s.Name, s.State, count, "", "", "", ""}
		for _, t := range s.Tasks {
			row[3], row[4], row[6] = shortID(t.ID), strings.ToLower(t.Status), t.Capacity
			if t.Health == "HEALTHY" || t.Health == "UNHEALTHY" {
				row[4] += ", " + strings.ToLower(t.Health)
			}
			row[5] = t.PrivateIP
			if t.PublicIP != "" {
				row[5] = t.PublicIP
			}
			rows = append(rows, row)
			row = []string{"", "", "", "", "", "", ""}
		}
		if len(s.Tasks) == 0 {
			rows = append(rows, row)
		}
	}
	for _, j := range out.Jobs {
		rows = append(rows, []string{j.Name, j.State, "job", shortID(j.Task), "", "", ""})
	}
	rows = append(rows, databaseRows(out.Databases)...)
	if err := table(v.streams.Out, rows); err != nil {
		return err
	}
	v.printHosts(out.Databases)
	for _, s := range out.Services {
		if s.Reason != "" {
			v.print("%s: %s", s.Name, s.Reason)
		}
	}
	for _, u := range out.URLs {
		v.print("%s  %s", u.Service, u.URL)
	}
	return nil
}

func shortID(id string) string { return id[:min(len(id), 8)] }
