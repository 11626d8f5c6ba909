package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// Build is where an image is built from, and how.
type Build struct {
	// Context is the folder relative to the project's, or the URL, as it is shown.
	// Dir is the folder's absolute path, or URL the full URL, which may contain a
	// password.
	Context string
	Dir     string `json:"-"`
	URL     string `json:"-"`
	// Dockerfile is the file as it is shown: relative to the context, or to the
	// project if the file writes an absolute path. Path is where it is, empty if the
	// context is a URL. Inline is a text to use instead of the file.
	Dockerfile string
	Path       string `json:"-"`
	Inline     string
	// Append are lines behind those of the Dockerfile; empty for none.
	Append string `json:",omitempty"`
	Target string
	// Only are the files and folders of Dir that the image needs, with slashes
	// and relative to it; nil is all that .dockerignore does not leave out.
	Only []string `json:",omitempty"`
	// Args are the arguments that have a value.
	Args map[string]string
	// Labels are the image's own.
	Labels map[string]string
	// Platforms are the platforms to build for, such as linux/amd64; never empty.
	Platforms []string
	// Contexts are additional contexts by name.
	Contexts map[string]Context
	// Secrets are what RUN --mount=type=secret can read.
	Secrets []Secret
	SSH     []SSH
	// CacheFrom and CacheTo are further caches, as docker buildx takes them.
	CacheFrom, CacheTo []string
	NoCache            bool
	NoCacheFilter      []string
	// Pull always asks for the newest base image.
	Pull bool
	// Network is default, none or host; empty is default.
	Network string
	// ShmBytes is the size of /dev/shm; 0 is BuildKit's default.
	ShmBytes int64
	Ulimits  []Ulimit
	// ExtraHosts are further names, such as "db=10.0.0.1".
	ExtraHosts []string
	// Entitlements are further rights, such as security.insecure.
	Entitlements []string
	// Provenance and SBOM are attestations, as docker buildx takes them; empty for
	// none.
	Provenance, SBOM string
	// At is the place of the key build.
	At project.Position `json:"-"`
}

// Context is an additional context: exactly one of the fields is set.
type Context struct {
	// Dir is a folder's absolute path, Shown the same relative to the project.
	Dir string `json:"-"`
	// Shown is the context as it is shown and compared.
	Shown string
	// URL is a git repository; it may contain a password.
	URL string `json:"-"`
	// Only is that of Build.
	Only []string `json:",omitempty"`
	// Image is a reference to pull, Service the service whose image it is.
	Image, Service string `json:",omitempty"`
}

// Secret is a secret of a build, by reference: its value is not in here.
type Secret struct {
	ID string
	// File is the path of a file, Env the name of a variable.
	File string `json:"-"`
	Env  string
}

// SSH is an SSH agent or key of a build.
type SSH struct {
	ID string
	// Path is the file of a socket or a key; empty is the agent.
	Path string `json:"-"`
}

// Key identifies a build: services whose builds have the same key share an image.
// It depends neither on where the project's folder is nor on what the files
// contain.
func (b *Build) Key() string {
	data, err := json.Marshal(b)
	if err != nil { // strings, numbers and maps of them never fail
		return ""
	}
	if strings.Contains(b.URL, "?") {
		data = append(data, b.URL...) // Context hides what they differ in
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:16]
}

// Ulimit is a resource limit; -1 is none.
type Ulimit struct {
	Name       string
	Soft, Hard int
}
