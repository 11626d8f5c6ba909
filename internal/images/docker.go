package images

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/mounted"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/regular"
)

// Docker builds with the docker command of this machine: with docker buildx,
// or where that is missing with the BuildKit in the daemon.
type Docker struct {
	// Path is the docker executable.
	Path   string
	Source *Source
	// Login gives the password of the repository's registry; nil needs none.
	Login func(ctx context.Context) (Credentials, error)

	// slots bounds the builds under way at once.
	slots chan struct{}
}

// Credentials are a registry's.
type Credentials struct{ Host, User, Password string }

// atOnce is how many builds run side by side: they share a machine.
const atOnce = 4

// NewDocker is a builder with the docker executable at a path.
func NewDocker(path string, s *Source, login func(context.Context) (Credentials, error)) *Docker {
	return &Docker{Path: path, Source: s, Login: login, slots: make(chan struct{}, atOnce)}
}

// Typical implements ecr.Builder.
func (*Docker) Typical() time.Duration { return 45 * time.Second }

// Build implements ecr.Builder.
func (d *Docker) Build(ctx context.Context, o ecr.Order) error {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	b, err := d.Source.build(o.Build)
	if err != nil {
		return err
	}
	_, err = d.build(ctx, b, o)
	return err
}

// build builds and pushes, and returns the digest that was pushed.
func (d *Docker) build(ctx context.Context, b *app.Build, o ecr.Order) (string, error) {
	secrets, err := d.Source.secrets(b)
	if err != nil {
		return "", err
	}
	home, err := d.config(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(home.dir) }()
	can := d.can(ctx, home)
	if what := needsBuildx(b); !can.Buildx && what != "" {
		return "", &noBuildxError{what: what}
	}
	dockerfile, err := writeDockerfile(b, home.dir)
	if err != nil {
		return "", err
	}
	metadata := filepath.Join(home.dir, "metadata.json")
	at := d.Source.here(b, dockerfile, metadata)
	if err := copyContexts(ctx, b, at.contexts, home.dir); err != nil {
		return "", err
	}
	inv := d.Source.commandLine(b, o, can, at)
	if len(b.Args) > 0 {
		if inv, err = home.define(inv, b); err != nil {
			return "", err
		}
	}
	out := newOutput(ctx, append(secrets, home.password))
	doing := "docker build"
	if can.Buildx {
		doing = "docker buildx " + inv.args[1]
	}
	if err := d.run(ctx, home, inv, out, nil); err != nil {
		return "", out.failed(doing, shownFile(b), err)
	}
	if can.Buildx {
		return pushedDigest(metadata)
	}
	engine.Progress(ctx, "pushing "+o.Tag)
	if err := d.run(ctx, home, invocation{args: []string{"push", o.Repository + ":" + o.Tag}}, out, nil); err != nil {
		return "", out.failed("docker push", shownFile(b), err)
	}
	return out.digest(), nil
}

// shownFile is the Dockerfile as a user knows it.
func shownFile(b *app.Build) string {
	if b.Inline != "" {
		return "dockerfile_inline at " + b.At.String()
	}
	return strings.TrimSuffix(b.Context, "/") + "/" + b.Dockerfile
}

// writeDockerfile writes a copy of the Dockerfile, or the one that stands in the
// Compose file, and beside it what to leave out of the context: what the user
// says, and berth's own folder. It returns the copy's path, empty for the
// Dockerfile of a git repository.
func writeDockerfile(b *app.Build, dir string) (string, error) {
	if b.Inline == "" && b.Path == "" {
		return "", nil
	}
	text, err := dockerfileOf(b)
	if err != nil {
		return "", err
	}
	name := "Dockerfile"
	if b.Inline == "" {
		name = filepath.Base(b.Path) // the engine's messages say it
	}
	path := filepath.Join(dir, "berth", name)
	err = os.Mkdir(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, text, 0o600) //nolint:gosec // in a folder of our own
	}
	if err == nil && b.Dir != "" {
		err = writeIgnored(b, path+".dockerignore")
	}
	if err != nil {
		return "", fmt.Errorf("writing the Dockerfile: %w", err)
	}
	return path, nil
}

func writeIgnored(b *app.Build, path string) error {
	if b.Only != nil {
		text := "**\n"
		for _, path := range b.Only {
			text += "!" + path + "\n!" + path + "/**\n"
		}
		for _, name := range append(mounted.Histories(), app.Folder) {
			text += "**/" + name + "\n"
		}
		return os.WriteFile(path, []byte(text), 0o600) //nolint:gosec // in a folder of our own
	}
	text, err := regular.Read(ignoreFile(b), maxIgnored)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	return os.WriteFile(path, append(text, "**/"+app.Folder+"\n"...), 0o600) //nolint:gosec // in a folder of our own
}

// can asks what the engine understands.
func (d *Docker) can(ctx context.Context, home *dockerHome) engineCan {
	if _, err := d.output(ctx, home, "buildx", "version"); err != nil {
		return engineCan{}
	}
	text, err := d.output(ctx, home, "buildx", "inspect")
	// The driver inside the daemon cannot write a cache to a registry.
	return engineCan{Buildx: true, Cache: err == nil && driverOf(text) != "docker"}
}

// driverOf is the driver in the output of docker buildx inspect.
func driverOf(text string) string {
	for line := range strings.Lines(text) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "Driver" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// pushedDigest reads the digest from the file that buildx writes.
func pushedDigest(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading what was built: %w", err)
	}
	type built struct {
		Digest string `json:"containerimage.digest"`
	}
	var m struct {
		built
		Image built `json:"image"` // of bake: bakeTarget
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return "", fmt.Errorf("reading what was built: %w", err)
	}
	return cmp.Or(m.Image.Digest, m.Digest), nil
}

// noBuildxError says that a build asks for what the engine does not have.
type noBuildxError struct{ what string }

func (e *noBuildxError) Error() string {
	return e.what + " needs docker buildx, which is not installed"
}

// Remedy is what the user can do.
func (*noBuildxError) Remedy() string {
	return "install the buildx plugin of docker, or build in the account with --builder codebuild"
}

// Running says whether a container engine answers behind a docker executable.
func Running(ctx context.Context, path string) error {
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "version", "--format", "{{.Server.Version}}").CombinedOutput() //nolint:gosec // found in PATH
	if err != nil {
		return errors.Join(errNoEngine, errors.New(strings.TrimSpace(string(out))))
	}
	return nil
}

var _ ecr.Builder = (*Docker)(nil)
