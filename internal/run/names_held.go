package run

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
// the plan leaves standing, so that its record cannot be changed.
type NameHeldError struct {
	// Name is the name, User who has it in the file, as in "service db".
	Name, User string
	// Holder is what has it now, Why it stays.
	Holder, Why string
}

func (e *NameHeldError) Error() string {
	return fmt.Sprintf("the name %s of %s is still that of %s, which stays: %s", e.Name, e.User, e.Holder, e.Why)
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

// checkNames refuses a plan that moves a name away from what stays.
func (s *Session) checkNames(p *Prepared) error {
	for _, a := range p.Plan.Actions {
		moves := a.Type == cloudmap.Service{}.Type() && a.Verb == engine.VerbReplace || a.Type == cloudmap.Instance{}.Type() && a.Verb == engine.VerbUpdate
		if !moves {
			continue
		}
		i := slices.IndexFunc(p.Plan.Actions, func(b *engine.Action) bool {
			return b.Verb == engine.VerbLeave && b.Address.Name == a.Address.Name && b.Address.Owner == a.Address.Owner && slices.Contains(holders, b.Type)
		})
		if i >= 0 {
			left := p.Plan.Actions[i]
			return &NameHeldError{Name: a.Address.Name, User: s.userOf(a.Address.Name), Holder: left.Address.Type + "/" + left.Address.Name, Why: whyOf(left)}
		}
	}
	return nil
}

func whyOf(a *engine.Action) string {
	if len(a.Reasons) == 0 {
		return "it is not in the file"
	}
	return plantext.Words(a.Reasons[0].Cause)
}

// userOf is who has a name in the file.
func (s *Session) userOf(name string) string {
	if i := slices.IndexFunc(s.App.Services, func(v app.Service) bool { return v.Name == name || slices.Contains(v.Aliases, name) }); i >= 0 {
		return "service " + s.App.Services[i].Name
	}
	if i := slices.IndexFunc(s.App.Databases, func(d app.Database) bool { return d.Name == name || slices.Contains(d.Aliases, name) }); i >= 0 {
		return "database " + s.App.Databases[i].Name
	}
	return "the file"
}
