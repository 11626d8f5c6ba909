package ecr

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Repository holds the images that a stack builds, and the cache of its
// builds. Outputs: id (the name), arn, uri (without a tag).
type Repository struct {
	Name string `attr:"name,replace,own"`
	// ScanOnPush scans every pushed image for known vulnerabilities.
	ScanOnPush bool `attr:"scan_on_push"`
	// Movable are the patterns of tags that may be pushed again; all others are
	// immutable.
	Movable []string `attr:"movable,set"`
	// Keep is how many of the newest images are kept of each group: the tags
	// that begin with the group's name and a dot. Images without a group are
	// deleted after 30 days.
	Keep map[string]int `attr:"keep"`
	// Images are the tags that are desired now. AWS has no such attribute: the
	// call that looks for the images also shows whether the repository exists.
	Images []string `attr:"images,create"`
}

// Type implements engine.Resource.
func (Repository) Type() string { return "ecr.repository" }

// Repositories is the type of Repository.
type Repositories struct {
	API     *ecr.Client
	Tagging *resourcegroupstaggingapi.Client
	// Account, Region and Partition make ARNs and URIs.
	Account, Region, Partition string
}

// Spec implements engine.Type. Images can be built again, so a teardown deletes
// the repository with all its images.
func (Repositories) Spec() engine.Spec {
	return engine.Spec{Name: Repository{}.Type(), Identity: engine.UniqueName}
}

// Create implements engine.Type: it takes two or three calls, and the last one
// sets the complete mark.
func (t Repositories) Create(ctx context.Context, w engine.Desired[Repository]) (engine.Object, error) {
	tags := half(w.Tags)
	_, err := t.API.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String(w.Want.Name), Tags: tagsOf(tags),
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: w.Want.ScanOnPush},
		ImageTagMutability:         mutability(w.Want.Movable), ImageTagMutabilityExclusionFilters: filters(w.Want.Movable),
		EncryptionConfiguration: &types.EncryptionConfiguration{EncryptionType: types.EncryptionTypeAes256},
	})
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating repository %s: %w", w.Want.Name, err)
	}
	made := gate.JustMade(ctx)
	if err := t.putLifecycle(made, w.Want); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	if err := t.setTags(made, w.Want.Name, tags, w.Tags); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return engine.AsDesired(w, w.Want.Name, t.outputs(w.Want.Name)), nil
}

// half returns the tags without TagLastApplied, which says that the object is
// complete.
func half(tags map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range tags {
		if k != engine.TagLastApplied {
			out[k] = v
		}
	}
	return out
}

// take uses an existing repository of the name: the desired state's own, after an
// interrupted creation, or one that the user adopts.
func (t Repositories) take(ctx context.Context, w engine.Desired[Repository]) (engine.Object, error) {
	name := w.Want.Name
	tags, err := t.tags(gate.JustMade(ctx), name)
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.MarkOf(tags)
	if err := w.Claim(mark, name, t.arn(name)); err != nil {
		return engine.Object{}, err
	}
	object := engine.Object{ID: name, Outputs: t.outputs(name), Tags: tags}
	return t.Update(ctx, w, object, []string{"scan_on_push", "movable", "keep"})
}

// Update implements engine.Type.
func (t Repositories) Update(ctx context.Context, w engine.Desired[Repository], object engine.Object, changed []string) (engine.Object, error) {
	for _, name := range changed {
		var err error
		switch name {
		case "scan_on_push":
			_, err = t.API.PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
				RepositoryName:             aws.String(w.Want.Name),
				ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: w.Want.ScanOnPush},
			})
		case "movable":
			_, err = t.API.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{
				RepositoryName: aws.String(w.Want.Name), ImageTagMutability: mutability(w.Want.Movable),
				ImageTagMutabilityExclusionFilters: filters(w.Want.Movable),
			})
		case "keep":
			err = t.putLifecycle(ctx, w.Want)
		}
		if err != nil {
			return object, fmt.Errorf("changing %s of repository %s: %w", name, w.Want.Name, err)
		}
	}
	if err := t.setTags(ctx, w.Want.Name, object.Tags, w.Tags); err != nil {
		return object, err
	}
	return engine.AsDesired(w, w.Want.Name, t.outputs(w.Want.Name)), nil
}

// Delete implements engine.Type: the images are deleted with the repository.
func (t Repositories) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String(object.ID), Force: true})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting repository %s: %w", object.ID, err)
	}
	return nil
}

func (t Repositories) putLifecycle(ctx context.Context, want Repository) error {
	_, err := t.API.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{
		RepositoryName: aws.String(want.Name), LifecyclePolicyText: aws.String(lifecycle(want.Keep)),
	})
	if err != nil {
		return fmt.Errorf("setting the lifecycle of repository %s: %w", want.Name, err)
	}
	return nil
}

func mutability(movable []string) types.ImageTagMutability {
	if len(movable) > 0 {
		return types.ImageTagMutabilityImmutableWithExclusion
	}
	return types.ImageTagMutabilityImmutable
}

func filters(movable []string) []types.ImageTagMutabilityExclusionFilter {
	var out []types.ImageTagMutabilityExclusionFilter
	for _, pattern := range movable {
		out = append(out, types.ImageTagMutabilityExclusionFilter{
			Filter: aws.String(pattern), FilterType: types.ImageTagMutabilityExclusionFilterTypeWildcard,
		})
	}
	return out
}

func (t Repositories) arn(name string) string {
	return RepositoryARN(t.Partition, t.Region, t.Account, name)
}

// RepositoryARN is the ARN of a repository.
func RepositoryARN(partition, region, account, name string) string {
	return "arn:" + partition + ":ecr:" + region + ":" + account + ":repository/" + name
}

// outputs returns the values that others refer to; all are derived from the
// name. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
func (t Repositories) outputs(name string) map[string]string {
	domain := ".amazonaws.com"
	if t.Partition == "aws-cn" {
		domain += ".cn"
	}
	return map[string]string{
		"id": name, "arn": t.arn(name), "uri": t.Account + ".dkr.ecr." + t.Region + domain + "/" + name,
	}
}

var _ engine.Type[Repository] = Repositories{}
