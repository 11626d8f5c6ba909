package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/status"
)

func newPs(o *cli.Options) *cobra.Command {
	v := &psVerb{o.Opener()}
	var exitCode, watch bool
	var every time.Duration
	c := &cobra.Command{
		Use:        "ps [SERVICE...]",
		SuggestFor: []string{"status", "services"},
		Short:      "Show services and jobs, their tasks, health and addresses",
		Long: `ps shows what runs now: the last release, each service with its state, tasks,
sidecars and image, how jobs ended, where services are reached and what is
missing for that. After a deployment that was rolled back it says so, and why.`,
		Example: `  berth ps
  berth ps web worker
  berth ps --watch             until Ctrl-C; in a pipe, a line for each change
  berth ps --exit-code         3 if a service is not healthy or a job failed
  berth -e prod ps --json`,
		RunE: func(c *cobra.Command, args []string) error {
			if watch {
				var err error
				v.Quietly(func() { err = v.watch(c.Context(), args, every) })
				return err
			}
			return v.ps(c.Context(), args, exitCode)
		},
	}
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 3 if a service is not healthy or was rolled back, or a job failed")
	c.Flags().BoolVar(&watch, "watch", false, "show it again whenever it changes, until interrupted")
	c.Flags().DurationVar(&every, "every", 5*time.Second, "how often --watch reads it")
	c.MarkFlagsMutuallyExclusive("watch", "exit-code")
	return c
}

// psOutput is the stable form of ps --json.
type psOutput struct {
	cli.Place
	Services []status.Service `json:"services"`
	Jobs     []status.Job     `json:"jobs"`
	// OneOffs are the tasks that run has started and that run.
	OneOffs []status.OneOff `json:"one_offs"`
	// Databases are the managed ones.
	Databases []status.Database `json:"databases"`
	URLs      []blueprint.URL   `json:"urls"`
	// Reach says of each address whether it works now, and what is missing.
	Reach []deploy.Reach `json:"reach"`
	// Deployed says whether there is anything of the project in this environment.
	// Without, Elsewhere are the environments that it is deployed in.
	Deployed  bool     `json:"deployed"`
	Elsewhere []string `json:"deployed_in,omitempty"`
	// Release is the last release, if there is one.
	Release *releaseView `json:"release,omitempty"`
	// Healthy says that all of this is as it should be, as --exit-code tells.
	Healthy bool `json:"healthy"`
}

// psVerb shows what runs.
type psVerb struct{ *cli.Opener }

func (v *psVerb) ps(ctx context.Context, names []string, exitCode bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	out, err := v.read(ctx, s, names)
	if err != nil {
		return err
	}
	if v.JSON {
		err = v.PrintJSON(out)
	} else {
		for _, line := range psText(out, s.Target.Clock.Now(), v.InFull) {
			v.Print("%s", line)
		}
	}
	if err == nil && exitCode && !out.Healthy {
		return &cli.ExitError{Code: cli.ExitUnhealthy}
	}
	return err
}

// read reads what ps shows.
func (v *psVerb) read(ctx context.Context, s *cli.Session, names []string) (psOutput, error) {
	found, err := s.Status(ctx, names...)
	if err != nil {
		return psOutput{}, err
	}
	if found.Unknown != nil {
		v.Say("the last release cannot be read: %v", found.Unknown)
	}
	out := psOutput{
		Place:    s.Place(),
		Services: found.Services, Jobs: found.Jobs, OneOffs: found.OneOffs, Databases: found.Databases, URLs: found.URLs, Reach: found.Reach,
		Deployed: found.Deployed(), Elsewhere: found.Elsewhere, Healthy: healthy(found),
	}
	if found.Release != nil {
		view := viewOf(*found.Release)
		out.Release = &view
	}
	return out, nil
}

// healthy reports whether all services are healthy in the revision that was
// deployed last, and no job's last run failed.
func healthy(found *deploy.Status) bool {
	if !found.Deployed() {
		return false
	}
	for _, s := range found.Services {
		if s.State != status.Healthy || s.RolledBack() || s.Outdated {
			return false
		}
	}
	for _, j := range found.Jobs {
		if j.State == status.Failed {
			return false
		}
	}
	for _, d := range found.Databases {
		if d.Broken() {
			return false
		}
	}
	return true
}

// releaseText is a release in words: its id, age, who made it and from what.
func releaseText(r releaseView, now time.Time) string {
	text := fmt.Sprintf("release %s, %s ago", r.ID, render.Age(now.Sub(r.Time)))
	if r.Who != "" {
		text += ", by " + shortWho(r.Who)
	}
	if r.Commit != "" {
		text += ", " + r.commitText()
	}
	return text
}
