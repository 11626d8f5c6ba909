package app

import (
	"regexp"

	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/app/dockerfile"
	"github.com/berthdev/berth/internal/project"
)

// reference matches image references roughly; the registry checks the rest.
var reference = regexp.MustCompile(`^[a-z0-9A-Z][a-zA-Z0-9._/:@-]{0,254}$`)

// image is the image of a workload, to pull or to build.
type image struct {
	ref          string
	build        *Build
	architecture string
	// file is the Dockerfile of the build; empty if it could not be read.
	file dockerfile.File
}

// base is the workload's image, or the image that its build starts from.
func (i image) base() string {
	if i.build != nil {
		return i.file.From
	}
	return i.ref
}

// known is the catalog's entry for base.
func (i image) known() (catalog.Image, bool) { return catalog.Find(i.base()) }

// imageOf returns the image that a service runs.
func imageOf(s subject) image {
	out := image{ref: s.compose.Image}
	if out.ref != "" && !reference.MatchString(out.ref) && len(project.Unset(out.ref)) == 0 {
		s.refuse("image", "the image is not a valid reference", out.ref, "write REGISTRY/NAME:TAG")
	}
	architecture, refused := s.capacity.Architecture(s.compose.Platform)
	s.deny("platform", refused)
	out.architecture = architecture
	if s.compose.Build == nil {
		return out
	}
	b := builds{subject: s, architecture: architecture}
	out.build, out.file = b.build()
	out.architecture = b.architecture
	if out.ref != "" {
		s.notice("image", "image %s is for docker compose only; berth builds the image and keeps it in its own repository", out.ref)
	}
	return out
}
