package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// TagIndex is the index of tags over all services. It has no state: it asks the
// other services. As on AWS, it does not have IAM roles.
type TagIndex struct {
	account *world.Account
	// Index has the objects of all services with their tags.
	Index Index
}

// Index calls f for every object that carries tags.
type Index interface{ Tagged(f world.IndexFunc) }

// NewTagIndex makes the index of tags of an account. Its Index is set before the
// first call.
func NewTagIndex(account *world.Account) *TagIndex { return &TagIndex{account: account} }

// ID implements world.Service.
func (p *TagIndex) ID() string { return tagging.ServiceID }

// State implements world.Service.
func (p *TagIndex) State() any { return &struct{}{} }

// Dump implements world.Service.
func (p *TagIndex) Dump(*world.Dumper) {}

// Routes implements world.Service.
func (p *TagIndex) Routes(r *world.Router) { world.On(r, p.getResources) }

// indexLag is how many times longer the index lags than a describe call: AWS
// says that it takes seconds to minutes.
const indexLag = 4

func (p *TagIndex) getResources(rq *world.Request, in *tagging.GetResourcesInput) (*tagging.GetResourcesOutput, error) {
	var all []types.ResourceTagMapping
	p.Index.Tagged(func(arn string, created time.Time, tags map[string]string) {
		known := !rq.Now.Before(created.Add(indexLag * p.account.ListLag(arn)))
		if known && len(tags) > 0 && isWanted(in, arn, tags) {
			all = append(all, mapping(arn, tags))
		}
	})
	slices.SortFunc(all, func(a, b types.ResourceTagMapping) int { return cmp.Compare(*a.ResourceARN, *b.ResourceARN) })
	page, next, err := world.Page(all, in.PaginationToken, in.ResourcesPerPage, 100)
	if err != nil {
		return nil, &types.PaginationTokenExpiredException{Message: aws.String("The pagination token is not valid.")}
	}
	// The last page has an empty token instead of none.
	return &tagging.GetResourcesOutput{
		ResourceTagMappingList: page, PaginationToken: aws.String(aws.ToString(next)),
	}, nil
}

// isWanted applies the filters: every tag filter must hold, with one of its values
// or any when it has none; and one of the types, such as "ec2" or "ec2:vpc".
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

var _ world.Service = (*TagIndex)(nil)
