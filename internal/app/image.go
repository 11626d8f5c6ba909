package app

import (
	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/app/dockerfile"
	"github.com/berthdev/berth/internal/project"
)

// image is the image of a workload, to pull or to build.
type image struct {
	ref          string
	build        *Build
	architecture string
	// file is the Dockerfile of the build; empty if it could not be read.
	file dockerfile.File
	// mounted are the paths at which the service mounts what it may write.
	mounted []string
}

// base is the workload's image, or the image that its build starts from.
func (i image) base() string {
	if i.build != nil {
		return i.file.From
	}
	return i.ref
}

// needsEngine says whether the image is of no use without a container engine.
func (i image) needsEngine() bool { return catalog.NeedsEngine(i.base()) }

// known is what is known of the image, or of the one that a build starts from:
// by its name, else by the folder where it keeps its data.
func (i image) known() (catalog.Image, bool) {
	if found, ok := catalog.Find(i.base()); ok {
		return found, true
	}
	for _, target := range i.mounted {
		if found, ok := catalog.ByFolder(target); ok {
			return found, true
		}
	}
	return catalog.Image{}, false
}

// imageOf returns the image that a service runs.
func imageOf(s subject) image {
	out := image{ref: s.compose.Image}
	for _, v := range s.compose.Volumes {
		if !v.ReadOnly {
			out.mounted = append(out.mounted, v.Target)
		}
	}
	if out.ref != "" && s.compose.Build == nil && len(project.Unset(out.ref)) == 0 {
		if why, remedy := catalog.ReferenceProblem(out.ref); why != "" {
			s.refuse("image", "image "+out.ref+" cannot be pulled", why, remedy)
		}
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
