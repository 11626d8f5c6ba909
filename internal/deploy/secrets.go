package deploy

import (
	"context"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// SecretVersions reads the versions of the secrets that the app uses, by their
// names in the app. Secrets that do not exist are left out; the version of a secret
// that the caller may not read is empty.
func (p *Project) SecretVersions(ctx context.Context) (map[string]string, error) {
	var froms []string
	for _, n := range p.Source.App.Needs() {
		froms = append(froms, n.From)
	}
	return p.Target.Clients.SecretVersions(ctx, p.Target.place(nil), p.Source.App.Environment, froms)
}

// gatherSecrets reads which of the secrets that the app uses exist, and their
// versions. Without secrets it makes no call. Those that are missing become one
// error with everything else that the file names and AWS does not have.
func (r *reader) gatherSecrets(ctx context.Context) error {
	needs := r.app.Needs()
	if len(needs) == 0 {
		return nil
	}
	var err error
	if r.Facts.Secrets, err = r.project.SecretVersions(ctx); err != nil {
		return fmt.Errorf("looking for the secrets: %w", err)
	}
	_, r.Notices = blueprint.Decide(r.app, r.Facts)
	r.Missing = concern(r.app, r.req.Services, blueprint.Missing(r.app, r.Facts))
	for _, n := range needs {
		if version, found := r.Facts.Secrets[n.From]; found && version == "" {
			r.Notices = append(r.Notices, app.Notice{At: app.ParsePosition(n.Where), Text: n.From +
				": it was not checked: it is in another account or region, or the caller may not read it"})
		}
	}
	return nil
}

// concern returns the needs of some services and of those that they depend on;
// without names, the needs of all.
func concern(a *app.App, services []string, needs []app.Need) []app.Need {
	if len(services) == 0 {
		return needs
	}
	depends := map[string][]app.Dependency{}
	for _, w := range a.Workloads() {
		depends[w.Name] = w.DependsOn
	}
	concerned := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if concerned[name] {
			return
		}
		concerned[name] = true
		for _, d := range depends[name] {
			visit(d.Name)
		}
	}
	for _, name := range tasksOf(a, services) {
		visit(name)
	}
	return slices.DeleteFunc(slices.Clone(needs), func(n app.Need) bool {
		return !slices.ContainsFunc(n.Users, func(user string) bool { return concerned[user] })
	})
}

// secretsToLeave begins to read the secrets of the environment, while a teardown
// reads everything else. The function that it returns puts them into the world,
// so that the plan says what it leaves or deletes. A caller who may not list them
// cannot delete them either.
func (r *reader) secretsToLeave(ctx context.Context) (add func() error) {
	var objects []engine.Object
	var err error
	read := make(chan struct{})
	go func() {
		defer close(read)
		err = concurrent.Safely(func() (err error) {
			objects, err = r.clients.Store(r.app.Environment).Objects(ctx, r.req.DeleteData)
			return err
		})
	}()
	return func() error {
		<-read
		switch {
		case r.Observed == nil, err != nil && engine.ClassOf(err) == engine.Denied && !r.req.DeleteData:
			return nil
		case err != nil:
			return fmt.Errorf("looking for the secrets: %w", err)
		}
		r.Observed.Add(ssm.Secret{}.Type(), objects...)
		return nil
	}
}
