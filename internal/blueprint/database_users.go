package blueprint

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// usedBy are the databases that a workload uses: it shares a network with them, and
// depends on them or names their host.
func usedBy(a *app.App, w app.Workload) []app.Database {
	var out []app.Database
	for _, d := range a.Databases {
		near := slices.ContainsFunc(d.Networks, func(n string) bool { return slices.Contains(w.Networks, n) })
		waits := slices.ContainsFunc(w.DependsOn, func(on app.Dependency) bool { return on.Name == d.Name })
		named := slices.ContainsFunc(w.Containers(), func(c app.Workload) bool { return namesHost(c, d.Name) })
		if near && (waits || named) {
			out = append(out, d)
		}
	}
	return out
}

// namesHost says whether a workload names a host in its environment or its command.
// The redis of redis:// does not count: it is a protocol.
func namesHost(w app.Workload, host string) bool {
	texts := slices.Concat(w.Command, w.Entrypoint)
	for _, v := range w.Env {
		texts = append(texts, v)
	}
	for _, v := range w.Variables {
		for _, p := range v.Parts {
			texts = append(texts, p.Text)
		}
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		return hasWord(strings.ReplaceAll(text, host+"://", ""), host)
	})
}

// addHosts gives a container the hosts of the databases that its workload uses. The
// container starts when they are ready, because AWS takes minutes to make them, and
// applications do not wait that long.
func (d databases) addHosts(c *ecs.Container, w app.Workload) {
	for _, used := range usedBy(d.app, w) {
		known := d.byName[used.Name]
		if used.Password.Generated() && known.password != nil {
			c.SecretVersions = append(c.SecretVersions, known.password.Output("mark"))
		}
		variable := app.HostVariable(used.Name)
		if _, taken := c.Environment[variable]; taken {
			continue
		}
		if c.Hosts == nil {
			c.Hosts = map[string]engine.Ref{}
		}
		c.Hosts[variable] = known.node.Output("endpoint").WhenReady()
	}
}
