package identity

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// boundary returns a role's boundary for this policy; nil for none. IAM refuses a policy
// that does not exist:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html
func (p *IAM) boundary(arn *string) (*types.AttachedPermissionsBoundary, error) {
	if arn == nil {
		return nil, nil
	}
	if !p.managed(*arn) {
		return nil, noEntity("Scope ARN: " + *arn + " does not exist or is not attachable.")
	}
	return &types.AttachedPermissionsBoundary{
		PermissionsBoundaryArn: arn, PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy,
	}, nil
}

func (p *IAM) putBoundary(rq *world.Request, in *iam.PutRolePermissionsBoundaryInput) (*iam.PutRolePermissionsBoundaryOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if r.Linked != "" {
		return nil, protected(r)
	}
	b, err := p.boundary(in.PermissionsBoundary)
	if err != nil {
		return nil, err
	}
	r.PermissionsBoundary = b
	return &iam.PutRolePermissionsBoundaryOutput{}, nil
}

// deleteBoundary refuses a role without a boundary.
func (p *IAM) deleteBoundary(rq *world.Request, in *iam.DeleteRolePermissionsBoundaryInput) (*iam.DeleteRolePermissionsBoundaryOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if r.Linked != "" {
		return nil, protected(r)
	}
	if r.PermissionsBoundary == nil {
		return nil, noEntity("Role " + *r.RoleName + " does not have a permissions boundary.")
	}
	r.PermissionsBoundary = nil
	return &iam.DeleteRolePermissionsBoundaryOutput{}, nil
}

// protected is IAM's refusal to change a service-linked role.
func protected(r *role) error {
	return world.WithStatus(http.StatusBadRequest, &types.UnmodifiableEntityException{Message: aws.String(
		"Cannot perform the operation on the protected role '" + *r.RoleName + "' - this role is only modifiable by AWS",
	)})
}

// Conditions implements world.Conditioned: a condition on iam:PermissionsBoundary sees the
// boundary in the call, or the one that the call's role has.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
func (p *IAM) Conditions(op string, in any) world.Facts {
	const key = "iam:PermissionsBoundary"
	switch op {
	case "CreateRole", "PutRolePermissionsBoundary":
		if asked := world.FieldText(in, "PermissionsBoundary"); asked != "" {
			return world.Facts{key: {asked}}
		}
		return world.Facts{key: nil}
	case "AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "DeleteRolePermissionsBoundary":
		r := p.s.Roles.Get(strings.ToLower(world.FieldText(in, "RoleName")))
		if r == nil {
			return nil
		}
		if r.PermissionsBoundary == nil {
			return world.Facts{key: nil}
		}
		return world.Facts{key: {*r.PermissionsBoundary.PermissionsBoundaryArn}}
	}
	return nil
}
