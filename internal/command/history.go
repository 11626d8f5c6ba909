package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/state"
)

func newHistory(o *cli.Options) *cobra.Command {
	v := &historyVerb{o.Opener()}
	var most int
	c := &cobra.Command{
		Use:        "history [SERVICE...]",
		Aliases:    []string{"releases"},
		SuggestFor: []string{"log"},
		Short:      "Show the releases: when, by whom, from which commit, what changed, how it ended",
		Long: `history shows what up and rollback recorded, the newest release first, each with
its number, and which of them runs now: after a deployment that ECS rolled back
that is not the last one. With names it shows the releases that changed these
services or jobs. Releases stay when a project is deleted.`,
		Example: `  berth history
  berth history web
  berth -e prod releases --limit 3
  berth history --json`,
		RunE: func(c *cobra.Command, names []string) error { return v.history(c.Context(), names, most) },
	}
	c.Flags().IntVar(&most, "limit", 10, "show at most this many releases")
	return c
}

// historyOutput is history --json.
type historyOutput struct {
	cli.Place
	Releases []releaseView `json:"releases"`
}

// historyVerb shows releases.
type historyVerb struct{ *cli.Opener }

func (v *historyVerb) history(ctx context.Context, names []string, most int) error {
	if most < 1 {
		return fmt.Errorf("--limit %d is too small: it must be above zero", most)
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	// One more shows what the oldest of them changed.
	read := most + 1
	if len(names) > 0 {
		read = max(read, mostRead)
	}
	list, damaged, err := s.Releases().Latest(ctx, s.Stack(), read)
	if err != nil {
		return err
	}
	for _, d := range damaged {
		v.Say("note: %v; it was skipped", d)
	}
	if err := s.CheckNames(notIn(list, names)); err != nil {
		return err
	}
	running, err := s.TaskDefinitions(ctx)
	if err != nil {
		return err
	}
	views := historyOf(list, read-1, running)
	views = of(views, names)
	views = views[:min(most, len(views))]
	if v.JSON {
		return v.PrintJSON(historyOutput{s.Place(), views})
	}
	if len(views) == 0 && len(names) > 0 {
		v.Say("no release has changed %s", strings.Join(names, ", "))
		return nil
	}
	if len(views) == 0 {
		v.Say("%s has no release in %s yet: `berth up` makes one", s.Source.App.Name, s.Source.App.Env)
		return nil
	}
	now := s.Target.Clock.Now()
	for _, r := range views {
		mark := " "
		if r.Runs {
			mark = "*"
		}
		v.Print("%s %d  %s ago  %s", mark, r.Number, render.Age(now.Sub(r.Time)), strings.Join(r.facts(), ", "))
		if back := r.backTo(list); back != "" {
			v.Print("    %s", back)
		}
		took := clock.Span(time.Duration(r.Seconds * float64(time.Second)))
		end := state.Succeeded + " after " + took
		if r.Outcome != state.Succeeded {
			end = r.outcomeWord() + " after " + took + r.why()
		}
		for _, line := range render.Wrapped("    "+end, "      ") {
			v.Print("%s", line)
		}
		for _, c := range r.Changes {
			v.Print("    %s", c)
		}
	}
	v.Say("%s", legend(views, len(running) > 0))
	return nil
}

// mostRead is how many releases are read to find those that changed a service.
const mostRead = 200

// of are the releases that changed one of these services or jobs; all without names.
func of(views []releaseView, names []string) []releaseView {
	if len(names) == 0 {
		return views
	}
	return slices.DeleteFunc(views, func(r releaseView) bool {
		return !slices.ContainsFunc(r.changed, func(name string) bool { return slices.Contains(names, name) })
	})
}

// notIn are the names that no release has: only the file can know them.
func notIn(list []state.Release, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(list, func(r state.Release) bool { _, ok := partsOf(r)[name]; return ok })
	})
}

// legend says what the star stands for or, where no line has one, that nothing shown
// runs.
func legend(views []releaseView, running bool) string {
	switch i := slices.IndexFunc(views, func(r releaseView) bool { return r.Runs }); {
	case i == 0:
		return "* runs now"
	case i > 0:
		return "* runs now; `berth ps` says why it is not the last one"
	case !running:
		return "none of these runs: no service is there now"
	}
	return "none of these runs now as it was released; `berth ps` shows what runs"
}

// facts are who made a release and from what.
func (r releaseView) facts() []string {
	facts := []string{"by " + shortWho(r.Who)}
	if r.Commit != "" {
		facts = append(facts, r.commitText())
	}
	return facts
}

// historyOf are up to n releases, the newest first, each with what it changed. The
// newest one runs whose services have the task definitions that run: one that
// failed before it changed anything has those of the release before.
func historyOf(list []state.Release, n int, running map[string]string) []releaseView {
	var out []releaseView
	found := false
	for i, r := range list {
		if i == n {
			break
		}
		view := viewOf(r)
		var before *state.Release
		if i+1 < len(list) {
			before = &list[i+1]
		}
		view.Changes, view.changed = changesOf(before, r)
		if !found && runsNow(r, running) {
			view.Runs, found = true, true
		}
		out = append(out, view)
	}
	return out
}

// runsNow reports whether all services of a release have the task definitions that
// run, and nothing else runs.
func runsNow(r state.Release, running map[string]string) bool {
	if len(running) == 0 || len(r.Services) != len(running) {
		return false
	}
	for name, s := range r.Services {
		if s.TaskDefinition == "" || running[name] != s.TaskDefinition {
			return false
		}
	}
	return true
}
