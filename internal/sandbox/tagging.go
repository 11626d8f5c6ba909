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
// the other services. IAM roles are not in it, as on AWS.
type taggingPart struct {
	account *Account
	// Index has the objects of all services with their tags.
	Index tagIndex
}

// tagIndex calls f for every object that carries tags.
type tagIndex interface{ Tagged(f indexFunc) }

func newTagging(account *Account) *taggingPart { return &taggingPart{account: account} }

// ID implements Service.
func (p *taggingPart) ID() string { return tagging.ServiceID }

func (p *taggingPart) State() any { return &struct{}{} }

func (p *taggingPart) Dump(*dumper) {}

func (p *taggingPart) Routes(r *router) { on(r, p.getResources) }

// indexLag is how much more the index lags behind than a describe: AWS says
// that it takes seconds to minutes.
const indexLag = 4

func (p *taggingPart) getResources(rq *request, in *tagging.GetResourcesInput) (*tagging.GetResourcesOutput, error) {
	var all []types.ResourceTagMapping
	p.Index.Tagged(func(arn string, created time.Time, tags map[string]string) {
		known := !rq.now.Before(created.Add(indexLag * p.account.listLag(arn)))
		if known && len(tags) > 0 && isWanted(in, arn, tags) {
			all = append(all, mapping(arn, tags))
		}
	})
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

var _ Service = (*taggingPart)(nil)
