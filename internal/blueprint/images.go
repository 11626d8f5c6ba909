package blueprint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

const (
	// keptImages is how many images of a build a repository keeps, so that earlier
	// releases can be restored.
	keptImages = 20
	// maxRepository keeps a repository's name readable; ECR allows 256 characters.
	maxRepository = 100
	// maxGroup keeps tags within ECR's 300 characters.
	maxGroup = 60
)

// RepositoryName is the name of the repository of a stack's images.
func RepositoryName(a *app.App, region string) string {
	return "berth/" + naming.Name(Stack(a), region, a.Name, maxRepository)
}

// images are the images of a stack's builds, by app.Build.Key.
type images struct {
	stack
	byKey map[string]*engine.Node
}

// newImages is the stage of the images: the repository and an image for each
// distinct build. They depend on nothing else, so builds start at once, in parallel
// with the network.
func newImages(s stack) (images, error) {
	i := images{stack: s, byKey: map[string]*engine.Node{}}
	all := s.app.Builds()
	if len(all) == 0 {
		return i, nil
	}
	r := ecr.Repository{
		Name: RepositoryName(s.app, s.facts.Region), ScanOnPush: true, Movable: []string{ecr.CachePrefix + "*"},
		Keep: map[string]int{},
	}
	for _, built := range all {
		// Builds of one group share the number, so it counts once for each.
		r.Keep[group(built.Build)] += keptImages
		if tag := i.tag(built.Build); tag != "" {
			r.Images = append(r.Images, tag)
		}
	}
	slices.Sort(r.Images)
	m := maker{repository: s.add("images", r), project: addBuildProject(s), all: all}
	for _, built := range all {
		if err := i.addImage(m, built, nil); err != nil {
			return i, err
		}
	}
	return i, nil
}

// maker is what all images of a stack share: the repository, and the CodeBuild
// project, which is nil for builds on the computer on which berth runs.
type maker struct {
	repository, project *engine.Node
	all                 []app.Built
}

// addImage adds one image after those that it is built from.
func (i images) addImage(m maker, built app.Built, path []string) error {
	key := built.Key()
	if i.byKey[key] != nil {
		return nil
	}
	if slices.Contains(path, key) {
		return fmt.Errorf("the builds of %s depend on each other in a cycle", strings.Join(built.Users, ", "))
	}
	want := ecr.Image{
		Repository: m.repository.Output("uri"), Name: RepositoryName(i.app, i.facts.Region), Tag: i.tag(built.Build),
		Build: key, Context: built.Context, Dockerfile: built.Dockerfile, Target: built.Target, Platforms: built.Platforms,
		Images: map[string]engine.Ref{},
	}
	if m.project != nil {
		want.Project = m.project.ID()
	}
	for name, c := range built.Contexts {
		if c.Service == "" {
			continue
		}
		at := slices.IndexFunc(m.all, func(o app.Built) bool { return slices.Contains(o.Users, c.Service) })
		if at < 0 {
			return fmt.Errorf("%s: service %s is not built", built.Context, c.Service)
		}
		if err := i.addImage(m, m.all[at], append(path, key)); err != nil {
			return err
		}
		want.Images[name] = i.byKey[m.all[at].Key()].Output("uri")
	}
	i.byKey[key] = i.add(built.Users[0], want)
	return nil
}

// tag is the tag of an image: its group, and a digest of its contents. It is empty
// until the files have been read.
func (i images) tag(build *app.Build) string {
	digest := i.facts.Images[build.Key()]
	if digest == "" {
		return ""
	}
	return group(build) + "." + digest
}

// group is a name for all images that a build has made over time. It depends on the
// build and not on the services that run the image, so that a further service does
// not cause a build.
func group(build *app.Build) string {
	words := []string{build.Context, build.Target}
	if build.Dockerfile != "Dockerfile" {
		words = append(words, build.Dockerfile)
	}
	var out strings.Builder
	for _, r := range strings.ToLower(strings.Join(words, "-")) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
	}
	name := strings.Trim(out.String(), "-")
	if name == "" {
		name = "image"
	}
	// Tags with this prefix are for caches.
	if strings.HasPrefix(name, ecr.CachePrefix) {
		name = "x-" + name
	}
	return strings.TrimRight(name[:min(len(name), maxGroup)], "-")
}

// of is the image to pull: the built one, by its digest, or the one in the file.
func (i images) of(w app.Workload) engine.Ref {
	if w.Build == nil {
		return engine.Lit(w.Image)
	}
	return i.byKey[w.Build.Key()].Output("uri")
}
