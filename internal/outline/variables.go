package outline

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// The fields of a container that have its variables, and which values those that are
// secrets have.
const (
	plainly  = "Environment"
	secretly = "Secrets"
	versions = "SecretVersions"
)

// newValue says that a secret was set again.
const newValue = "a new value"

// valueOfSecret is the key of a secret's version in a container: the variable that the
// secret fills. It is left out if the secret comes or goes, which its variable says.
func (b builder) valueOfSecret(part *plantext.Part, a *engine.Action, r engine.Reason) key {
	name, _, _ := strings.Cut(r.After, " ")
	k := key{path: "environment." + name, text: newValue}
	object, _ := b.Observed.Object(a.Address)
	was := engine.ShownAs[ecs.TaskDefinition](object)
	k.drop = name == "" || len(was.Containers) == 0 || !slices.ContainsFunc(was.Containers[0].SecretVersions, func(v engine.Ref) bool {
		return strings.HasPrefix(v.String(), name+" ")
	})
	for _, w := range b.App.Workloads() {
		for _, s := range w.Secrets {
			if w.Name == part.Name && s.From == name && s.Name != "" {
				k.path = "environment." + s.Name
				return k
			}
		}
	}
	return k
}

// variable says in which of its fields a workload's container had the variable that a
// reason is about, and in which it has it; empty if in none, or if the reason is about
// something else.
func (b builder) variable(a *engine.Action, r engine.Reason) (had, has string) {
	field, name, _ := strings.Cut(strings.TrimPrefix(r.Attr[strings.LastIndex(r.Attr, "]")+1:], "."), ".")
	n := b.node(a)
	if n == nil || a.Type != typeTask || field != plainly && field != secretly {
		return "", ""
	}
	object, ok := b.Running[a.Address]
	if !ok {
		object, _ = b.Observed.Object(a.Address)
	}
	desired, _ := n.Resource.(ecs.TaskDefinition)
	in := containerOf(r.Attr)
	return fieldOf(engine.ShownAs[ecs.TaskDefinition](object), in, name), fieldOf(desired, in, name)
}

// fieldOf is the field in which a container of a task definition has a variable.
func fieldOf(t ecs.TaskDefinition, container, name string) string {
	for _, c := range t.Containers {
		if c.Name != container {
			continue
		}
		if _, ok := c.Environment[name]; ok {
			return plainly
		}
		if _, ok := c.Secrets[name]; ok {
			return secretly
		}
	}
	return ""
}

// turned says that a variable becomes a secret, or no longer is one; empty if neither.
// A text with a secret in it is one as long as the secret has a value.
func (b builder) turned(a *engine.Action, r engine.Reason) string {
	switch had, has := b.variable(a, r); {
	case had == plainly && has == secretly:
		return "becomes a secret"
	case had == secretly && has == plainly:
		return "is no longer a secret"
	}
	return ""
}

// noteTurns finds what comes and goes only because variables become secrets, or no
// longer are: the parameters that hold them, and the roles that may read these.
func (b builder) noteTurns() {
	for _, part := range b.parts {
		if !slices.ContainsFunc(part.Actions, b.turns) {
			continue
		}
		along(part, startRole+"/"+part.Name, part.Name+"/")
		if shared := b.parts[place{plantext.Project, b.App.Name}]; shared != nil {
			along(shared, startRole, "")
		}
	}
}

// turns says whether an action is on a task definition in which a variable becomes a
// secret, or no longer is one.
func (b builder) turns(a *engine.Action) bool {
	object, ok := b.Observed.Object(a.Address)
	n := b.node(a)
	if a.Type != typeTask || !ok || n == nil {
		return false
	}
	was := engine.ShownAs[ecs.TaskDefinition](object)
	is, _ := n.Resource.(ecs.TaskDefinition)
	for _, c := range is.Containers {
		for name := range c.Environment {
			if fieldOf(was, c.Name, name) == secretly {
				return true
			}
		}
		for name := range c.Secrets {
			if fieldOf(was, c.Name, name) == plainly {
				return true
			}
		}
	}
	return false
}

// startRole is the address of the role that starts tasks without secrets; the role of
// a workload with secrets adds a slash and its name.
const startRole = "execution"

// along adds to a part what its variables bring or take along: this role, and the
// parameters whose names begin so.
func along(part *plantext.Part, role, parameters string) {
	for _, a := range part.Actions {
		if a.Verb != engine.VerbCreate && a.Verb != engine.VerbDelete {
			continue
		}
		if a.Type == typeRole && a.Address.Name == role ||
			a.Type == "ssm.parameter" && parameters != "" && strings.HasPrefix(a.Address.Name, parameters) {
			part.Along = append(part.Along, a)
		}
	}
}
