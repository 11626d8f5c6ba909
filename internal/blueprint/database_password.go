package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/engine"
)

// passwordName is the parameter with the password that berth keeps for a
// database.
func passwordName(a *app.App, d app.Database) string {
	return "/berth/" + a.Environment + "/" + a.Name + "/" + d.Name + "/password"
}

// addPassword says where the master password of a database is, and which
// version of it counts. A password that berth makes, or that stands in the
// file, is in a parameter of berth's.
func (b *builder) addPassword(d app.Database) (source, version engine.Ref) {
	p := d.Password
	if p.Secret != "" {
		return engine.Lit(b.secretARN(p.Secret)), engine.Lit(b.facts.Secrets[p.Secret])
	}
	want := ssm.Password{Name: passwordName(b.app, d), Value: ssm.Generated}
	if !p.Generated() {
		want.Value, want.Text = ssm.FromFile, p.Literal
	}
	node := b.graph.Add(b.stack, d.Name, want)
	b.passwords[d.Name] = node
	return node.ID(), node.Output("version")
}

// withPasswords is the app in which those who use a database find the password
// that berth makes for it. The app itself stays as it is.
func withPasswords(a *app.App) *app.App {
	out := *a
	out.Services, out.Jobs = nil, nil
	for _, s := range a.Services {
		s.Workload = withPassword(a, s.Workload)
		out.Services = append(out.Services, s)
	}
	for _, j := range a.Jobs {
		j.Workload = withPassword(a, j.Workload)
		out.Jobs = append(out.Jobs, j)
	}
	return &out
}

func withPassword(a *app.App, w app.Workload) app.Workload {
	for _, d := range usedBy(a, w) {
		if d.IsCache() || !d.Password.Generated() {
			continue
		}
		w.Secrets = append(w.Secrets[:len(w.Secrets):len(w.Secrets)], app.Secret{
			Name: app.PasswordVariable(d.Name), From: passwordName(a, d), Origin: d.Origin,
		})
	}
	return w
}
