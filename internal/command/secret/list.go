package secret

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
)

func newList(v *verb) *cobra.Command {
	return &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List the secrets of the environment, without their values",
		Example: `  berth secret ls
  berth -e prod secret ls --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.secretList(c.Context()) },
	}
}

// secretItem is one secret in secret ls --json.
type secretItem struct {
	Name string `json:"name"`
	// Version and Changed describe the present value. They are 0 and empty for a
	// secret that is not set or that berth did not make.
	Version int64  `json:"version"`
	Changed string `json:"changed,omitempty"`
	// State is set, empty, missing or literal. Empty means that it needs no value,
	// literal that the value in the files or the shell is used.
	State  string   `json:"state"`
	UsedBy []string `json:"used_by"`
}

func (v *verb) secretList(ctx context.Context) error {
	s, store, err := v.secrets(ctx)
	if err != nil {
		return err
	}
	items, err := secretItems(ctx, s, store)
	if err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(struct {
			cli.Place
			Secrets []secretItem `json:"secrets"`
		}{s.Place(), items})
	}
	if len(items) == 0 {
		v.Say("%s has no secrets, and no service asks for one", s.Source.App.Environment)
		return nil
	}
	rows := [][]string{{"SECRET", "VERSION", "CHANGED", "USED BY"}}
	for _, i := range items {
		version := i.State
		if i.Version > 0 {
			version = strconv.FormatInt(i.Version, 10)
		}
		changed := strings.TrimSuffix(strings.Replace(i.Changed, "T", " ", 1), "Z")
		rows = append(rows, []string{i.Name, version, cmp.Or(changed, "-"), cmp.Or(strings.Join(i.UsedBy, ", "), "-")})
	}
	return render.Table(v.Streams.Out, rows)
}

// secretItems are what the environment has and what the files ask for, paths
// and ARNs behind the names.
func secretItems(ctx context.Context, s *cli.Session, store ssm.Store) ([]secretItem, error) {
	entries, err := store.List(ctx)
	if err != nil {
		return nil, err
	}
	exist, err := s.SecretVersions(ctx)
	if err != nil {
		return nil, err
	}
	var items []secretItem
	for _, n := range s.Source.App.Needs() {
		i := secretItem{Name: n.From, State: "missing", UsedBy: n.Users}
		version, ok := exist[n.From]
		switch {
		case version == ssm.EmptyVersion:
			i.State = "empty"
		case ok:
			i.State = "set"
			i.Version, i.Changed = parseVersion(version)
		case n.Optional:
			i.State = "literal"
		}
		items = append(items, i)
	}
	by := users(s.Source.App)
	for _, e := range entries {
		if _, used := by[e.Name]; !used {
			items = append(items, secretItem{
				Name: e.Name, Version: e.Number, Changed: e.Changed.UTC().Format(time.RFC3339), State: "set", UsedBy: []string{},
			})
		}
	}
	slices.SortFunc(items, func(a, b secretItem) int {
		if app.Existing(a.Name) != app.Existing(b.Name) {
			if app.Existing(b.Name) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return items, nil
}

// parseVersion reads ssm.Version's text; a secret of Secrets Manager has no
// number.
func parseVersion(text string) (number int64, changed string) {
	n, when, ok := strings.Cut(text, " of ")
	if !ok {
		return 0, ""
	}
	number, err := strconv.ParseInt(n, 10, 64)
	if err != nil {
		return 0, ""
	}
	return number, when
}
