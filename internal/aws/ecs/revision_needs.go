package ecs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// Needs are what a revision uses of the stack's other objects, beyond what another
// revision uses: a right to it, or the way to it, may be gone. Each is in words.
func (t TaskDefinition) Needs(beyond TaskDefinition) []string {
	had := beyond.uses()
	var out []string
	for _, what := range sortedKeys(t.uses()) {
		if _, ok := had[what]; !ok {
			out = append(out, what)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return role(a) - role(b) })
	return out
}

// role is 1 for a role and 0 for what it is for, which comes first.
func role(what string) int {
	if strings.HasPrefix(what, "role ") {
		return 1
	}
	return 0
}

// uses are the secrets, file systems and registries of a task definition, and its
// roles.
func (t TaskDefinition) uses() map[string]string {
	out := map[string]string{}
	for _, role := range []engine.Ref{t.ExecutionRole, t.TaskRole} {
		if arn := role.Value(); arn != "" {
			out["role "+LastPart(arn)] = ""
		}
	}
	for _, v := range t.Volumes {
		if id := v.FileSystem.Value(); id != "" {
			out["file system "+LastPart(id)] = ""
		}
	}
	for _, c := range t.Containers {
		for _, arn := range c.Secrets {
			out["secret "+arn[strings.LastIndex(arn, ":")+1:]] = ""
		}
		if c.PullCredentials != "" {
			out["pull credentials "+LastPart(c.PullCredentials)] = ""
		}
	}
	return out
}

// Missing are the ports that a service leads to and that a task definition lacks, in
// words.
func (t TaskDefinition) Missing(service engine.Object) []string {
	ports, names := map[string]bool{}, map[string]bool{}
	for _, c := range t.Containers {
		for _, p := range c.Ports {
			ports[fmt.Sprintf("%s:%d", c.Name, p.Port)], names[p.Name] = true, true
		}
	}
	s := engine.ShownAs[Service](service)
	var out []string
	for _, b := range s.Balancers {
		if at := fmt.Sprintf("%s:%d", b.Container, b.Port); !ports[at] {
			out = append(out, "port "+at)
		}
	}
	if s.Connect != nil {
		for _, c := range s.Connect.Services {
			if !names[c.PortName] {
				out = append(out, "port "+c.PortName)
			}
		}
	}
	return out
}
