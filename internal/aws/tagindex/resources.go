package tagindex

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Resource is one object in the index.
type Resource struct {
	ARN  string
	Tags map[string]string
}

// Is says whether the object is of a kind, such as "elasticfilesystem" or
// "elasticfilesystem:file-system": the service of its ARN, and what the rest of
// the ARN begins with up to a slash or a colon.
func (r Resource) Is(kind string) bool {
	service, of, _ := strings.Cut(kind, ":")
	at := strings.SplitN(r.ARN, ":", 6)
	if len(at) < 6 || at[2] != service {
		return false
	}
	rest, ok := strings.CutPrefix(at[5], of)
	return ok && (of == "" || rest == "" || strings.ContainsAny(rest[:1], "/:"))
}

// Resources returns the objects that carry the mark of one of q.Owners, listed once for all
// types of a reading. The index lags by seconds to minutes: an object that is missing from it
// may exist, and an object in it may be gone. So it only says where to look, and never what
// exists. It does not have IAM roles.
// https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
func Resources(ctx context.Context, q engine.Query, api *resourcegroupstaggingapi.Client) ([]Resource, error) {
	return memory.Once(q.Memory, "tagged.resources", func() ([]Resource, error) { return resources(ctx, q.Owners, api) })
}

func resources(ctx context.Context, owners []engine.Owner, api *resourcegroupstaggingapi.Client) ([]Resource, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	var marks []string
	for _, o := range owners {
		marks = append(marks, o.String())
	}
	var all []Resource
	pages := resourcegroupstaggingapi.NewGetResourcesPaginator(api, &resourcegroupstaggingapi.GetResourcesInput{
		ResourcesPerPage: aws.Int32(100), // AWS's maximum
		TagFilters:       []types.TagFilter{{Key: aws.String(engine.TagOwner), Values: marks}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the index of tags: %w", err)
		}
		for _, m := range page.ResourceTagMappingList {
			tags := gate.TagMap(m.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
			if slices.Contains(marks, tags[engine.TagOwner]) {
				all = append(all, Resource{ARN: aws.ToString(m.ResourceARN), Tags: tags})
			}
		}
	}
	return all, nil
}

// MayExist says whether q is worth a call to a type's own API: because an
// object of the type is desired, because no object may be missed (q.Whole), or
// because the index holds an object of one of the kinds (see Is). So a type
// that a project does not use costs no call.
func MayExist(ctx context.Context, q engine.Query, api *resourcegroupstaggingapi.Client, kinds ...string) (bool, error) {
	if q.Whole || len(q.Wanted) > 0 {
		return true, nil
	}
	return Holds(ctx, q, api, kinds...)
}

// Holds says whether the index holds an object of one of the kinds (see Is).
func Holds(ctx context.Context, q engine.Query, api *resourcegroupstaggingapi.Client, kinds ...string) (bool, error) {
	all, err := Resources(ctx, q, api)
	if err != nil {
		return false, err
	}
	for _, r := range all {
		if slices.ContainsFunc(kinds, r.Is) {
			return true, nil
		}
	}
	return false, nil
}
