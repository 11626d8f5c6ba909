package blueprint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/engine"
)

const (
	// keptImages is how many images of a build a repository keeps: those that
	// earlier releases run, for a way back.
	keptImages = 20
	// maxRepository keeps a repository's name readable; ECR takes 256 characters.
	maxRepository = 100
	// maxGroup keeps tags within ECR's 300 characters.
	maxGroup = 60
)

// RepositoryName is the name of the repository of a stack's images.
func RepositoryName(a *app.App, region string) string {
	return "berth/" + engine.Name(Stack(a), region, a.Name, maxRepository)
}

// images are what the builds of a stack make, by app.Build.Key.
type images struct {
	stack
	byKey map[string]*engine.Node
}

// newImages is the stage of the images: the repository and an image for each
// distinct build. They need nothing else, so a build begins at once, beside the
// network.
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
		// Builds of one group share the number, so each brings its own.
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

// maker is what all images of a stack share: where they are put, and where they
// are built; project is nil for builds where berth runs.
type maker struct {
	repository, project *engine.Node
	all                 []app.Built
}

// addImage adds one image after those that it is made from.
func (i images) addImage(m maker, built app.Built, path []string) error {
	key := built.Key()
	if i.byKey[key] != nil {
		return nil
	}
	if slices.Contains(path, key) {
		return fmt.Errorf("the builds of %s use each other in a circle", strings.Join(built.Users, ", "))
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

// tag is what an image is called: its group, and a digest of all that it is
// made of. Empty until the files have been read.
func (i images) tag(build *app.Build) string {
	digest := i.facts.Images[build.Key()]
	if digest == "" {
		return ""
	}
	return group(build) + "." + digest
}

// group names the images that a build has made over time. It follows from what
// the build is and not from who runs the image, so that a further service
// builds nothing.
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
	// A cache has tags of its own.
	if strings.HasPrefix(name, ecr.CachePrefix) {
		name = "x-" + name
	}
	return strings.TrimRight(name[:min(len(name), maxGroup)], "-")
}

// of is what to pull: what was built, by its digest, or what the file names.
func (i images) of(w app.Workload) engine.Ref {
	if w.Build == nil {
		return engine.Lit(w.Image)
	}
	return i.byKey[w.Build.Key()].Output("uri")
}
