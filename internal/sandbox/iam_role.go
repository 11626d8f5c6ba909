package sandbox

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
)

func (p *iamPart) roleRoutes(r *router) {
	on(r, p.createRole)
	on(r, p.getRole)
	on(r, p.listRoles)
	on(r, p.updateRole)
	on(r, p.updateTrust)
	on(r, p.deleteRole)
	on(r, p.tagRole)
	on(r, p.untagRole)
	on(r, p.listRoleTags)
	on(r, p.putBoundary)
	on(r, p.deleteBoundary)
}

func (p *iamPart) createRole(rq *request, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	name, path := aws.ToString(in.RoleName), cmp.Or(aws.ToString(in.Path), "/")
	if err := checkRole(name, path, aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	if !json.Valid([]byte(aws.ToString(in.AssumeRolePolicyDocument))) {
		return nil, malformed("This policy contains invalid Json")
	}
	key := strings.ToLower(name)
	if p.s.Roles.get(key) != nil {
		return nil, withStatus(http.StatusConflict, &types.EntityAlreadyExistsException{
			Message: aws.String("Role with name " + name + " already exists."),
		})
	}
	if len(p.s.Roles.all()) >= p.account.quota("roles", 1000) {
		return nil, withStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Cannot exceed quota for RolesPerAccount."),
		})
	}
	boundary, err := p.boundary(in.PermissionsBoundary)
	if err != nil {
		return nil, err
	}
	r := &role{Role: types.Role{
		PermissionsBoundary: boundary,
		RoleName:            &name, Path: &path, Arn: aws.String("arn:aws:iam::" + p.account.number() + ":role" + path + name),
		RoleId: aws.String("AROA" + strings.ToUpper(p.account.newHex("role", 17))), CreateDate: aws.Time(rq.now),
		AssumeRolePolicyDocument: in.AssumeRolePolicyDocument, Description: in.Description, Tags: in.Tags,
		MaxSessionDuration: aws.Int32(cmp.Or(aws.ToInt32(in.MaxSessionDuration), 3600)),
	}}
	p.s.Roles.put(p.account, rq.now, key, r)
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
		return apiError(400, "ValidationError", "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and must have at most 64 characters")
	case !rolePaths.MatchString(path) || len(path) > 512:
		return apiError(400, "ValidationError", "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	case !roleDescriptions.MatchString(description) || len([]rune(description)) > 1000:
		return apiError(400, "ValidationError", "The specified value for description is invalid.")
	}
	return nil
}

// shown is the role as answers have it: the trust policy URL-encoded, tags and
// the boundary only where AWS shows them.
func (r *role) shown(whole bool) *types.Role {
	out := clone(&r.Role)
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

func (p *iamPart) find(rq *request, name *string) (*role, error) {
	if r := p.s.Roles.find(rq, strings.ToLower(aws.ToString(name))); r != nil {
		return r, nil
	}
	return nil, noRole(aws.ToString(name))
}

func (p *iamPart) getRole(rq *request, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRoleOutput{Role: r.shown(true)}, nil
}

// listRoles shows neither tags nor boundaries nor policies, as AWS documents.
func (p *iamPart) listRoles(rq *request, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	var found []types.Role
	for _, r := range p.s.Roles.list(rq) {
		if strings.HasPrefix(*r.Path, cmp.Or(aws.ToString(in.PathPrefix), "/")) {
			found = append(found, *r.shown(false))
		}
	}
	page, next, err := pageOf(found, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, apiError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListRolesOutput{Roles: page, Marker: next, IsTruncated: next != nil}, nil
}

func (p *iamPart) updateRole(rq *request, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
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

func (p *iamPart) updateTrust(rq *request, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
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

// deleteRole refuses while policies hang on the role.
func (p *iamPart) deleteRole(rq *request, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Linked != "":
		return nil, protected(r)
	case len(r.Attached) > 0:
		return nil, deleteConflict("Cannot delete entity, must detach all policies first.")
	case len(r.Inline) > 0:
		return nil, deleteConflict("Cannot delete entity, must delete policies first.")
	}
	p.s.Roles.remove(rq.now, strings.ToLower(*r.RoleName))
	return &iam.DeleteRoleOutput{}, nil
}

func deleteConflict(text string) error {
	return withStatus(http.StatusConflict, &types.DeleteConflictException{Message: &text})
}

func malformed(text string) error {
	return &types.MalformedPolicyDocumentException{Message: &text}
}

func (p *iamPart) tagRole(rq *request, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
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

func (p *iamPart) untagRole(rq *request, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Tags = slices.DeleteFunc(r.Tags, func(o types.Tag) bool { return slices.Contains(in.TagKeys, *o.Key) })
	return &iam.UntagRoleOutput{}, nil
}

func (p *iamPart) listRoleTags(rq *request, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: r.Tags}, nil
}
