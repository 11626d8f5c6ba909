package roles

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Path is the path of an environment's roles; those of its stacks are below it.
func Path(environment string) string { return "/berth/" + environment + "/" }

// Below returns the roles of an environment and its stacks, a thousand per
// call, read once for all types of a reading. They may belong to somebody else
// or to another region: the path alone does not make a role berth's.
func Below(ctx context.Context, q engine.Query, api *iam.Client, environment string) ([]types.Role, error) {
	path := Path(environment)
	return memory.Once(q.Memory, "roles."+path, func() ([]types.Role, error) { return List(ctx, api, path) })
}

// List returns the account's roles below a path.
func List(ctx context.Context, api *iam.Client, path string) ([]types.Role, error) {
	var all []types.Role
	pages := iam.NewListRolesPaginator(api, &iam.ListRolesInput{PathPrefix: &path, MaxItems: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing roles below %s: %w", path, err)
		}
		for _, r := range page.Roles {
			if strings.HasPrefix(aws.ToString(r.Path), path) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}
