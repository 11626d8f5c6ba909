package tagindex

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Stack is a project in an environment, as the index shows it.
type Stack struct {
	Owner engine.Owner
	// Services are the names of its ECS services and managed databases.
	Services []string
}

// shownBy are the types of objects that say which stacks there are: each stack has
// a security group, and the others have the names of what runs. So the answer has
// few objects, whatever else there is.
func shownBy() []string {
	return []string{"ec2:security-group", "ecs:service", "rds:db", "elasticache:replicationgroup"}
}

// Stacks returns all stacks of the account and region, sorted. The index lags by
// seconds to minutes (see Resources).
func Stacks(ctx context.Context, api *resourcegroupstaggingapi.Client) ([]Stack, error) {
	services := map[engine.Owner][]string{}
	pages := resourcegroupstaggingapi.NewGetResourcesPaginator(api, &resourcegroupstaggingapi.GetResourcesInput{
		ResourcesPerPage:    aws.Int32(100), // AWS's maximum
		TagFilters:          []types.TagFilter{{Key: aws.String(engine.TagOwner)}},
		ResourceTypeFilters: shownBy(),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the index of tags: %w", err)
		}
		for _, m := range page.ResourceTagMappingList {
			mark, ok := engine.MarkOf(gate.TagMap(m.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }))
			if !ok || mark.Address.Owner.IsEnvironment() {
				continue
			}
			o := mark.Address.Owner
			if _, known := services[o]; !known {
				services[o] = []string{}
			}
			if !(Resource{ARN: aws.ToString(m.ResourceARN)}).Is("ec2") {
				services[o] = append(services[o], mark.Address.Name)
			}
		}
	}
	var out []Stack
	for o, names := range services {
		slices.Sort(names)
		out = append(out, Stack{Owner: o, Services: slices.Compact(names)})
	}
	slices.SortFunc(out, func(a, b Stack) int {
		return slices.Compare([]string{a.Owner.Project, a.Owner.Environment}, []string{b.Owner.Project, b.Owner.Environment})
	})
	return out, nil
}
