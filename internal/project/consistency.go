package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/suggest"
)

// consistency does the checks that compose-go would do, but reports all problems
// with their places, and does not walk every path through depends_on.
func consistency(p *Project) []Problem {
	c := checker{Project: p}
	for _, name := range slices.Sorted(maps.Keys(p.Compose.Services)) {
		s := p.Compose.Services[name]
		c.at = Child("services", name)
		if s.Build == nil && s.Image == "" && s.Provider == nil {
			c.add("", fmt.Sprintf("service %s has neither an image nor a build", name), "", "add image: or build:")
		}
		c.names(name, s)
		c.dependencies(name, s)
		c.values(name, s)
		c.mounts(name, s)
	}
	c.circles()
	return c.problems
}

type checker struct {
	*Project
	at       string
	problems []Problem
}

func (c *checker) add(key, what, why, remedy string) {
	c.problems = append(c.problems, Problem{At: c.Positions.At(c.at + key), What: what, Why: why, Remedy: remedy})
}

// names finds references to networks, volumes, secrets and configs that are not in
// the files.
func (c *checker) names(name string, s types.ServiceConfig) {
	missing := func(key, kind, ref string) {
		c.add(key, fmt.Sprintf("service %s uses the %s %s, which is not in the files", name, kind, ref), "", fmt.Sprintf("add it under %ss:, or correct the name", kind))
	}
	for _, n := range slices.Sorted(maps.Keys(s.Networks)) {
		if _, ok := c.Compose.Networks[n]; !ok {
			missing(".networks."+n, "network", n)
		}
	}
	for i, v := range s.Volumes {
		if _, ok := c.Compose.Volumes[v.Source]; !ok && v.Type == types.VolumeTypeVolume && v.Source != "" {
			missing(Item(".volumes", i), "volume", v.Source)
		}
	}
	for i, v := range s.Secrets {
		if _, ok := c.Compose.Secrets[v.Source]; !ok {
			missing(Item(".secrets", i), "secret", v.Source)
		}
	}
	for i, v := range s.Configs {
		if _, ok := c.Compose.Configs[v.Source]; !ok {
			missing(Item(".configs", i), "config", v.Source)
		}
	}
	if s.Build != nil {
		for i, v := range s.Build.Secrets {
			if _, ok := c.Compose.Secrets[v.Source]; !ok {
				missing(Item(".build.secrets", i), "secret", v.Source)
			}
		}
	}
	if s.NetworkMode != "" && len(s.Networks) > 0 {
		c.add(".network_mode", fmt.Sprintf("service %s has both network_mode and networks", name), "a service can have only one of them", "remove network_mode")
	}
}

func (c *checker) dependencies(name string, s types.ServiceConfig) {
	for _, d := range slices.Sorted(maps.Keys(s.DependsOn)) {
		if _, ok := c.Compose.Services[d]; ok || !s.DependsOn[d].Required {
			continue
		}
		what := fmt.Sprintf("service %s depends on %s, which is not in the files", name, d)
		remedy := "correct the name, or add the service"
		if off, ok := c.Compose.DisabledServices[d]; ok {
			what = fmt.Sprintf("service %s depends on %s, whose profiles are not enabled", name, d)
			remedy = "enable it with --profile " + strings.Join(off.Profiles, ","+" ") + ", or write required: false"
		} else if near, ok := suggest.To(d, slices.Collect(maps.Keys(c.Compose.Services))); ok {
			remedy = "did you mean " + near + "?"
		}
		c.add(".depends_on."+d, what, "", remedy)
	}
}

// values finds values that contradict each other.
func (c *checker) values(name string, s types.ServiceConfig) {
	differ := func(key, other string) {
		c.add("."+key, fmt.Sprintf("service %s: %s and %s differ", name, key, other), "the keys have the same meaning", "keep one of them")
	}
	if h := s.HealthCheck; h != nil && len(h.Test) > 0 && !slices.Contains([]string{"CMD", "CMD-SHELL", "NONE"}, h.Test[0]) {
		c.add(".healthcheck.test", fmt.Sprintf("service %s: the healthcheck's test begins with %q", name, h.Test[0]), "a list must begin with CMD, CMD-SHELL or NONE", "write [CMD, ...], or a text, which runs in a shell")
	}
	if b := s.Build; b != nil && b.DockerfileInline != "" && c.Positions.Has(c.at+".build.dockerfile") {
		c.add(".build.dockerfile", fmt.Sprintf("service %s has both dockerfile and dockerfile_inline", name), "a build can have only one of them", "keep one of them")
	}
	d := s.Deploy
	if s.Scale != nil && *s.Scale < 0 || d != nil && d.Replicas != nil && *d.Replicas < 0 {
		c.add(".deploy.replicas", fmt.Sprintf("service %s: the number of replicas is negative", name), "", "write 0 or more")
	}
	if d == nil {
		return
	}
	if s.Scale != nil && d.Replicas != nil && *s.Scale != *d.Replicas {
		differ("scale", "deploy.replicas")
	}
	if l := d.Resources.Limits; l != nil {
		if s.CPUS != 0 && l.NanoCPUs != 0 && l.NanoCPUs.Value() != s.CPUS {
			differ("cpus", "deploy.resources.limits.cpus")
		}
		if s.MemLimit != 0 && l.MemoryBytes != 0 && l.MemoryBytes != s.MemLimit {
			differ("mem_limit", "deploy.resources.limits.memory")
		}
	}
	if r := d.Resources.Reservations; r != nil && s.MemReservation != 0 && r.MemoryBytes != 0 && r.MemoryBytes != s.MemReservation {
		differ("mem_reservation", "deploy.resources.reservations.memory")
	}
}

// mounts finds paths with two mounts.
func (c *checker) mounts(name string, s types.ServiceConfig) {
	seen := map[string]bool{}
	note := func(key, target string) {
		if seen[target] {
			c.add(key, fmt.Sprintf("service %s has two mounts at %s", name, target), "", "remove one of them")
		}
		seen[target] = true
	}
	for i, t := range s.Tmpfs {
		target, _, _ := strings.Cut(t, ":")
		note(Item(".tmpfs", i), target)
	}
	for i, v := range s.Volumes {
		note(Item(".volumes", i), v.Target)
	}
}

// breaks says how to break a cycle. Compose makes a service wait for the one whose
// network it shares, which x-berth.sidecar_of does not.
func (c *checker) breaks(round []string) string {
	for _, name := range round {
		if host, ok := strings.CutPrefix(c.Compose.Services[name].NetworkMode, types.ServicePrefix); ok && slices.Contains(round, host) {
			return "write x-berth: {sidecar_of: " + host + "} in " + name + " in the place of network_mode, which makes it wait for " + host
		}
	}
	return "remove one of these dependencies"
}

// circles finds services that wait for each other. It visits each service once, so
// that no file can make it slow.
func (c *checker) circles() {
	const visiting, done = 1, 2
	state := map[string]int{}
	var stack []string
	var visit func(name string)
	visit = func(name string) {
		state[name] = visiting
		stack = append(stack, name)
		for _, d := range slices.Sorted(maps.Keys(c.Compose.Services[name].DependsOn)) {
			if state[d] == visiting {
				round := append(slices.Clone(stack[slices.Index(stack, d):]), d)
				c.at = Child("services", name)
				c.add(".depends_on."+d, "depends_on has a cycle", strings.Join(round, " -> "), c.breaks(round))
			}
			if _, ok := c.Compose.Services[d]; ok && state[d] == 0 {
				visit(d)
			}
		}
		stack = stack[:len(stack)-1]
		state[name] = done
	}
	for _, name := range slices.Sorted(maps.Keys(c.Compose.Services)) {
		if state[name] == 0 {
			visit(name)
		}
	}
}
