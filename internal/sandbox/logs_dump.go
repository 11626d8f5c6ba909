package sandbox

// dump leaves the streams out: their names have the ids of tasks.
func (p *logsPart) Dump(d *dumper) {
	for _, g := range p.s.Groups.all() {
		d.add("logs.log-group", p.groupARN(g), g.Name, map[string]any{
			"retention": g.Retention, "class": g.Class, "protected": g.Protected, "tags": g.Tags,
		})
	}
}

// index implements indexed.
func (p *logsPart) index(f indexFunc) {
	indexRows(&p.s.Groups, f, func(g *logGroup) (string, map[string]string) {
		return p.account.arn("logs", "log-group:"+g.Name), g.Tags
	})
}
