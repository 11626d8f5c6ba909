package sandbox

// dump leaves the streams out: their names have the ids of tasks.
func (p *logsPart) dump(d *dumper) {
	for _, g := range p.s.Groups.all() {
		d.add("logs.log-group", p.groupARN(g), g.Name, map[string]any{
			"retention": g.Retention, "class": g.Class, "protected": g.Protected, "tags": g.Tags,
		})
	}
}
