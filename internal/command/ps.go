package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

func newPs(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "ps [SERVICE...]",
		Short: "Show services and jobs, their tasks, health and addresses",
		RunE:  func(c *cobra.Command, args []string) error { return g.ps(c.Context(), args) },
	}
}

// psOutput is the stable form of ps --json.
type psOutput struct {
	Project     string           `json:"project"`
	Environment string           `json:"environment"`
	Services    []status.Service `json:"services"`
	Jobs        []status.Job     `json:"jobs"`
	// Databases are the managed ones.
	Databases []status.Database `json:"databases"`
	URLs      []blueprint.URL   `json:"urls"`
}

func (g *globals) ps(ctx context.Context, names []string) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	wanted, jobs, err := s.wanted(names)
	if err != nil {
		return err
	}
	services, err := status.Status(ctx, status.Clients{ECS: s.Clients.ECS, EC2: s.Clients.EC2}, s.cluster(), wanted)
	if err != nil {
		return err
	}
	ended, err := status.Jobs(ctx, s.Clients.ECS, s.cluster(), jobs)
	if err != nil {
		return err
	}
	databases, err := status.Databases(ctx, s.Clients.RDS, s.Clients.Cache, s.wantedDatabases(names))
	if err != nil {
		return err
	}
	out := psOutput{
		Project: s.App.Name, Environment: s.App.Env, Services: services, Jobs: ended, Databases: databases, URLs: []blueprint.URL{},
	}
	hosts, err := status.BalancerHosts(ctx, s.Clients.ELB, func(name, arn string) bool {
		return engine.HasNameMark(name, s.Environment(), s.Region) || arn == s.App.Settings.LoadBalancer.Value
	})
	if err != nil {
		return err
	}
	out.URLs = append(out.URLs, addresses(s.App, hosts)...)
	if g.json {
		return g.printJSON(out)
	}
	return g.printServices(out)
}

func (g *globals) printServices(out psOutput) error {
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
	if err := table(g.streams.Out, rows); err != nil {
		return err
	}
	g.printHosts(out.Databases)
	for _, s := range out.Services {
		if s.Reason != "" {
			g.print("%s: %s", s.Name, s.Reason)
		}
	}
	for _, u := range out.URLs {
		g.print("%s  %s", u.Service, u.URL)
	}
	return nil
}

// addresses are where a project is reached from outside, by its balancers' hosts.
func addresses(a *app.App, hosts status.Hosts) []blueprint.URL {
	out := []blueprint.URL{}
	if hosts.Application != "" || a.Direct() {
		out = append(out, blueprint.URLs(a, hosts.Application)...)
	}
	return append(out, blueprint.NetworkURLs(a, hosts.Network, hosts.Internal)...)
}

func shortID(id string) string { return id[:min(len(id), 8)] }

// wanted are the services and jobs of these names, or all.
func (s *session) wanted(names []string) (services []status.Wanted, jobs []status.WantedJob, err error) {
	if err := s.CheckNames(names); err != nil {
		return nil, nil, err
	}
	asked := func(name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	for _, svc := range s.App.Services {
		if asked(svc.Name) {
			services = append(services, status.Wanted{Name: svc.Name, ECSName: blueprint.ServiceName(s.App, s.Region, svc.Name)})
		}
	}
	for _, j := range s.App.Jobs {
		if asked(j.Name) {
			jobs = append(jobs, status.WantedJob{Name: j.Name, Family: blueprint.Family(s.App, s.Region, j.Name)})
		}
	}
	return services, jobs, nil
}
