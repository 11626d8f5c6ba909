package logs

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Dump implements world.Service. It leaves the streams out: their names have the ids
// of tasks.
func (p *Logs) Dump(d *world.Dumper) {
	for _, g := range p.s.Groups.All() {
		d.Add("logs.log-group", p.groupARN(g), g.Name, map[string]any{
			"retention": g.Retention, "class": g.Class, "protected": g.Protected, "tags": g.Tags,
		})
	}
	for _, r := range p.s.Policies.All() {
		d.Add("logs.resource-policy", r.Name, r.Name, r.Text)
	}
}

// Index implements world.Indexed.
func (p *Logs) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Groups, f, func(g *logGroup) (string, map[string]string) {
		return p.account.ARN("logs", "log-group:"+g.Name), g.Tags
	})
}
