package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
)

// taggingPart is the index of tags over all services. It has no state: it asks
// the other parts. IAM roles are not in it, as on AWS.
type taggingPart struct{ w *World }

func newTagging(w *World) *taggingPart { return &taggingPart{w: w} }

// ID implements part.
func (p *taggingPart) ID() string { return tagging.ServiceID }

func (p *taggingPart) state() any { return &struct{}{} }

func (p *taggingPart) dump(*dumper) {}

func (p *taggingPart) routes(r *router) { on(r, p.getResources) }

// indexed is a part whose objects are in the index.
type indexed interface {
	part
	// index calls f for every object that carries tags.
	index(f func(arn string, created time.Time, tags map[string]string))
}

// indexLag is how much more the index lags behind than a describe: AWS says
// that it takes seconds to minutes.
const indexLag = 4

func (p *taggingPart) getResources(rq *request, in *tagging.GetResourcesInput) (*tagging.GetResourcesOutput, error) {
	var all []types.ResourceTagMapping
	for _, part := range p.w.parts {
		ix, ok := part.(indexed)
		if !ok {
			continue
		}
		ix.index(func(arn string, created time.Time, tags map[string]string) {
			known := !rq.now.Before(created.Add(indexLag * p.w.listLag(arn)))
			if known && len(tags) > 0 && isWanted(in, arn, tags) {
				all = append(all, mapping(arn, tags))
			}
		})
	}
	slices.SortFunc(all, func(a, b types.ResourceTagMapping) int { return cmp.Compare(*a.ResourceARN, *b.ResourceARN) })
	page, next, err := pageOf(all, in.PaginationToken, in.ResourcesPerPage, 100)
	if err != nil {
		return nil, &types.PaginationTokenExpiredException{Message: aws.String("The pagination token is not valid.")}
	}
	// The last page has an empty token, not none.
	return &tagging.GetResourcesOutput{
		ResourceTagMappingList: page, PaginationToken: aws.String(aws.ToString(next)),
	}, nil
}

// isWanted applies the filters: every tag filter must hold, with one of its values
// or any when it has none; and one of the types, as in "ec2" or "ec2:vpc".
func isWanted(in *tagging.GetResourcesInput, arn string, tags map[string]string) bool {
	for _, f := range in.TagFilters {
		v, ok := tags[aws.ToString(f.Key)]
		if !ok || len(f.Values) > 0 && !slices.Contains(f.Values, v) {
			return false
		}
	}
	if len(in.ResourceARNList) > 0 && !slices.Contains(in.ResourceARNList, arn) {
		return false
	}
	return len(in.ResourceTypeFilters) == 0 || slices.ContainsFunc(in.ResourceTypeFilters, func(t string) bool {
		service, kind, _ := strings.Cut(t, ":")
		at := strings.SplitN(arn, ":", 6)
		return len(at) == 6 && at[2] == service && (kind == "" || strings.HasPrefix(at[5], kind))
	})
}

func mapping(arn string, tags map[string]string) types.ResourceTagMapping {
	out := types.ResourceTagMapping{ResourceARN: &arn}
	keys := make([]string, 0, len(tags))
	for k := range tags {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(k), Value: aws.String(tags[k])})
	}
	return out
}

// indexRows calls f for every existing object of a table.
func indexRows[T any](t *table[T], f func(string, time.Time, map[string]string), arnAndTags func(*T) (string, map[string]string)) {
	for _, r := range t.Rows {
		if r.Deleted.IsZero() {
			if arn, tags := arnAndTags(r.Value); arn != "" {
				f(arn, r.Created, tags)
			}
		}
	}
}

var _ part = (*taggingPart)(nil)
