package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/engine"
)

// passwordName is the name of the parameter in which berth keeps a database's
// password.
func passwordName(a *app.App, d app.Database) string {
	return "/berth/" + a.Environment + "/" + a.Name + "/" + d.Name + "/password"
}

// password is the master password of a database: its place and its version. node is
// the parameter in which berth keeps it; nil for a user's secret.
type password struct {
	node            *engine.Node
	source, version engine.Ref
}

// addPassword adds the parameter with a database's password, if berth generates it
// or the file sets it.
func (d databases) addPassword(want app.Database) password {
	p := want.Password
	if p.Secret != "" {
		return password{source: engine.Lit(d.secretARN(p.Secret)), version: engine.Lit(d.facts.Secrets[p.Secret])}
	}
	parameter := ssm.Password{Name: passwordName(d.app, want), Value: ssm.Generated}
	if !p.Generated() {
		parameter.Value, parameter.Text = ssm.FromFile, p.Literal
	}
	node := d.add(want.Name, parameter)
	return password{node: node, source: node.ID(), version: node.Output("version")}
}

// withPasswords returns a copy of the app in which workloads get the generated
// passwords of the databases that they use.
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
