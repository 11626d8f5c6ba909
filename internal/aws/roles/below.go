package roles

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/engine"
)

// Path is where the roles of an environment are; those of its stacks are below.
func Path(environment string) string { return "/berth/" + environment + "/" }

// Below are the roles of an environment and its stacks, in one call for each
// thousand that all types share during a reading. They may be somebody else's,
// or of another region: the path alone makes no role berth's.
func Below(ctx context.Context, q engine.Query, api *iam.Client, environment string) ([]types.Role, error) {
	path := Path(environment)
	return engine.Once(q, "roles."+path, func() ([]types.Role, error) { return List(ctx, api, path) })
}

// List are the account's roles below a path.
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
