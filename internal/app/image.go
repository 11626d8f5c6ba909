package app

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// reference is roughly what an image may be called; a registry knows exactly.
var reference = regexp.MustCompile(`^[a-z0-9A-Z][a-zA-Z0-9._/:@-]{0,254}$`)

// image says what runs: an image to pull, or one to build.
func (w *workload) image() {
	w.Image = w.compose.Image
	if w.Image != "" && !reference.MatchString(w.Image) && len(project.Unset(w.Image)) == 0 {
		w.refuse("image", "the image is not a reference", w.Image, "write REGISTRY/NAME:TAG")
	}
	w.Architecture = archAMD
	if p := w.compose.Platform; p != "" {
		arch, ok := architecture(p)
		if !ok {
			w.refuse("platform", "Fargate does not have the platform "+p, "it has Linux on amd64 and arm64", "write linux/amd64 or linux/arm64")
		}
		w.Architecture = orElse(arch, archAMD)
	}
	w.build()
}

// The architectures of Fargate.
const (
	archAMD = "amd64"
	archARM = "arm64"
)

// short is a path as it is shown: relative to the project's folder.
func (w *workload) short(path string) string {
	rel, err := filepath.Rel(w.project.Dir, path)
	switch {
	case err != nil || !filepath.IsLocal(rel) || !filepath.IsAbs(path):
		return path
	case rel == ".":
		return "."
	}
	return "./" + filepath.ToSlash(rel)
}

// relative is a path relative to the project's folder, also when it is beside
// it: what a build is made of must not depend on where the project lies.
func (w *workload) relative(path string) string {
	rel, err := filepath.Rel(w.project.Dir, path)
	if err != nil || filepath.IsLocal(rel) || !filepath.IsAbs(path) {
		return w.short(path)
	}
	return filepath.ToSlash(rel)
}

// imageName is the name of an image without the registries that hold Docker's
// own images, and its tag.
func imageName(image string) (name, tag string) {
	name, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name, tag = name[:i], name[i+1:]
	}
	for _, prefix := range []string{"docker.io/", "index.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/", "library/"} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name, tag
}
