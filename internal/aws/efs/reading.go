package efs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// found are the file systems of the owners' environments, read once for all
// types of the package: EFS cannot filter by tag, but shows the tags of all
// file systems in one listing. A project without volumes makes no call.
func (t FileSystems) found(ctx context.Context, q engine.Query) ([]types.FileSystemDescription, error) {
	return memory.Once(q.Memory, "efs.file-systems", func() ([]types.FileSystemDescription, error) {
		may, err := tagindex.MayExist(ctx, q, t.Tagging, "elasticfilesystem")
		if err != nil || !may {
			return nil, err
		}
		all, err := t.all(ctx, &efs.DescribeFileSystemsInput{})
		return slices.DeleteFunc(all, func(f types.FileSystemDescription) bool {
			m, ok := engine.MarkOf(tagMap(f.Tags))
			return !ok || m.Address.Type != (FileSystem{}).Type() || !nfs.HasEnvironment(q, m.Address.Owner)
		}), err
	})
}

// systems are the file systems that found finds, as the mount targets and access
// points need them.
func (t FileSystems) systems(ctx context.Context, q engine.Query) ([]nfs.System, error) {
	found, err := t.found(ctx, q)
	systems := make([]nfs.System, len(found))
	for i, f := range found {
		mark, _ := engine.MarkOf(tagMap(f.Tags))
		systems[i] = nfs.System{ID: aws.ToString(f.FileSystemId), Address: mark.Address}
	}
	return systems, err
}

func (t FileSystems) all(ctx context.Context, in *efs.DescribeFileSystemsInput) ([]types.FileSystemDescription, error) {
	var all []types.FileSystemDescription
	pages := efs.NewDescribeFileSystemsPaginator(t.API, in, func(o *efs.DescribeFileSystemsPaginatorOptions) {
		o.Limit = 100 // AWS's default; others give less without it
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing file systems: %w", err)
		}
		all = append(all, page.FileSystems...)
	}
	return all, nil
}

// statusOf translates EFS's life cycle.
func statusOf(id *string, s types.LifeCycleState) nfs.Status {
	return nfs.Status{ID: aws.ToString(id), State: nfs.StateOf(s), Detail: string(s)}
}

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// setTags brings a file system's or an access point's tags from have to want.
func setTags(ctx context.Context, api *efs.Client, id string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: id,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.TagResource(ctx, &efs.TagResourceInput{ResourceId: &id, Tags: tagList(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.UntagResource(ctx, &efs.UntagResourceInput{ResourceId: &id, TagKeys: keys})
			return err
		},
	}, have, want)
}
