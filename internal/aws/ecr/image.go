package ecr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Image is a container image that berth builds. Its tag identifies the files
// that it is made from, so the same files always make the same image: an image
// with another tag is another object, and the repository's lifecycle deletes
// older ones. Outputs: id (NAME:TAG), digest, uri (pinned to the digest).
type Image struct {
	// Repository is the repository's URI, Name its name.
	Repository engine.Ref `attr:"repository,create"`
	Name       string     `attr:"name,create"`
	// Tag is GROUP.DIGEST; empty until the files have been read.
	Tag string `attr:"tag,replace"`
	// Build is the key of the build; the fields below are for people.
	Build      string   `attr:"build,create"`
	Context    string   `attr:"context,create"`
	Dockerfile string   `attr:"dockerfile,create"`
	Target     string   `attr:"target,create"`
	Platforms  []string `attr:"platforms,create"`
	// Images are the other images of the stack that the build uses.
	Images map[string]engine.Ref `attr:"images,create"`
	// Project is the CodeBuild project for the build; empty to build elsewhere.
	Project engine.Ref `attr:"project,create"`
}

// Type implements engine.Resource.
func (Image) Type() string { return "ecr.image" }

// Images is the type of Image.
type Images struct {
	Repositories Repositories
	// Builder makes images that do not exist; nil if none are built.
	Builder Builder
}

// buildBy is how long a build without a cache may take.
const buildBy = 20 * time.Minute

// Spec implements engine.Type.
func (t Images) Spec() engine.Spec {
	s := engine.Spec{Name: Image{}.Type(), Identity: engine.UniqueName, Untagged: true}
	if t.Builder != nil {
		s.ReadyIn, s.ReadyBy = t.Builder.Typical(), buildBy
	}
	return s
}

// List implements engine.Type: it makes one call for each hundred desired
// images. Others are not listed; they are deleted with the repository.
func (t Images) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	byName := map[string][]string{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Image); ok && want.Tag != "" {
			byName[want.Name] = append(byName[want.Name], want.Tag)
		}
	}
	images := map[string]found{}
	for name, tags := range byName {
		var err error
		if images[name], err = find(ctx, q, t.Repositories.API, name, tags); err != nil {
			return nil, err
		}
	}
	var objects []engine.Object
	for _, w := range q.Wanted {
		want, ok := w.Resource.(Image)
		if digest := images[want.Name].Digests[want.Tag]; ok && digest != "" {
			objects = append(objects, t.object(w.Address, want, digest))
		}
	}
	return objects, nil
}

func (t Images) object(a engine.Address, want Image, digest string) engine.Object {
	shown := engine.Shown(Image{Tag: want.Tag})
	for name := range shown {
		if name != "tag" {
			delete(shown, name)
		}
	}
	uri := t.Repositories.outputs(want.Name)["uri"]
	return engine.Object{
		Address: a, ID: want.Name + ":" + want.Tag, State: engine.StateReady, Attrs: shown,
		Outputs: map[string]string{"digest": digest, "uri": uri + "@" + digest},
	}
}

// Create implements engine.Type: it builds and pushes the image, unless
// somebody already has.
func (t Images) Create(ctx context.Context, w engine.Desired[Image]) (engine.Object, error) {
	ctx = gate.JustMade(ctx)
	digest, err := t.digest(ctx, w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	if digest != "" {
		return t.object(w.Address, w.Want, digest), nil
	}
	if t.Builder == nil {
		return engine.Object{}, errors.New("no builder for images is configured")
	}
	if err := t.build(ctx, w.Want); err != nil {
		return engine.Object{}, err
	}
	digest, err = t.digest(ctx, w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	if digest == "" {
		return engine.Object{}, gate.Unseen(fmt.Errorf("image %s:%s was pushed but is not visible yet", w.Want.Name, w.Want.Tag))
	}
	return t.object(w.Address, w.Want, digest), nil
}

// build orders the image and gives up when the run stops.
func (t Images) build(ctx context.Context, want Image) error {
	group, _, _ := strings.Cut(want.Tag, ".")
	o := Order{
		Build: want.Build, Repository: want.Repository.Value(), Name: want.Name, Tag: want.Tag,
		Cache: CachePrefix + group, Images: map[string]string{}, Project: want.Project.Value(),
	}
	for name, ref := range want.Images {
		o.Images[name] = ref.Value()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func(stopping <-chan struct{}) {
		select {
		case <-stopping:
			cancel()
		case <-ctx.Done():
		}
	}(engine.Stopping(ctx))
	if err := t.Builder.Build(ctx, o); err != nil {
		return fmt.Errorf("building %s: %w", want.Context, err)
	}
	return nil
}

// digest returns an image's digest; empty if the image does not exist.
func (t Images) digest(ctx context.Context, want Image) (string, error) {
	images, err := find(ctx, engine.Query{}, t.Repositories.API, want.Name, []string{want.Tag})
	return images.Digests[want.Tag], err
}

// Poll implements engine.Poller: an image that exists is ready.
func (t Images) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	var out []engine.Object
	for _, l := range objects {
		name, tag, _ := strings.Cut(l.ID, ":")
		images, err := find(ctx, engine.Query{}, t.Repositories.API, name, []string{tag})
		if err != nil {
			return nil, err
		}
		if images.Digests[tag] != "" {
			out = append(out, l)
		}
	}
	return out, nil
}

// Update implements engine.Type: an image cannot change.
func (t Images) Update(_ context.Context, w engine.Desired[Image], object engine.Object, _ []string) (engine.Object, error) {
	return t.object(w.Address, w.Want, object.Output("digest")), nil
}

// Delete implements engine.Type. The repository's lifecycle deletes images
// whose tags are no longer desired: an earlier release may still need them.
func (Images) Delete(context.Context, engine.Object) error { return nil }

// found says which of some tags a repository has.
type found struct {
	// Repository says whether the repository exists.
	Repository bool
	// Digests are by tag.
	Digests map[string]string
}

// find looks up images by their tags, a hundred per call. Types that look for
// the same tags share the answer.
func find(ctx context.Context, q engine.Query, api *ecr.Client, name string, tags []string) (found, error) {
	tags = slices.Compact(slices.Sorted(slices.Values(tags)))
	key := "ecr.images " + name + " " + strings.Join(tags, " ")
	return memory.Once(q.Memory, key, func() (found, error) {
		out := found{Repository: true, Digests: map[string]string{}}
		for batch := range slices.Chunk(tags, 100) {
			var ids []types.ImageIdentifier
			for _, tag := range batch {
				ids = append(ids, types.ImageIdentifier{ImageTag: aws.String(tag)})
			}
			got, err := api.BatchGetImage(ctx, &ecr.BatchGetImageInput{
				RepositoryName: aws.String(name), ImageIds: ids, AcceptedMediaTypes: mediaTypes(),
			})
			if gate.Code(err) == "RepositoryNotFoundException" {
				return found{}, nil
			}
			if err != nil {
				return found{}, fmt.Errorf("looking for images in %s: %w", name, err)
			}
			for _, image := range got.Images {
				if image.ImageId != nil {
					out.Digests[aws.ToString(image.ImageId.ImageTag)] = aws.ToString(image.ImageId.ImageDigest)
				}
			}
		}
		return out, nil
	})
}

// mediaTypes are the types of manifests that berth accepts: images and image
// lists.
func mediaTypes() []string {
	return []string{
		"application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
		"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
	}
}

var (
	_ engine.Type[Image] = Images{}
	_ engine.Poller      = Images{}
)
