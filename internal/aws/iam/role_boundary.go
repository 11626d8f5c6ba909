package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// attrBoundary is the attribute of Role.Boundary.
const attrBoundary = "boundary"

// boundaryOf is the policy that bounds a role; empty for none.
func boundaryOf(r *types.Role) string {
	if r.PermissionsBoundary == nil {
		return ""
	}
	return aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn)
}

// setBoundary puts a boundary in the place of the present one; empty takes that
// away.
func (t Roles) setBoundary(ctx context.Context, role, arn string) error {
	if arn == "" {
		_, err := t.API.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: &role})
		if err != nil && !gate.IsNotFound(err) {
			return fmt.Errorf("taking the permissions boundary off role %s: %w", role, err)
		}
		return nil
	}
	_, err := t.API.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{
		RoleName: &role, PermissionsBoundary: &arn,
	})
	if err != nil {
		return fmt.Errorf("setting the permissions boundary of role %s: %w", role, err)
	}
	return nil
}
