package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// gatherSecrets reads which of the secrets that the app uses exist, and their
// versions. A teardown does not need to know. Without secrets it makes no call.
// Those that are missing are told with whatever else the file gives in vain.
func (s *Session) gatherSecrets(ctx context.Context, p *Prepared) error {
	needs := s.App.Needs()
	if p.Request.Down || len(needs) == 0 {
		return nil
	}
	froms := make([]string, len(needs))
	for i, n := range needs {
		froms[i] = n.From
	}
	at := aws.Place{Account: s.Account, Region: s.Region, Partition: s.Partition, Clock: s.Clock}
	var err error
	p.Facts.Secrets, err = s.Clients.SecretVersions(ctx, at, s.App.Environment, froms)
	if err != nil {
		return fmt.Errorf("looking for the secrets: %w", err)
	}
	_, p.Notices = blueprint.Decide(s.App, p.Facts)
	p.Missing = s.concern(p.Request.Services, blueprint.Missing(s.App, p.Facts))
	for _, n := range needs {
		if version, found := p.Facts.Secrets[n.From]; found && version == "" {
			p.Notices = append(p.Notices, app.Notice{At: app.ParsePosition(n.Where), Text: n.From +
				": nobody has checked it: it is of another account or region, or the caller may not look at it"})
		}
	}
	return nil
}

// concern are the needs of some services and of those that they depend on;
// without names, of all.
func (s *Session) concern(services []string, needs []app.Need) []app.Need {
	if len(services) == 0 {
		return needs
	}
	depends := map[string][]app.Dependency{}
	for _, w := range s.App.Workloads() {
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
	for _, name := range services {
		visit(name)
	}
	return slices.DeleteFunc(slices.Clone(needs), func(n app.Need) bool {
		return !slices.ContainsFunc(n.Users, func(user string) bool { return concerned[user] })
	})
}

// secretsToLeave begins to read the secrets of the environment, beside all else
// that a teardown reads; what it returns puts them into the world, so that the
// plan says what it leaves or deletes. Whoever may not list them cannot delete
// them either.
func (s *Session) secretsToLeave(ctx context.Context, p *Prepared) (add func() error) {
	var objects []engine.Object
	var err error
	read := make(chan struct{})
	go func() {
		defer close(read)
		err = engine.Safely(func() (err error) {
			objects, err = s.Clients.Store(s.App.Environment).Objects(ctx, p.Request.DeleteData)
			return err
		})
	}()
	return func() error {
		<-read
		switch {
		case p.World == nil, err != nil && engine.ClassOf(err) == engine.Denied && !p.Request.DeleteData:
			return nil
		case err != nil:
			return fmt.Errorf("looking for the secrets: %w", err)
		}
		p.World.Add(ssm.Secret{}.Type(), objects...)
		return nil
	}
}

// MissingSecretsError says, before anything is changed, which secrets the
// services need and do not have.
type MissingSecretsError struct {
	Needs []app.Need
	// Env is the user's word for the environment.
	Env string
}

func (e *MissingSecretsError) Error() string {
	lines := make([]string, len(e.Needs))
	for i, n := range e.Needs {
		lines[i] = MissingText(n)
	}
	return strings.Join(lines, "\n")
}

// MissingText says which secret does not exist and who needs it.
func MissingText(n app.Need) string {
	if app.Existing(n.From) {
		return fmt.Sprintf("%s: %s does not exist; needed by %s", n.Where, n.From, join(n.Users))
	}
	return fmt.Sprintf("%s: the secret %s is not set; needed by %s", n.Where, n.From, join(n.Users))
}

// Remedy names the command that sets all of them.
func (e *MissingSecretsError) Remedy() string { return MissingRemedy(e.Needs, e.Env) }

// MissingRemedy is what to do about secrets that do not exist.
func MissingRemedy(needs []app.Need, env string) string {
	var own, existing []string
	for _, n := range needs {
		if app.Existing(n.From) {
			existing = append(existing, n.From)
		} else {
			own = append(own, n.From)
		}
	}
	var out []string
	if len(own) > 0 {
		command := "berth secret set "
		if env != app.DefaultEnvironment {
			command = "berth -e " + env + " secret set "
		}
		out = append(out, "`"+command+strings.Join(own, " ")+"` asks for the values; `berth secret import FILE` reads them from a file")
	}
	if len(existing) > 0 {
		out = append(out, "make "+join(existing)+" in this account and region, or correct the name")
	}
	return strings.Join(out, "; ")
}
