package images

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/berthdev/berth/internal/app"
)

// dockerHome is a docker configuration for one build: the user's own, with the
// login to the repository in it and not in the user's.
type dockerHome struct {
	dir, password string
	// own is the user's configuration folder, where buildx keeps its builders.
	own string
}

// config makes the configuration of a build and logs in. The password goes to
// docker by standard input.
func (d *Docker) config(ctx context.Context) (*dockerHome, error) {
	own := os.Getenv("DOCKER_CONFIG")
	if own == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, fmt.Errorf("finding docker's configuration: %w", err)
		}
		own = filepath.Join(home, ".docker")
	}
	dir, err := os.MkdirTemp("", "berth-docker-") // which nobody else can read
	if err != nil {
		return nil, fmt.Errorf("making a configuration for docker: %w", err)
	}
	h := &dockerHome{dir: dir, own: own}
	err = h.copy()
	if err == nil && d.Login != nil {
		err = d.login(ctx, h)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return h, nil
}

// copy takes over the user's configuration: plugins, contexts and logins. A
// store of credentials that is for all registries becomes one for those that
// it has, so that docker login does not put the repository's password into it.
func (h *dockerHome) copy() error {
	entries, err := os.ReadDir(h.own)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading docker's configuration: %w", err)
	}
	for _, e := range entries {
		if e.Name() == "config.json" {
			continue
		}
		if err := os.Symlink(filepath.Join(h.own, e.Name()), filepath.Join(h.dir, e.Name())); err != nil {
			return fmt.Errorf("taking docker's configuration over: %w", err)
		}
	}
	config := map[string]any{}
	data, err := os.ReadFile(filepath.Join(h.own, "config.json"))
	if err == nil {
		err = json.Unmarshal(data, &config)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading docker's configuration: %w", err)
	}
	narrowStore(config)
	data, err = json.Marshal(config)
	if err != nil {
		return fmt.Errorf("writing docker's configuration: %w", err)
	}
	return os.WriteFile(filepath.Join(h.dir, "config.json"), data, 0o600)
}

// define turns a call of buildx build into one of buildx bake, whose definition
// it writes into the build's own folder.
func (h *dockerHome) define(inv invocation, b *app.Build) (invocation, error) {
	file := filepath.Join(h.dir, "berth-bake.json")
	inv, err := baked(inv, b, file)
	if err == nil {
		err = os.WriteFile(file, inv.definition, 0o600)
	}
	if err != nil {
		return invocation{}, fmt.Errorf("writing the build's definition: %w", err)
	}
	return inv, nil
}

func narrowStore(config map[string]any) {
	store, ok := config["credsStore"].(string)
	if !ok || store == "" {
		return
	}
	delete(config, "credsStore")
	helpers, _ := config["credHelpers"].(map[string]any)
	if helpers == nil {
		helpers = map[string]any{}
	}
	auths, _ := config["auths"].(map[string]any)
	for registry := range auths {
		if _, has := helpers[registry]; !has {
			helpers[registry] = store
		}
	}
	config["credHelpers"] = helpers
}

func (d *Docker) login(ctx context.Context, h *dockerHome) error {
	c, err := d.Login(ctx)
	if err != nil {
		return fmt.Errorf("asking for the password of the registry: %w", err)
	}
	h.password = c.Password
	out := newOutput(ctx, []string{c.Password})
	inv := invocation{args: []string{"login", "--username", c.User, "--password-stdin", c.Host}}
	if err := d.run(ctx, h, inv, out, strings.NewReader(c.Password)); err != nil {
		return out.failed("docker login "+c.Host, "docker's configuration", err)
	}
	return nil
}

// run starts docker and reads what it prints. When ctx ends docker is asked to
// stop, and made to after some seconds.
func (d *Docker) run(ctx context.Context, h *dockerHome, inv invocation, out *output, in *strings.Reader) error {
	const patience = 5 * time.Second
	cmd := exec.CommandContext(ctx, d.Path, inv.args...) //nolint:gosec // docker, with arguments that were put together here
	cmd.Env = h.environment(inv.env)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = patience
	if in != nil {
		cmd.Stdin = in
	}
	stdout, stderr := &stream{out: out}, &stream{out: out}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	stdout.end()
	stderr.end()
	return err
}

// output is what a short command of docker prints.
func (d *Docker) output(ctx context.Context, h *dockerHome, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, d.Path, args...) //nolint:gosec // docker
	cmd.Env = h.environment(nil)
	var text bytes.Buffer
	cmd.Stdout = &text
	err := cmd.Run()
	return text.String(), err
}

// environment is the process's own, with the build's configuration.
func (h *dockerHome) environment(more map[string]string) []string {
	// buildx asks git about the context's folder, whose configuration may name
	// programs, unless it is told not to: build/git.go of docker/buildx.
	env := append(os.Environ(), "DOCKER_CONFIG="+h.dir, "DOCKER_BUILDKIT=1", "BUILDX_GIT_INFO=false", "BUILDX_GIT_LABELS=false", "BUILDX_GIT_CHECK_DIRTY=false")
	if os.Getenv("BUILDX_CONFIG") == "" {
		env = append(env, "BUILDX_CONFIG="+filepath.Join(h.own, "buildx"))
	}
	for k, v := range more {
		env = append(env, k+"="+v)
	}
	return env
}
