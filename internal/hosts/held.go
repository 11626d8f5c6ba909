package hosts

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// NameHeldError says that a name of the file is still that of something which
// the plan does not delete, so that its record cannot be changed.
type NameHeldError struct {
	// Name is the name and User what has it in the file: "service db".
	Name, User string
	// Holder is what has it now, Why it stays.
	Holder, Why string
}

func (e *NameHeldError) Error() string {
	return fmt.Sprintf("the name %s of %s still belongs to %s, which stays: %s", e.Name, e.User, e.Holder, e.Why)
}

// Remedy is what the user can do.
func (e *NameHeldError) Remedy() string {
	return "take the name away from " + e.User + ", or delete what holds it with --remove-orphans; nothing was changed"
}

// holders are the types of what a name can lead to, and of what keeps AWS from
// deleting it.
var holders = []string{
	ecs.Service{}.Type(), rds.Instance{}.Type(), elasticache.ReplicationGroup{}.Type(), cloudmap.Instance{}.Type(),
}

// CheckNames refuses a plan that moves a private name away from what stays.
func CheckNames(a *app.App, plan *engine.Plan) error {
	for _, move := range plan.Actions {
		if !movesName(move) {
			continue
		}
		i := slices.IndexFunc(plan.Actions, func(b *engine.Action) bool {
			return b.Verb == engine.VerbLeave && b.Address.Name == move.Address.Name && b.Address.Owner == move.Address.Owner && slices.Contains(holders, b.Type)
		})
		if i >= 0 {
			left, name := plan.Actions[i], move.Address.Name
			return &NameHeldError{Name: name, User: userOf(a, name), Holder: left.Address.Type + "/" + left.Address.Name, Why: whyOf(left)}
		}
	}
	return nil
}

func movesName(a *engine.Action) bool {
	return a.Type == cloudmap.Service{}.Type() && a.Verb == engine.VerbReplace || a.Type == cloudmap.Instance{}.Type() && a.Verb == engine.VerbUpdate
}

func whyOf(a *engine.Action) string {
	if len(a.Reasons) == 0 {
		return "it is not in the file"
	}
	return plantext.Words(a.Reasons[0].Cause)
}

// userOf is the service or database of a name in the file.
func userOf(a *app.App, name string) string {
	if i := slices.IndexFunc(a.Services, func(v app.Service) bool { return v.Name == name || slices.Contains(v.Aliases, name) }); i >= 0 {
		return "service " + a.Services[i].Name
	}
	if i := slices.IndexFunc(a.Databases, func(d app.Database) bool { return d.Name == name || slices.Contains(d.Aliases, name) }); i >= 0 {
		return "database " + a.Databases[i].Name
	}
	return "the file"
}
