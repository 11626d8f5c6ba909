package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/habits"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/regular"
)

// options are the flags that every verb has. A verb takes the groups that it is about.
type options struct {
	console *console
	source  *sourceOptions
	target  *targetOptions
	timeout time.Duration
	build   Build
}

func newOptions(s Streams, b Build) *options {
	return &options{console: &console{streams: s}, source: &sourceOptions{in: s.In}, target: &targetOptions{}, build: b}
}

func (o *options) register(f *pflag.FlagSet) {
	o.source.register(f)
	o.target.register(f)
	o.console.register(f)
	f.DurationVar(&o.timeout, "timeout", 0, "give up after this time (default: what the plan takes on a slow day, at least 15m)")
}

// check refuses flags of docker compose that berth would not follow, and values that
// are none of a flag's.
func (o *options) check(c *cobra.Command) error {
	if err := habits.Answer(c); err != nil {
		return err
	}
	if err := checkRegion(o.source.region); err != nil {
		return err
	}
	if _, err := images.ParseWhere(o.target.builder); err != nil {
		return err
	}
	if f := c.Flags().Lookup("timeout"); o.timeout <= 0 && f != nil && f.Changed {
		return fmt.Errorf("--timeout %s is too short: it must be above zero", o.timeout)
	}
	return nil
}

// opener returns what verbs about a deployed project open it with.
func (o *options) opener() *opener {
	return &opener{console: o.console, source: o.source, target: o.target}
}

// sourceOptions say which files to load, and which values take precedence over theirs.
type sourceOptions struct {
	dir      string
	files    []string
	env      string
	project  string
	profiles []string
	envFiles []string
	region   string

	// in is standard input; read reads it for -f -, once.
	in   io.Reader
	read func() ([]byte, error)
}

func (o *sourceOptions) register(f *pflag.FlagSet) {
	f.StringVarP(&o.dir, "directory", "C", "", "work in this folder")
	f.StringArrayVarP(&o.files, "file", "f", nil, "Compose file, - for standard input; can be repeated")
	f.StringVarP(&o.env, "env", "e", "", "environment: reads compose.ENV.yaml and .env.ENV too (default dev, without them)")
	f.StringVarP(&o.project, "project-name", "p", "", "project name")
	f.StringArrayVar(&o.profiles, "profile", nil, "Compose profile to enable (an AWS profile is --aws-profile)")
	f.StringArrayVar(&o.envFiles, "env-file", nil, "file of variables instead of .env")
	f.StringVar(&o.region, "region", "", "AWS region")
}

// load reads the Compose files and says what they mean.
func (o *sourceOptions) load(ctx context.Context) (deploy.Source, error) {
	var typed []byte
	if slices.Contains(o.files, stdin) {
		var err error
		if typed, err = o.standardInput(); err != nil {
			return deploy.Source{}, fmt.Errorf("reading standard input: %w", err)
		}
	}
	return deploy.Load(ctx, project.Options{
		Stdin: typed,
		Dir:   o.dir, Files: o.files, EnvFiles: o.envFiles, Name: o.project,
		Environment: o.env, Profiles: o.profiles, Env: os.Environ(),
	}, app.Options{Region: o.region})
}

// standardInput is what standard input holds; it can be read once.
func (o *sourceOptions) standardInput() ([]byte, error) {
	if o.read == nil {
		o.read = sync.OnceValues(func() ([]byte, error) { return regular.Stream(o.in, maxManifests) })
	}
	return o.read()
}

// path resolves a file name from the user against the folder that berth works in.
func (o *sourceOptions) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.dir, name)
}

// targetOptions say where a project is deployed: on AWS, as whom, or on a
// modelled AWS.
type targetOptions struct {
	sandbox    bool
	slow       bool
	awsProfile string
	builder    string
}

func (o *targetOptions) register(f *pflag.FlagSet) {
	sandbox, _ := strconv.ParseBool(os.Getenv("BERTH_SANDBOX"))
	f.BoolVar(&o.sandbox, "sandbox", sandbox, "work on a modelled AWS in .berth/sandbox.json (BERTH_SANDBOX=1)")
	f.BoolVar(&o.slow, "sandbox-slow", false, "make the modelled AWS as slow as AWS is on a slow day")
	f.StringVar(&o.awsProfile, "aws-profile", "", "profile of the AWS configuration")
	f.StringVar(&o.builder, "builder", "", "where images are built: local, codebuild or auto (default auto)")
	_ = f.MarkHidden("sandbox-slow")
}
