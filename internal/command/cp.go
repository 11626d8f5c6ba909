package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/go-units"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/attach"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/interrupt"
)

func newCp(o *cli.Options) *cobra.Command {
	v := &cpVerb{Opener: o.Opener()}
	c := &cobra.Command{
		Use:        "cp SERVICE:PATH LOCAL | LOCAL SERVICE:PATH",
		SuggestFor: []string{"copy", "scp", "download", "upload"},
		Short:      "Copy files from or to a container that runs",
		Long: `cp copies a file or folder between this computer and a container of a service or
job, or of a task by its id. It needs what exec needs, and sh, tar and base64 in
the image. What a task has on its disk ends with the task. cp is for logs,
configuration and dumps: for gigabytes use a bucket.`,
		Example: `  berth cp web:/var/log/nginx/error.log .
  berth cp seed.sql worker:/tmp/`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return v.cp(c.Context(), args[0], args[1]) },
	}
	c.Flags().StringVar(&v.container, "container", "", "another container of the task: a sidecar's name")
	return c
}

// cpVerb copies files.
type cpVerb struct {
	*cli.Opener
	container string
}

// cpOutput is cp --json.
type cpOutput struct {
	cli.Place
	Task  string `json:"task"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
	// Skipped are what is no file and no folder.
	Skipped []string `json:"skipped"`
}

func (v *cpVerb) cp(ctx context.Context, from, to string) error {
	name, remote, down := inContainer(from)
	other, otherRemote, up := inContainer(to)
	switch {
	case down == up:
		return &cli.RemedyError{Err: errors.New("one of the two has to be in a container"), Advice: "`berth cp web:/path/file .` copies from the container, `berth cp file web:/path/` to it"}
	case up:
		name, remote = other, otherRemote
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	t, err := attach.Find(ctx, s.Project, name, v.container)
	if err != nil {
		return err
	}
	save := s.Saving()
	var done attach.Copied
	v.Quietly(func() {
		if down {
			done, err = attach.Download(ctx, s.Project, t, remote, to, v.lost)
		} else {
			done, err = attach.Upload(ctx, s.Project, t, from, remote, v.lost)
		}
	})
	if errors.Is(err, interrupt.Err) {
		err = &cli.InterruptedError{Says: "interrupted: a part may have been copied"}
	}
	if err := errors.Join(err, save()); err != nil {
		return err
	}
	return v.show(cpOutput{Place: s.Place(), Task: t.Task, Files: done.Files, Bytes: done.Bytes, Skipped: done.Skipped})
}

// inContainer reads SERVICE:PATH. A path of this computer has a slash before the first
// colon, or a drive's letter before it.
func inContainer(text string) (name, path string, ok bool) {
	name, path, ok = strings.Cut(text, ":")
	if !ok || len(name) < 2 || strings.ContainsAny(name, `/\.`) || path == "" {
		return "", "", false
	}
	return name, path, true
}

func (v *cpVerb) show(out cpOutput) error {
	if v.JSON {
		if out.Skipped == nil {
			out.Skipped = []string{}
		}
		return v.PrintJSON(out)
	}
	for _, name := range out.Skipped {
		v.Say("skipped %s: it is no file and no folder", name)
	}
	files := "1 file"
	if out.Files != 1 {
		files = fmt.Sprintf("%d files", out.Files)
	}
	v.Say("copied %s, %s", files, units.BytesSize(float64(out.Bytes)))
	return nil
}

func (v *cpVerb) lost(err error) { sayBroken(v.Console, err, "") }
