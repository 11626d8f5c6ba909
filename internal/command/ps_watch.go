package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
	"github.com/berthdev/berth/internal/usage"
)

// fastestWatch keeps a watcher within ECS's rate of reads.
const fastestWatch = 2 * time.Second

// figuresEvery is how often watch reads how busy the services are: CloudWatch has a
// figure for each minute, and charges for reading it.
const figuresEvery = time.Minute

// watch shows what runs until it is interrupted: on a terminal in place; elsewhere
// a line for each change or, with --json, an object.
func (v *psVerb) watch(ctx context.Context, names []string, every time.Duration) error {
	if every < fastestWatch {
		return fmt.Errorf("--every %s is too short: the shortest time is %s", every, fastestWatch)
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	show := v.changes()
	live := cli.IsTerminal(v.Streams.Out) && !v.JSON
	var busy []usage.Service
	var asked time.Time
	if live {
		show = v.redraw(every, &busy)
	}
	for {
		if s.World != nil { // other processes change the file of the modelled AWS
			if s, err = v.Open(ctx); err != nil {
				return err
			}
		}
		if live && time.Since(asked) >= figuresEvery {
			asked = time.Now()
			if list, err := usage.Read(ctx, s.Project, names...); err == nil { // without the right there are none
				busy = list
			}
		}
		out, err := v.read(ctx, s, names)
		if err == nil {
			err = show(out, s.Target.Clock.Now())
		}
		if err == nil {
			err = clock.Wall{}.Sleep(ctx, every)
		}
		if errors.Is(err, interrupt.Err) || errors.Is(context.Cause(ctx), interrupt.Err) {
			return &cli.ExitError{Code: interrupt.ExitCode}
		}
		if err != nil {
			return err
		}
	}
}

// redraw writes each picture over the one before, with how busy the services are. What
// was on the terminal before the first one stays.
func (v *psVerb) redraw(every time.Duration, busy *[]usage.Service) func(psOutput, time.Time) error {
	screen := terminal.Screen{Out: terminal.Raw(v.Streams.Out), Size: v.Size}
	return func(out psOutput, now time.Time) error {
		lines := psText(out, now, v.InFull)
		if len(*busy) > 0 {
			lines = append(append(lines, ""), render.Lines(topRows(*busy))...)
		}
		lines = append(lines, "", fmt.Sprintf("%s, every %s; Ctrl-C ends", now.Format(time.TimeOnly), every))
		return screen.ReplaceFitted(lines)
	}
}

// changes writes what is new since the picture before.
func (v *psVerb) changes() func(psOutput, time.Time) error {
	var before []string
	return func(out psOutput, now time.Time) error {
		lines := states(out)
		if slices.Equal(lines, before) {
			return nil
		}
		if v.JSON {
			before = lines
			data, err := render.JSON(out)
			if err != nil {
				return err
			}
			v.Print("%s", data)
			return v.Unwritten
		}
		for _, line := range lines {
			if !slices.Contains(before, line) {
				v.Print("%s %s", now.Format(time.TimeOnly), line)
			}
		}
		before = lines
		return v.Unwritten
	}
}

// states are what watch compares, a line for each thing: without ages, which change
// always.
func states(out psOutput) []string {
	var lines []string
	if !out.Deployed {
		lines = append(lines, out.Project+" is not deployed in "+out.Environment)
	}
	if out.Release != nil {
		lines = append(lines, "release "+out.Release.ID+" "+out.Release.Outcome)
	}
	for _, s := range out.Services {
		line := fmt.Sprintf("%s %s, %d of %d tasks run", s.Name, s.State, s.Running, s.Desired)
		if s.Image != "" {
			line += ", " + render.ShortImage(s.Image)
		}
		if s.RolledBack() {
			line += ", " + strings.ReplaceAll(s.Deployment.Status, "_", " ")
		}
		if d := s.Deployment; d != nil && d.Stage != "" {
			line += ", " + d.Stage
		}
		if s.Reason != "" {
			line += ": " + s.Reason
		}
		lines = append(lines, line)
	}
	for _, j := range out.Jobs {
		line := j.Name + " " + j.State
		if j.Reason != "" {
			line += ": " + j.Reason
		}
		lines = append(lines, line)
	}
	for _, d := range out.Databases {
		lines = append(lines, d.Name+" "+d.State)
	}
	for _, r := range out.Reach {
		line := r.Service + " " + r.URL
		if r.Why != "" {
			line += ": " + r.Why
		}
		lines = append(lines, line)
	}
	return lines
}
