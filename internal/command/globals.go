package command

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/berthdev/berth/internal/terminal"
)

// globals are the flags that every verb has, and what it writes to.
type globals struct {
	streams Streams
	build   Build

	dir        string
	files      []string
	env        string
	project    string
	profiles   []string
	envFiles   []string
	sandbox    bool
	region     string
	awsProfile string
	json       bool
	yes        bool
	noColor    bool
	debug      bool
	timeout    time.Duration
	slow       bool
	builder    string

	// unwritten is why data could not be written, a full disk for example.
	unwritten error
}

func (g *globals) register(f *pflag.FlagSet) {
	sandbox, _ := strconv.ParseBool(os.Getenv("BERTH_SANDBOX"))
	f.StringVarP(&g.dir, "directory", "C", "", "work in this folder")
	f.StringArrayVarP(&g.files, "file", "f", nil, "Compose file; may be given several times")
	f.StringVarP(&g.env, "env", "e", "", "environment: loads compose.ENV.yaml and .env.ENV too (default dev)")
	f.StringVarP(&g.project, "project-name", "p", "", "project name")
	f.StringArrayVar(&g.profiles, "profile", nil, "Compose profile to enable (an AWS profile is --aws-profile)")
	f.StringArrayVar(&g.envFiles, "env-file", nil, "file of variables instead of .env")
	f.BoolVar(&g.sandbox, "sandbox", sandbox, "work on a modelled AWS in .berth/sandbox.json (BERTH_SANDBOX=1)")
	f.BoolVar(&g.slow, "sandbox-slow", false, "let the modelled AWS be on a slow day")
	f.StringVar(&g.region, "region", "", "AWS region")
	f.StringVar(&g.awsProfile, "aws-profile", "", "profile of the AWS configuration")
	f.BoolVar(&g.json, "json", false, "print JSON")
	f.BoolVarP(&g.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&g.noColor, "no-color", false, "no colours (also NO_COLOR)")
	f.StringVar(&g.builder, "builder", "", "where images are built: local, codebuild or auto (default auto)")
	f.BoolVar(&g.debug, "debug", false, "print every AWS call")
	f.DurationVar(&g.timeout, "timeout", 0, "give up after this time (default: what the plan takes on a bad day, at least 15m)")
	_ = f.MarkHidden("sandbox-slow")
}

// check refuses a --timeout that was given and leaves no time.
func (g *globals) check(c *cobra.Command) error {
	if f := c.Flags().Lookup("timeout"); g.timeout <= 0 && f != nil && f.Changed {
		return fmt.Errorf("--timeout %s: want a time above zero", g.timeout)
	}
	return nil
}

// interactive says whether somebody can answer a question.
func (g *globals) interactive() bool { return isTerminal(g.streams.In) && isTerminal(g.streams.Err) }

// live says whether progress can be redrawn in place.
func (g *globals) live() bool {
	return isTerminal(g.streams.Err) && os.Getenv("TERM") != "dumb" && !g.json
}

// color says whether w shows colours.
func (g *globals) color(w any) bool {
	return isTerminal(w) && !g.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// size is the terminal's, or 80 by 24.
func (g *globals) size() (columns, rows int) {
	if f, ok := terminal.Raw(g.streams.Err).(*os.File); ok {
		if c, r, err := term.GetSize(int(f.Fd())); err == nil && c > 0 && r > 0 {
			return c, r
		}
	}
	return 80, 24
}

func isTerminal(stream any) bool {
	if w, ok := stream.(io.Writer); ok {
		stream = terminal.Raw(w)
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say writes a line of talk.
func (g *globals) say(format string, args ...any) {
	_, _ = fmt.Fprintf(g.streams.Err, format+"\n", args...)
}

// print writes a line of data.
func (g *globals) print(format string, args ...any) {
	if _, err := fmt.Fprintf(g.streams.Out, format+"\n", args...); err != nil && g.unwritten == nil {
		g.unwritten = fmt.Errorf("writing the output: %w", err)
	}
}
