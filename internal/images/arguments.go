package images

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
)

// engineCan is what the container engine understands.
type engineCan struct {
	// Buildx is the docker buildx command; without it only what the daemon's own
	// BuildKit does.
	Buildx bool
	// Cache says that caches can be written to a registry.
	Cache bool
	// Inline keeps what a cache can tell in the image, under the cache's tag too.
	Inline bool
}

// invocation is one call of docker: no secret is among its arguments. The
// variables are added to the environment; berth chose their names.
type invocation struct {
	args []string
	env  map[string]string
	// definition is a file for docker buildx bake that the arguments name; nil if
	// they name none.
	definition []byte
}

// layout is where the parts of a build are when it is built.
type layout struct {
	// dockerfile is the path of the file to take, empty for the one in the
	// context of a git repository; metadata is where buildx writes the digest.
	dockerfile, metadata string
	context              string
	// contexts are additional folders and repositories, by name.
	contexts map[string]string
	// plain puts the values of arguments into the command, where nobody else can
	// read it.
	plain bool
}

// here is the layout of a build on this machine.
func (s *Source) here(b *app.Build, dockerfile, metadata string) layout {
	l := layout{dockerfile: dockerfile, metadata: metadata, context: s.location(b.Dir, b.URL), contexts: map[string]string{}}
	for name, c := range b.Contexts {
		l.contexts[name] = s.location(c.Dir, c.URL)
	}
	return l
}

// commandLine is the call that builds an image.
func (s *Source) commandLine(b *app.Build, o ecr.Order, can engineCan, at layout) invocation {
	inv := invocation{args: []string{"build"}, env: map[string]string{}}
	if can.Buildx {
		inv.args = []string{"buildx", "build"}
	}
	add := func(flag string, values ...string) {
		for _, v := range values {
			inv.args = append(inv.args, "--"+flag+"="+v)
		}
	}
	add("progress", "plain")
	add("tag", o.Repository+":"+o.Tag)
	add("platform", strings.Join(b.Platforms, ","))
	switch {
	case at.dockerfile != "":
		add("file", at.dockerfile)
	case b.Dockerfile != "" && b.Dockerfile != "Dockerfile":
		add("file", b.Dockerfile)
	}
	if b.Target != "" {
		add("target", b.Target)
	}
	if at.plain {
		for _, name := range slices.Sorted(maps.Keys(b.Args)) {
			add("build-arg", name+"="+b.Args[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Labels)) {
		add("label", name+"="+b.Labels[name])
	}
	s.addSecrets(b, &inv)
	addHow(b, add)
	if can.Buildx {
		addBuildx(b, o, can, at, add)
	}
	inv.args = append(inv.args, at.context)
	return inv
}

func (s *Source) addSecrets(b *app.Build, inv *invocation) {
	for i, secret := range b.Secrets {
		if secret.File != "" {
			inv.args = append(inv.args, "--secret=id="+secret.ID+",src="+secret.File)
			continue
		}
		name := "BERTH_BUILD_SECRET_" + strconv.Itoa(i)
		inv.env[name], _ = s.variable(secret.Env)
		inv.args = append(inv.args, "--secret=id="+secret.ID+",env="+name)
	}
	for _, ssh := range b.SSH {
		value := ssh.ID
		if ssh.Path != "" {
			value += "=" + ssh.Path
		}
		inv.args = append(inv.args, "--ssh="+value)
	}
}

// addHow are the options that do not change the image.
func addHow(b *app.Build, add func(string, ...string)) {
	add("cache-from", b.CacheFrom...)
	add("add-host", hosts(b.ExtraHosts)...)
	for _, flag := range []struct {
		name string
		on   bool
	}{{"no-cache", b.NoCache}, {"pull", b.Pull}} {
		if flag.on {
			add(flag.name, "true")
		}
	}
	if b.Network != "" {
		add("network", b.Network)
	}
	if b.ShmBytes > 0 {
		add("shm-size", strconv.FormatInt(b.ShmBytes, 10))
	}
	for _, u := range b.Ulimits {
		value := u.Name + "=" + strconv.Itoa(u.Soft)
		if u.Hard != u.Soft && u.Hard != 0 {
			value += ":" + strconv.Itoa(u.Hard)
		}
		add("ulimit", value)
	}
}

// hosts are further names as both forms of docker build take them.
func hosts(list []string) []string {
	out := make([]string, len(list))
	for i, h := range list {
		name, address, _ := strings.Cut(h, "=")
		out[i] = name + ":" + address
	}
	return out
}

// addBuildx are the options that only buildx has.
func addBuildx(b *app.Build, o ecr.Order, can engineCan, at layout, add func(string, ...string)) {
	for _, name := range slices.Sorted(maps.Keys(b.Contexts)) {
		add("build-context", name+"="+additional(name, b.Contexts[name], o, at))
	}
	add("no-cache-filter", b.NoCacheFilter...)
	add("allow", b.Entitlements...)
	add("cache-to", b.CacheTo...)
	if can.Cache {
		cache := "type=registry,ref=" + o.Repository + ":" + o.Cache
		add("cache-from", cache)
		// ECR takes a cache only as an image.
		add("cache-to", cache+",mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true")
	}
	if can.Inline {
		add("tag", o.Repository+":"+o.Cache)
		add("cache-from", "type=registry,ref="+o.Repository+":"+o.Cache)
		add("cache-to", "type=inline")
	}
	add("provenance", orFalse(b.Provenance))
	add("sbom", orFalse(b.SBOM))
	add("push", "true")
	if at.metadata != "" {
		add("metadata-file", at.metadata)
	}
}

func orFalse(s string) string {
	if s == "" {
		return "false"
	}
	return s
}

func additional(name string, c app.BuildContext, o ecr.Order, at layout) string {
	switch {
	case c.Image != "":
		return "docker-image://" + c.Image
	case c.Service != "":
		return "docker-image://" + o.Images[name]
	}
	return at.contexts[name]
}

// needsBuildx names the first option of a build that only buildx has.
func needsBuildx(b *app.Build) string {
	switch {
	case len(b.Platforms) > 1:
		return "several platforms"
	case len(b.Contexts) > 0:
		return "additional_contexts"
	case len(b.NoCacheFilter) > 0:
		return "no_cache_filter"
	case len(b.CacheTo) > 0:
		return "cache_to"
	case len(b.Entitlements) > 0:
		return "entitlements"
	case b.Provenance != "" || b.SBOM != "":
		return "attestations"
	case len(b.Args) > 0:
		return "args" // without it their values would be for all to see
	}
	return ""
}
