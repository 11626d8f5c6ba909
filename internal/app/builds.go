package app

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/dockerfile"
	"github.com/berthdev/berth/internal/app/giturl"
	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
)

// builds translates the build of a service. architecture is the one that the
// service runs on; a build for a single platform may change it.
type builds struct {
	subject
	architecture string
}

// build returns the build and what its Dockerfile says. It does not ask whether
// the files are there: the package that reads them reports it.
func (w *builds) build() (*Build, dockerfile.File) {
	c := w.compose.Build
	b := &Build{
		Context: w.relative(c.Context), Inline: c.DockerfileInline, Target: c.Target,
		CacheFrom: c.CacheFrom, CacheTo: c.CacheTo, NoCache: c.NoCache, NoCacheFilter: c.NoCacheFilter, Pull: c.Pull,
		Network: c.Network, ShmBytes: int64(c.ShmSize), Provenance: c.Provenance, SBOM: c.SBOM,
		Labels: c.Labels, Entitlements: slices.Clone(c.Entitlements), At: w.at(w.path + ".build"),
	}
	w.buildContext(b)
	file := dockerfile.Read(c)
	if file.Lacks {
		w.refuse("build.target", "the Dockerfile has no stage "+b.Target, "", "correct the name; the stages are: "+cmp.Or(strings.Join(file.Stages, ", "), "none with a name"))
	}
	w.buildArgs(b)
	w.buildPlatforms(b)
	w.additionalContexts(b)
	w.buildSecrets(b)
	w.buildRights(b)
	b.ExtraHosts = c.ExtraHosts.AsList("=")
	slices.Sort(b.ExtraHosts)
	b.Ulimits = buildLimits(c.Ulimits)
	return b, file
}

// buildContext is the folder or the git repository, and the Dockerfile in it.
func (w *builds) buildContext(b *Build) {
	c := w.compose.Build
	file := cmp.Or(c.Dockerfile, "Dockerfile")
	if giturl.IsRemote(c.Context) {
		b.Context, b.URL, b.Dockerfile = giturl.Shown(c.Context), c.Context, file
		if why := giturl.NotGit(c.Context); why != "" {
			w.refuse("build.context", "the build context is not a git repository", why, "use a folder, or a URL that ends in .git")
		}
		if giturl.ShowsPassword(c.Context) {
			w.refuse("build.context", "the build context has a password in its URL", urlIsSeen, keepOutOfURL)
		}
		return
	}
	b.Dir = c.Context
	if b.Inline != "" {
		return
	}
	b.Dockerfile, b.Path = file, filepath.Join(b.Dir, file)
	if filepath.IsAbs(file) {
		b.Dockerfile, b.Path = w.relative(file), file
	}
}

// Why a password in a URL is refused, and what to do instead.
const (
	urlIsSeen    = "git and docker would get it as an argument, which every user of this computer can read, and berth would store it in the account"
	keepOutOfURL = "remove it: git asks its credential helper, and BuildKit takes a token from the build secret GIT_AUTH_TOKEN"
)

// buildArgs are the arguments with a value. One without is left out, as Docker
// does.
func (w *builds) buildArgs(b *Build) {
	b.Args = map[string]string{}
	for _, name := range sorted(w.compose.Build.Args) {
		path := w.path + ".build.args." + name
		value := w.compose.Build.Args[name]
		if value == nil {
			about(w.reading, project.OfService, w.name, path, "build argument %s has no value and is left out", name)
			continue
		}
		if len(project.Unset(*value)) > 0 {
			continue // refused when the file was read
		}
		if why := ArgumentProblem(name); why != "" {
			w.refuse("build.args."+name, "the build argument "+name+" cannot be passed", why,
				"give it another name in the file and in the Dockerfile: ARG APP_"+strings.ToUpper(strings.Trim(name, "_")))
			continue
		}
		if credential.Variable(name, *value) {
			raise(w.reading, project.Credential, project.OfService, w.name, path, "build argument %s looks like a credential, and build arguments stay in the image's history; use build.secrets", name)
		}
		b.Args[name] = *value
	}
}

// buildPlatforms are what to build for. The service's own platform decides
// what runs; without one, the only platform of the build does.
func (w *builds) buildPlatforms(b *Build) {
	known := map[string]bool{}
	for i, p := range w.compose.Build.Platforms {
		arch, refused := w.capacity.Architecture(p)
		if refused != nil {
			refused.Remedy = "remove it"
			w.deny(item("build.platforms", i), refused)
			continue
		}
		known[arch] = true
	}
	if w.compose.Platform == "" && len(known) == 1 {
		w.architecture = sorted(known)[0]
	}
	if len(known) > 0 && !known[w.architecture] {
		w.refuse("build.platforms", "the image is not built for linux/"+w.architecture, "the service runs on that platform", "add it, or change the service's platform")
	}
	known[w.architecture] = true
	for _, arch := range sorted(known) {
		b.Platforms = append(b.Platforms, "linux/"+arch)
	}
}

func (w *builds) additionalContexts(b *Build) {
	for _, name := range sorted(w.compose.Build.AdditionalContexts) {
		value := w.compose.Build.AdditionalContexts[name]
		key := "build.additional_contexts." + name
		c := BuildContext{Shown: value}
		image, isImage := strings.CutPrefix(value, "docker-image://")
		service, isService := strings.CutPrefix(value, types.ServicePrefix)
		switch {
		case isImage:
			c.Image = image
		case isService:
			c.Service = service
			other, ok := w.project.Compose.Services[service]
			if !ok || other.Build == nil {
				w.refuse(key, "no service "+service+" has a build", "", "name a service with the key build")
			}
		case giturl.IsRemote(value):
			c.URL, c.Shown = value, giturl.Shown(value)
			if why := giturl.NotGit(value); why != "" {
				w.refuse(key, "the additional context "+name+" is not a git repository", why, "use a folder, or a URL that ends in .git")
			}
			if giturl.ShowsPassword(value) {
				w.refuse(key, "the additional context "+name+" has a password in its URL", urlIsSeen, keepOutOfURL)
			}
		case strings.Contains(value, "://"):
			w.refuse(key, "berth does not know the kind of the additional context "+name, giturl.Shown(value), "use a folder, a git URL, docker-image://REF or service:NAME")
		default:
			c.Dir, c.Shown = value, w.relative(value)
		}
		if b.Contexts == nil {
			b.Contexts = map[string]BuildContext{}
		}
		b.Contexts[name] = c
	}
}

// buildSecrets adds the secrets of the build. They are read from a file or a
// variable of the computer on which berth runs.
func (w *builds) buildSecrets(b *Build) {
	for i, s := range w.compose.Build.Secrets {
		def := w.project.Compose.Secrets[s.Source]
		secret := BuildSecret{ID: cmp.Or(s.Target, s.Source), File: def.File, Env: def.Environment}
		if secret.File == "" && secret.Env == "" {
			w.refuse(item("build.secrets", i), "secret "+s.Source+" cannot be used in a build", "a build can only use secrets of the computer on which berth runs",
				"write file or environment for it under the top-level key secrets")
			continue
		}
		b.Secrets = append(b.Secrets, secret)
	}
	for _, k := range w.compose.Build.SSH {
		b.SSH = append(b.SSH, BuildSSH{ID: cmp.Or(k.ID, "default"), Path: k.Path})
	}
}

// buildRights are the entitlements; the older key privileged sets one of them.
func (w *builds) buildRights(b *Build) {
	if w.compose.Build.Privileged {
		b.Entitlements = append(b.Entitlements, "security.insecure")
	}
	slices.Sort(b.Entitlements)
	b.Entitlements = slices.Compact(b.Entitlements)
	switch b.Network {
	case "", "default", "none", "host":
	default:
		w.refuse("build.network", "a build cannot join the network "+b.Network, "BuildKit has default, none and host", "remove it")
	}
	if b.Network == "host" && !slices.Contains(b.Entitlements, "network.host") {
		b.Entitlements = append([]string{"network.host"}, b.Entitlements...)
	}
}

func buildLimits(limits map[string]*types.UlimitsConfig) []Ulimit {
	var out []Ulimit
	for _, name := range sorted(limits) {
		u := limits[name]
		l := Ulimit{Name: name, Soft: u.Soft, Hard: u.Hard}
		if u.Single != 0 {
			l.Soft, l.Hard = u.Single, u.Single
		}
		out = append(out, l)
	}
	return out
}
