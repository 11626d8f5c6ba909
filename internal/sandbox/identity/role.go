package identity

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *IAM) roleRoutes(r *world.Router) {
	world.On(r, p.createRole)
	world.On(r, p.getRole)
	world.On(r, p.listRoles)
	world.On(r, p.updateRole)
	world.On(r, p.updateTrust)
	world.On(r, p.deleteRole)
	world.On(r, p.tagRole)
	world.On(r, p.untagRole)
	world.On(r, p.listRoleTags)
	world.On(r, p.putBoundary)
	world.On(r, p.deleteBoundary)
}

func (p *IAM) createRole(rq *world.Request, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	name, path := aws.ToString(in.RoleName), cmp.Or(aws.ToString(in.Path), "/")
	if err := checkRole(name, path, aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	if !json.Valid([]byte(aws.ToString(in.AssumeRolePolicyDocument))) {
		return nil, malformed("This policy contains invalid Json")
	}
	key := strings.ToLower(name)
	if p.s.Roles.Get(key) != nil {
		return nil, world.WithStatus(http.StatusConflict, &types.EntityAlreadyExistsException{
			Message: aws.String("Role with name " + name + " already exists."),
		})
	}
	if len(p.s.Roles.All()) >= p.account.Quota("roles", 1000) {
		return nil, world.WithStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Cannot exceed quota for RolesPerAccount."),
		})
	}
	boundary, err := p.boundary(in.PermissionsBoundary)
	if err != nil {
		return nil, err
	}
	r := &role{Role: types.Role{
		PermissionsBoundary: boundary,
		RoleName:            &name, Path: &path, Arn: aws.String("arn:aws:iam::" + p.account.Number() + ":role" + path + name),
		RoleId: aws.String("AROA" + strings.ToUpper(p.account.NewHex("role", 17))), CreateDate: aws.Time(rq.Now),
		AssumeRolePolicyDocument: in.AssumeRolePolicyDocument, Description: in.Description, Tags: in.Tags,
		MaxSessionDuration: aws.Int32(cmp.Or(aws.ToInt32(in.MaxSessionDuration), 3600)),
	}}
	p.s.Roles.Put(p.account, rq.Now, key, r)
	return &iam.CreateRoleOutput{Role: r.shown(true)}, nil
}

var (
	roleNames        = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	rolePaths        = regexp.MustCompile(`^/([!-.0-~]+/)*$`)
	roleDescriptions = regexp.MustCompile(`^[\t\n\r\x20-\x7E\x{A1}-\x{FF}]*$`)
)

// checkRole applies IAM's limits: 64 characters for a name, 512 for a path,
// 1000 Latin-1 characters for a description.
func checkRole(name, path, description string) error {
	switch {
	case !roleNames.MatchString(name):
		return world.APIError(400, "ValidationError", "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and must have at most 64 characters")
	case !rolePaths.MatchString(path) || len(path) > 512:
		return world.APIError(400, "ValidationError", "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	case !roleDescriptions.MatchString(description) || len([]rune(description)) > 1000:
		return world.APIError(400, "ValidationError", "The specified value for description is invalid.")
	}
	return nil
}

// shown returns the role as answers have it: with a URL-encoded trust policy,
// and with tags and the boundary only where AWS shows them.
func (r *role) shown(whole bool) *types.Role {
	out := world.Clone(&r.Role)
	out.AssumeRolePolicyDocument = encoded(aws.ToString(r.AssumeRolePolicyDocument))
	if !whole {
		out.Tags, out.PermissionsBoundary = nil, nil
	}
	return out
}

// encoded is a policy document as IAM returns it: RFC 3986.
func encoded(document string) *string {
	return aws.String(strings.ReplaceAll(url.QueryEscape(document), "+", "%20"))
}

func (p *IAM) find(rq *world.Request, name *string) (*role, error) {
	if r := p.s.Roles.Find(rq, strings.ToLower(aws.ToString(name))); r != nil {
		return r, nil
	}
	return nil, noRole(aws.ToString(name))
}

func (p *IAM) getRole(rq *world.Request, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRoleOutput{Role: r.shown(true)}, nil
}

// listRoles shows neither tags nor boundaries nor policies, as AWS documents.
func (p *IAM) listRoles(rq *world.Request, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	var found []types.Role
	for _, r := range p.s.Roles.List(rq) {
		if strings.HasPrefix(*r.Path, cmp.Or(aws.ToString(in.PathPrefix), "/")) {
			found = append(found, *r.shown(false))
		}
	}
	page, next, err := world.Page(found, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, world.APIError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListRolesOutput{Roles: page, Marker: next, IsTruncated: next != nil}, nil
}

func (p *IAM) updateRole(rq *world.Request, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if err := checkRole(*r.RoleName, *r.Path, aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	if in.Description != nil {
		r.Description = in.Description
	}
	if in.MaxSessionDuration != nil {
		r.MaxSessionDuration = in.MaxSessionDuration
	}
	return &iam.UpdateRoleOutput{}, nil
}

func (p *IAM) updateTrust(rq *world.Request, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if !json.Valid([]byte(aws.ToString(in.PolicyDocument))) {
		return nil, malformed("This policy contains invalid Json")
	}
	r.AssumeRolePolicyDocument = in.PolicyDocument
	return &iam.UpdateAssumeRolePolicyOutput{}, nil
}

// deleteRole refuses while the role has policies.
func (p *IAM) deleteRole(rq *world.Request, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Linked != "":
		return nil, protected(r)
	case len(r.Attached) > 0:
		return nil, deleteConflict("Cannot delete entity, must detach all policies first.")
	case slices.ContainsFunc(p.s.Profiles.All(), func(o *types.InstanceProfile) bool { return holds(o, *r.RoleName) }):
		return nil, deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
	case len(r.Inline) > 0:
		return nil, deleteConflict("Cannot delete entity, must delete policies first.")
	}
	p.s.Roles.Remove(rq.Now, strings.ToLower(*r.RoleName))
	return &iam.DeleteRoleOutput{}, nil
}

func deleteConflict(text string) error {
	return world.WithStatus(http.StatusConflict, &types.DeleteConflictException{Message: &text})
}

func malformed(text string) error {
	return &types.MalformedPolicyDocumentException{Message: &text}
}

func (p *IAM) tagRole(rq *world.Request, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		r.Tags = slices.DeleteFunc(r.Tags, func(o types.Tag) bool { return *o.Key == *t.Key })
		r.Tags = append(r.Tags, t)
	}
	return &iam.TagRoleOutput{}, nil
}

func (p *IAM) untagRole(rq *world.Request, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Tags = slices.DeleteFunc(r.Tags, func(o types.Tag) bool { return slices.Contains(in.TagKeys, *o.Key) })
	return &iam.UntagRoleOutput{}, nil
}

func (p *IAM) listRoleTags(rq *world.Request, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: r.Tags}, nil
}
