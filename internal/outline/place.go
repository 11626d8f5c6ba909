package outline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// place names a part.
type place struct {
	kind plantext.Kind
	name string
}

var (
	typeService = ecs.Service{}.Type()
	typeTask    = ecs.TaskDefinition{}.Type()
	typeJob     = ecs.Job{}.Type()
	typeRole    = iam.Role{}.Type()
)

// mains are the types of the objects that stand for a part.
var mains = map[string]plantext.Kind{
	typeService: plantext.Service, typeJob: plantext.Job, typeSchedule: plantext.Job,
	rds.Instance{}.Type(): plantext.Database, elasticache.ReplicationGroup{}.Type(): plantext.Database,
	efs.AccessPoint{}.Type(): plantext.Volume, s3files.AccessPoint{}.Type(): plantext.Volume,
}

// main is the kind of part that an action stands for. The schedules that stop and start a
// database, NAME/stop and NAME/start, are no jobs.
func main(a *engine.Action) (kind plantext.Kind, ok bool) {
	if a.Type == typeSchedule && strings.Contains(a.Address.Name, "/") {
		return 0, false
	}
	kind, ok = mains[a.Type]
	return kind, ok
}

// places knows which part an object belongs to. What the files no longer have is
// only known by the addresses in the plan.
type places struct {
	// names are the parts of the stack but its volumes, others the names that lead
	// to them: aliases and hosts.
	names  map[string]plantext.Kind
	others map[string]string
	// ordered are the names, with those of sidecars, the longest first: a longer one
	// may begin with a shorter one.
	ordered []string
	project string
}

func placesOf(a *app.App, p *engine.Plan) places {
	out := places{names: map[string]plantext.Kind{}, others: map[string]string{}, project: a.Name}
	for _, act := range p.Actions {
		kind, ok := main(act)
		switch {
		case act.Type == typeTask && out.names[act.Address.Name] == 0:
			out.names[act.Address.Name] = plantext.Service
		case ok && kind != plantext.Volume:
			out.names[act.Address.Name] = kind
		}
	}
	for _, w := range a.Workloads() {
		for _, s := range w.Sidecars {
			out.others[s.Name] = w.Name
			out.ordered = append(out.ordered, s.Name)
		}
	}
	for _, s := range a.Services {
		out.add(plantext.Service, s.Name, s.Aliases)
		for _, h := range s.Hosts {
			out.others[strings.ReplaceAll(h.Name, "*", "_")] = s.Name
		}
	}
	for _, j := range a.Jobs {
		out.add(plantext.Job, j.Name, j.Aliases)
	}
	for _, d := range a.Databases {
		out.add(plantext.Database, d.Name, d.Aliases)
	}
	for name := range out.names {
		out.ordered = append(out.ordered, name)
	}
	slices.SortFunc(out.ordered, func(x, y string) int {
		return cmp.Or(len(y)-len(x), strings.Compare(x, y))
	})
	return out
}

func (p places) add(kind plantext.Kind, name string, aliases []string) {
	p.names[name] = kind
	for _, alias := range aliases {
		p.others[alias] = name
	}
}

// of is the part that an action belongs to.
func (p places) of(a *engine.Action) place {
	switch o := a.Owner(); {
	case o == (engine.Owner{}):
		return place{plantext.Unmarked, ""}
	case o.IsEnvironment():
		return place{plantext.Environment, o.Environment}
	}
	if kind, ok := main(a); ok {
		return place{kind, a.Address.Name} // also where a service becomes a database
	}
	if name, ok := p.workload(a.Address); ok {
		return place{p.names[name], name}
	}
	return place{plantext.Project, p.project}
}

// workload is the service, job or database that an address of the stack belongs to.
// Its name comes first in the address: "api", "api-8080", "api/TOKEN".
func (p places) workload(a engine.Address) (string, bool) {
	name := a.Name
	switch a.Type {
	case "ec2.security-group", "iam.role":
		if strings.HasPrefix(name, "net-") {
			return "", false
		}
		name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "execution/"), "schedule/"), "service-")
	}
	for _, candidate := range []string{a.Name, name} {
		if _, ok := p.names[candidate]; ok {
			return candidate, true
		}
		if own, ok := p.others[candidate]; ok {
			return own, true
		}
	}
	for _, known := range p.ordered {
		rest, ok := strings.CutPrefix(name, known)
		if own, sidecar := p.others[known]; sidecar && ok && rest != "" && (rest[0] == '-' || rest[0] == '/') {
			return own, true
		}
		if ok && (rest[0] == '-' || rest[0] == '/') {
			return known, true
		}
	}
	return "", false
}
