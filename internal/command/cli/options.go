package cli

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

// Stdin stands for standard input in place of a file.
const Stdin = "-"

// MaxManifests bounds what is read of manifests: some ten thousand objects.
const MaxManifests = 256 << 20

// Options are the flags that every verb has. A verb takes the groups that it is about.
type Options struct {
	Console *Console
	Source  *SourceOptions
	Target  *TargetOptions
	Timeout time.Duration
	Build   Build
}

// NewOptions returns the flags, with nothing set, of a command that works on these
// streams.
func NewOptions(s Streams, b Build) *Options {
	return &Options{Console: &Console{Streams: s}, Source: &SourceOptions{in: s.In}, Target: &TargetOptions{}, Build: b}
}

// Register adds the flags to those that every verb has.
func (o *Options) Register(f *pflag.FlagSet) {
	o.Source.register(f)
	o.Target.register(f)
	o.Console.register(f)
	o.Console.flags = f
	f.DurationVar(&o.Timeout, "timeout", 0, "give up after this time (default: what the plan takes on a slow day, at least 15m)")
}

// Check refuses flags of docker compose that berth would not follow, and values that
// are none of a flag's.
func (o *Options) Check(c *cobra.Command) error {
	if err := habits.Answer(c); err != nil {
		return err
	}
	if err := CheckRegion(o.Source.Region); err != nil {
		return err
	}
	if _, err := images.ParseWhere(o.Target.builder); err != nil {
		return err
	}
	if f := c.Flags().Lookup("timeout"); o.Timeout <= 0 && f != nil && f.Changed {
		return fmt.Errorf("--timeout %s is too short: it must be above zero", o.Timeout)
	}
	return nil
}

// Opener returns what verbs about a deployed project open it with.
func (o *Options) Opener() *Opener {
	return &Opener{Console: o.Console, Source: o.Source, Target: o.Target}
}

// SourceOptions say which files to load, and which values take precedence over theirs.
type SourceOptions struct {
	Dir      string
	Files    []string
	Env      string
	Project  string
	Profiles []string
	envFiles []string
	Region   string

	// in is standard input; read reads it for -f -, once.
	in   io.Reader
	read func() ([]byte, error)
}

func (o *SourceOptions) register(f *pflag.FlagSet) {
	f.StringVarP(&o.Dir, "directory", "C", "", "work in this folder")
	f.StringArrayVarP(&o.Files, "file", "f", nil, "Compose file, - for standard input; can be repeated")
	f.StringVarP(&o.Env, "env", "e", "", "environment: reads compose.ENV.yaml and .env.ENV too (default dev, without them)")
	f.StringVarP(&o.Project, "project-name", "p", "", "project name")
	f.StringArrayVar(&o.Profiles, "profile", nil, "Compose profile to enable (an AWS profile is --aws-profile)")
	f.StringArrayVar(&o.envFiles, "env-file", nil, "file of variables instead of .env")
	f.StringVar(&o.Region, "region", "", "AWS region")
}

// Load reads the Compose files and says what they mean.
func (o *SourceOptions) Load(ctx context.Context) (deploy.Source, error) {
	var typed []byte
	if slices.Contains(o.Files, Stdin) {
		var err error
		if typed, err = o.StandardInput(); err != nil {
			return deploy.Source{}, fmt.Errorf("reading standard input: %w", err)
		}
	}
	return deploy.Load(ctx, project.Options{
		Stdin: typed,
		Dir:   o.Dir, Files: o.Files, EnvFiles: o.envFiles, Name: o.Project,
		Environment: o.Env, Profiles: o.Profiles, Env: os.Environ(),
	}, app.Options{Region: o.Region})
}

// StandardInput is what standard input holds; it can be read once.
func (o *SourceOptions) StandardInput() ([]byte, error) {
	if o.read == nil {
		o.read = sync.OnceValues(func() ([]byte, error) { return regular.Stream(o.in, MaxManifests) })
	}
	return o.read()
}

// Path resolves a file name from the user against the folder that berth works in.
func (o *SourceOptions) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.Dir, name)
}

// TargetOptions say where a project is deployed: on AWS, as whom, or on a
// modelled AWS.
type TargetOptions struct {
	Sandbox    bool
	slow       bool
	AWSProfile string
	builder    string
}

func (o *TargetOptions) register(f *pflag.FlagSet) {
	sandbox, _ := strconv.ParseBool(os.Getenv("BERTH_SANDBOX"))
	f.BoolVar(&o.Sandbox, "sandbox", sandbox, "work on a modelled AWS in .berth/sandbox.json (BERTH_SANDBOX=1)")
	f.BoolVar(&o.slow, "sandbox-slow", false, "make the modelled AWS as slow as AWS is on a slow day")
	f.StringVar(&o.AWSProfile, "aws-profile", "", "profile of the AWS configuration")
	f.StringVar(&o.builder, "builder", "", "where images are built: local, codebuild or auto (default auto)")
	_ = f.MarkHidden("sandbox-slow")
}
