package s3files

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// found are the file systems of the owners' environments, read once for all
// types of the package. Lists show no tags, but they show the role, whose path
// names the environment: only the tags of berth's own file systems are read, in a call
// each. A
// project without buckets as volumes makes no call.
func (t FileSystems) found(ctx context.Context, q engine.Query) ([]*s3files.GetFileSystemOutput, error) {
	return memory.Once(q.Memory, "s3files.file-systems", func() ([]*s3files.GetFileSystemOutput, error) {
		may, err := t.mayExist(ctx, q)
		if err != nil || !may {
			return nil, err
		}
		all, err := t.all(ctx, &s3files.ListFileSystemsInput{})
		if err != nil {
			return nil, err
		}
		systems, err := t.each(ctx, slices.DeleteFunc(all, func(f types.ListFileSystemsDescription) bool {
			return !slices.ContainsFunc(q.Owners, func(o engine.Owner) bool {
				return strings.Contains(aws.ToString(f.RoleArn), ":role"+roles.Path(o.Environment))
			})
		}))
		return slices.DeleteFunc(systems, func(f *s3files.GetFileSystemOutput) bool {
			m, ok := engine.MarkOf(tagMap(f.Tags))
			return !ok || m.Address.Type != (FileSystem{}).Type() || !nfs.HasEnvironment(q, m.Address.Owner)
		}), err
	})
}

// mayExist says whether the listing is worth its call: something is wanted, or
// the environment has a role that S3 Files assumes. A file system's role is
// made before it and goes after it, and the roles are listed anyway. AWS's index
// of tags, which other types go by, does not say that it has file systems of S3
// Files. A caller who is not allowed to list roles has made none.
func (t FileSystems) mayExist(ctx context.Context, q engine.Query) (bool, error) {
	if len(q.Wanted) > 0 {
		return true, nil
	}
	for _, o := range q.Owners {
		below, err := roles.Below(ctx, q, t.IAM, o.Environment)
		if engine.ClassOf(err) == engine.Denied {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		for _, r := range below {
			if strings.Contains(aws.ToString(r.AssumeRolePolicyDocument), Principal) {
				return true, nil
			}
		}
	}
	return false, nil
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

func (t FileSystems) all(ctx context.Context, in *s3files.ListFileSystemsInput) ([]types.ListFileSystemsDescription, error) {
	var all []types.ListFileSystemsDescription
	pages := s3files.NewListFileSystemsPaginator(t.API, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing file systems on buckets: %w", err)
		}
		all = append(all, page.FileSystems...)
	}
	return all, nil
}

// each reads file systems with their tags, side by side.
func (t FileSystems) each(ctx context.Context, list []types.ListFileSystemsDescription) ([]*s3files.GetFileSystemOutput, error) {
	systems := make([]*s3files.GetFileSystemOutput, len(list))
	err := concurrent.Each(list, func(i int, f types.ListFileSystemsDescription) error {
		out, err := t.API.GetFileSystem(ctx, &s3files.GetFileSystemInput{FileSystemId: f.FileSystemId})
		if gate.IsNotFound(err) {
			return nil
		}
		systems[i] = out
		if err != nil {
			return fmt.Errorf("reading file system %s: %w", aws.ToString(f.FileSystemId), err)
		}
		return nil
	})
	return slices.DeleteFunc(systems, func(f *s3files.GetFileSystemOutput) bool { return f == nil }), err
}

// isConflict recognises the one error code that S3 Files has for an object that exists
// already, is in use, or is being changed.
func isConflict(err error) bool {
	var c *types.ConflictException
	return errors.As(err, &c)
}

// statusOf translates S3 Files' life cycle, with AWS's reason if it gives one.
func statusOf(id *string, s types.LifeCycleState, message *string) nfs.Status {
	out := nfs.Status{ID: aws.ToString(id), State: nfs.StateOf(s), Detail: string(s)}
	if why := aws.ToString(message); why != "" {
		out.Detail += ": " + why
	}
	return out
}

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// setTags brings a file system's or an access point's tags from have to want.
func setTags(ctx context.Context, api *s3files.Client, id string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: id,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.TagResource(ctx, &s3files.TagResourceInput{ResourceId: &id, Tags: tagList(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.UntagResource(ctx, &s3files.UntagResourceInput{ResourceId: &id, TagKeys: keys})
			return err
		},
	}, have, want)
}
