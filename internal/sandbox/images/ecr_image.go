package images

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// fixed reports whether a tag cannot be moved to another image.
func (r *repository) fixed(tag string) bool {
	excluded := slices.ContainsFunc(r.Exclusions, func(f types.ImageTagMutabilityExclusionFilter) bool {
		ok, err := path.Match(aws.ToString(f.Filter), tag)
		return err == nil && ok
	})
	switch r.Mutability {
	case types.ImageTagMutabilityImmutable:
		return true
	case types.ImageTagMutabilityImmutableWithExclusion:
		return !excluded
	case types.ImageTagMutabilityMutableWithExclusion:
		return excluded
	default:
		return false
	}
}

func (p *ECR) putImage(rq *world.Request, in *ecr.PutImageInput) (*ecr.PutImageOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	manifest, tag := aws.ToString(in.ImageManifest), aws.ToString(in.ImageTag)
	sum := sha256.Sum256([]byte(manifest))
	digest := "sha256:" + hex.EncodeToString(sum[:])
	if in.ImageDigest != nil && *in.ImageDigest != digest {
		return nil, &types.ImageDigestDoesNotMatchException{Message: aws.String("The specified image digest does not match the digest that Amazon ECR calculated for the image.")}
	}
	for _, other := range r.Images {
		if tag == "" || !slices.Contains(other.Tags, tag) {
			continue
		}
		if other.Digest == digest {
			return nil, &types.ImageAlreadyExistsException{Message: aws.String("Image with digest '" + digest + "' and tag '" + tag + "' already exists")}
		}
		if r.fixed(tag) {
			return nil, &types.ImageTagAlreadyExistsException{Message: aws.String(fmt.Sprintf(
				"The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable.", tag, r.Name))}
		}
		other.Tags = slices.DeleteFunc(other.Tags, func(t string) bool { return t == tag })
	}
	image := r.Images[digest]
	if image == nil {
		image = &ecrImage{Digest: digest, Manifest: manifest, MediaType: aws.ToString(in.ImageManifestMediaType), Pushed: rq.Now}
		r.Images[digest] = image
	}
	if tag != "" {
		image.Tags = append(image.Tags, tag)
	}
	return &ecr.PutImageOutput{Image: p.image(r, image, tag)}, nil
}

func (p *ECR) image(r *repository, i *ecrImage, tag string) *types.Image {
	id := &types.ImageIdentifier{ImageDigest: &i.Digest}
	if tag != "" {
		id.ImageTag = &tag
	}
	return &types.Image{
		RegistryId: aws.String(p.account.Number()), RepositoryName: &r.Name, ImageId: id,
		ImageManifest: &i.Manifest, ImageManifestMediaType: &i.MediaType,
	}
}

// match returns the image that an identifier names; nil if there is none.
func (r *repository) match(id types.ImageIdentifier) *ecrImage {
	for _, i := range r.Images {
		tagged := id.ImageTag == nil || slices.Contains(i.Tags, *id.ImageTag)
		if tagged && (id.ImageDigest == nil || *id.ImageDigest == i.Digest) {
			return i
		}
	}
	return nil
}

func (p *ECR) batchGetImage(_ *world.Request, in *ecr.BatchGetImageInput) (*ecr.BatchGetImageOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	const most = 100
	if len(in.ImageIds) == 0 || len(in.ImageIds) > most {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'imageIds': between 1 and 100")}
	}
	out := &ecr.BatchGetImageOutput{}
	for _, id := range in.ImageIds {
		i := r.match(id)
		if i == nil || len(in.AcceptedMediaTypes) > 0 && !slices.Contains(in.AcceptedMediaTypes, i.MediaType) {
			out.Failures = append(out.Failures, types.ImageFailure{
				ImageId: &id, FailureCode: types.ImageFailureCodeImageNotFound, FailureReason: aws.String("Requested image not found"),
			})
			continue
		}
		out.Images = append(out.Images, *p.image(r, i, aws.ToString(id.ImageTag)))
	}
	return out, nil
}

func (p *ECR) describeImages(_ *world.Request, in *ecr.DescribeImagesInput) (*ecr.DescribeImagesOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	var found []types.ImageDetail
	add := func(i *ecrImage) {
		found = append(found, types.ImageDetail{
			RegistryId: aws.String(p.account.Number()), RepositoryName: &r.Name, ImageDigest: &i.Digest, ImageTags: i.Tags,
			ImagePushedAt: &i.Pushed, ImageManifestMediaType: &i.MediaType,
		})
	}
	for _, id := range in.ImageIds {
		i := r.match(id)
		if i == nil {
			return nil, &types.ImageNotFoundException{Message: aws.String(fmt.Sprintf(
				"The image with imageId {imageTag:'%s'} does not exist within the repository with name '%s'", aws.ToString(id.ImageTag), r.Name))}
		}
		add(i)
	}
	if len(in.ImageIds) == 0 {
		for _, i := range world.SortedValues(r.Images) {
			add(i)
		}
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'nextToken'")}
	}
	return &ecr.DescribeImagesOutput{ImageDetails: page, NextToken: next}, nil
}

func (p *ECR) listImages(_ *world.Request, in *ecr.ListImagesInput) (*ecr.ListImagesOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	var ids []types.ImageIdentifier
	for _, i := range world.SortedValues(r.Images) {
		if len(i.Tags) == 0 {
			ids = append(ids, types.ImageIdentifier{ImageDigest: &i.Digest})
		}
		for _, tag := range i.Tags {
			ids = append(ids, types.ImageIdentifier{ImageDigest: &i.Digest, ImageTag: &tag})
		}
	}
	page, next, err := world.Page(ids, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'nextToken'")}
	}
	return &ecr.ListImagesOutput{ImageIds: page, NextToken: next}, nil
}

func (p *ECR) batchDeleteImage(_ *world.Request, in *ecr.BatchDeleteImageInput) (*ecr.BatchDeleteImageOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	out := &ecr.BatchDeleteImageOutput{}
	for _, id := range in.ImageIds {
		i := r.match(id)
		if i == nil {
			out.Failures = append(out.Failures, types.ImageFailure{
				ImageId: &id, FailureCode: types.ImageFailureCodeImageNotFound, FailureReason: aws.String("Requested image not found"),
			})
			continue
		}
		if id.ImageDigest == nil {
			i.Tags = slices.DeleteFunc(i.Tags, func(t string) bool { return t == *id.ImageTag })
		}
		if id.ImageDigest != nil || len(i.Tags) == 0 {
			delete(r.Images, i.Digest)
		}
		out.ImageIds = append(out.ImageIds, types.ImageIdentifier{ImageDigest: &i.Digest, ImageTag: id.ImageTag})
	}
	return out, nil
}

// Pullable reports whether ECS can pull a reference: an image of this account's
// registry must exist. resolved is its digest; empty for other registries.
func (p *ECR) Pullable(ref string) (resolved string, ok bool) {
	rest, ours := strings.CutPrefix(ref, p.Registry()+"/")
	if !ours {
		return "", true
	}
	name, digest, pinned := strings.Cut(rest, "@")
	name, tag, tagged := strings.Cut(name, ":")
	r := p.s.Repositories.Get(name)
	if r == nil {
		return "", p.through(name)
	}
	id := types.ImageIdentifier{}
	switch {
	case pinned:
		id.ImageDigest = &digest
	case tagged:
		id.ImageTag = &tag
	default:
		id.ImageTag = aws.String("latest")
	}
	i := r.match(id)
	if i == nil {
		return "", p.through(name)
	}
	return i.Digest, true
}
