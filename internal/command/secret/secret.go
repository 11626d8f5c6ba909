package secret

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/command/cli"
)

// New is the command secret.
func New(o *cli.Options) *cobra.Command {
	v := &verb{o.Opener()}
	c := &cobra.Command{
		Use:   "secret",
		Short: "Set, list and remove the secrets of an environment",
		Long: `A secret is a value that only AWS keeps: an encrypted parameter of the
environment in Systems Manager Parameter Store. ECS passes it to a service's
tasks when they start. berth never writes it to a file, plan, log or task
definition.`,
	}
	c.AddCommand(newSet(v), newList(v), newRemove(v), newImport(v))
	return c
}

// verb manages the secrets of an environment.
type verb struct{ *cli.Opener }

// secrets opens the project and the store of its environment.
func (v *verb) secrets(ctx context.Context) (*cli.Session, ssm.Store, error) {
	s, err := v.Open(ctx)
	if err != nil {
		return nil, ssm.Store{}, err
	}
	return s, s.Target.Clients.Store(s.Source.App.Environment), nil
}

// checkSecretNames refuses what cannot be a name, all at once.
func checkSecretNames(names []string) error {
	var bad []string
	for _, name := range names {
		switch problem := app.SecretNameProblem(name); {
		case strings.Contains(name, "="):
			// The rest may be a value, which must not be shown.
			shown, _, _ := strings.Cut(name, "=")
			return &cli.RemedyError{
				Err:    fmt.Errorf("%s=...: a value on the command line stays in the shell's history", shown),
				Advice: fmt.Sprintf("`berth secret set %s` asks for it, `berth secret set %[1]s -` reads it from standard input", shown),
			}
		case problem != "":
			bad = append(bad, fmt.Sprintf("%q: %s", name, problem))
		}
	}
	if len(bad) > 0 {
		return &cli.RemedyError{Err: fmt.Errorf("not a valid name for a secret: %s", strings.Join(bad, "; ")), Advice: "use letters, digits and the characters _ . -"}
	}
	return nil
}

// users are the services and jobs of the file by the secret that they use.
func users(a *app.App) map[string][]string {
	out := map[string][]string{}
	for _, n := range a.Needs() {
		out[n.From] = n.Users
	}
	return out
}

// sayUsers names the services and jobs that use the new values, and says whether
// `berth up` restarts any for them. Without the permission to see what runs it says
// that it does.
func sayUsers(ctx context.Context, c *cli.Console, s *cli.Session, names []string) {
	var all []string
	by := users(s.Source.App)
	for _, w := range s.Source.App.Workloads() {
		for _, name := range names {
			if slices.Contains(by[name], w.Name) && !slices.Contains(all, w.Name) {
				all = append(all, w.Name)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	running, err := s.TaskDefinitions(ctx)
	runs := func(name string) bool { return running[name] != "" }
	switch list := strings.Join(all, ", "); {
	case err != nil || slices.ContainsFunc(all, runs):
		c.Say("run `berth up` to restart %s with the new value", list)
	case len(names) == 1:
		c.Say("`berth up` uses it for %s", list)
	default:
		c.Say("`berth up` uses them for %s", list)
	}
}
