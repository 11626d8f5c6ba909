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

// boundaryOf returns the ARN of a role's permissions boundary; empty if it has
// none.
func boundaryOf(r *types.Role) string {
	if r.PermissionsBoundary == nil {
		return ""
	}
	return aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn)
}

// setBoundary replaces a role's permissions boundary; an empty ARN removes it.
func (t Roles) setBoundary(ctx context.Context, role, arn string) error {
	if arn == "" {
		_, err := t.API.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: &role})
		if err != nil && !gate.IsNotFound(err) {
			return fmt.Errorf("removing the permissions boundary of role %s: %w", role, err)
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
