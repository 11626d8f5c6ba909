package deploy

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// CheckNames returns an *UnknownServiceError for the first name that is not a
// service, job or database of the app.
func (p *Project) CheckNames(names []string) error {
	_, err := p.targets(names)
	return err
}

// Asked says of a name whether it is among those that were asked for, or stands for a
// sidecar that is; without names everything is. It returns CheckNames's error.
func Asked(p *Project, names []string) (func(name string) bool, error) {
	all := tasksOf(p.Source.App, names)
	return func(name string) bool { return concerns(all, name) }, p.CheckNames(names)
}

// targets are the addresses of the services, jobs and databases of these names.
func (p *Project) targets(names []string) ([]engine.Address, error) {
	a, stack := p.Source.App, p.Stack()
	var out []engine.Address
	for _, name := range tasksOf(a, names) {
		if d, ok := a.Database(name); ok {
			out = append(append(out, blueprint.Database(a, d)), blueprint.Stops(a, d)...)
			for _, n := range append([]string{name}, d.Aliases...) {
				out = append(out, engine.Address{Owner: stack, Type: cloudmap.Instance{}.Type(), Name: n})
			}
			continue
		}
		typ := ""
		if s, ok := a.Service(name); ok {
			typ = "ecs.service"
			out = append(out, blueprint.Scaling(a, s)...)
		} else if j, ok := a.Job(name); ok {
			typ = "ecs.job"
			if j.Trigger.Kind == app.OnSchedule {
				typ = scheduler.Schedule{}.Type()
			}
		}
		if typ == "" {
			return nil, &UnknownServiceError{Name: name, Known: p.serviceNames()}
		}
		out = append(out, engine.Address{Owner: stack, Type: typ, Name: name})
	}
	return out, nil
}

// tasksOf are names with those of sidecars replaced by the services and jobs that they
// are a part of, each once.
func tasksOf(a *app.App, names []string) []string {
	var out []string
	for _, name := range names {
		if of, ok := a.TaskOf(name); ok {
			name = of
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// serviceNames are the names of services, sidecars, jobs and databases.
func (p *Project) serviceNames() []string {
	var names []string
	for _, w := range p.Source.App.Containers() {
		names = append(names, w.Name)
	}
	for _, d := range p.Source.App.Databases {
		names = append(names, d.Name)
	}
	slices.Sort(names)
	return names
}

func join(list []string) string { return strings.Join(list, ", ") }
