package identity

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// IAM's limits of one role:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxAttached    = 10
	maxInlineChars = 10240
)

func (p *IAM) policyRoutes(r *world.Router) {
	world.On(r, p.putRolePolicy)
	world.On(r, p.getRolePolicy)
	world.On(r, p.deleteRolePolicy)
	world.On(r, p.listRolePolicies)
	world.On(r, p.attachRolePolicy)
	world.On(r, p.detachRolePolicy)
	world.On(r, p.listAttached)
	world.On(r, ownPolicies{p}.get)
	world.On(r, ownPolicies{p}.create)
	world.On(r, ownPolicies{p}.delete)
}

func (p *IAM) putRolePolicy(rq *world.Request, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	document := aws.ToString(in.PolicyDocument)
	if !json.Valid([]byte(document)) {
		return nil, malformed("Syntax errors in policy.")
	}
	size := len(document)
	for name, d := range r.Inline {
		if name != aws.ToString(in.PolicyName) {
			size += len(d)
		}
	}
	if size > maxInlineChars {
		return nil, world.WithStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Maximum policy size of 10240 bytes exceeded for role " + *r.RoleName),
		})
	}
	if r.Inline == nil {
		r.Inline = map[string]string{}
	}
	r.Inline[aws.ToString(in.PolicyName)] = document
	return &iam.PutRolePolicyOutput{}, nil
}

func (p *IAM) getRolePolicy(rq *world.Request, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	document, ok := r.Inline[aws.ToString(in.PolicyName)]
	if !ok {
		return nil, noPolicy(aws.ToString(in.PolicyName))
	}
	return &iam.GetRolePolicyOutput{RoleName: r.RoleName, PolicyName: in.PolicyName, PolicyDocument: encoded(document)}, nil
}

func (p *IAM) deleteRolePolicy(rq *world.Request, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Inline[aws.ToString(in.PolicyName)]; !ok {
		return nil, noPolicy(aws.ToString(in.PolicyName))
	}
	delete(r.Inline, aws.ToString(in.PolicyName))
	return &iam.DeleteRolePolicyOutput{}, nil
}

func (p *IAM) listRolePolicies(rq *world.Request, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for name := range r.Inline {
		names = append(names, name)
	}
	slices.Sort(names)
	page, next, err := world.Page(names, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, world.APIError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListRolePoliciesOutput{PolicyNames: page, Marker: next, IsTruncated: next != nil}, nil
}

func (p *IAM) attachRolePolicy(rq *world.Request, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	arn := aws.ToString(in.PolicyArn)
	if !p.managed(arn) {
		return nil, noEntity("Policy " + arn + " does not exist or is not attachable.")
	}
	if slices.Contains(r.Attached, arn) {
		return &iam.AttachRolePolicyOutput{}, nil
	}
	if len(r.Attached) >= maxAttached {
		return nil, world.WithStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Cannot exceed quota for PoliciesPerRole: 10"),
		})
	}
	r.Attached = append(r.Attached, arn)
	slices.Sort(r.Attached)
	return &iam.AttachRolePolicyOutput{}, nil
}

func (p *IAM) detachRolePolicy(rq *world.Request, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	i := slices.Index(r.Attached, aws.ToString(in.PolicyArn))
	if i < 0 {
		return nil, noEntity("Policy " + aws.ToString(in.PolicyArn) + " was not found.")
	}
	r.Attached = slices.Delete(r.Attached, i, i+1)
	return &iam.DetachRolePolicyOutput{}, nil
}

func (p *IAM) listAttached(rq *world.Request, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	var all []types.AttachedPolicy
	for _, arn := range r.Attached {
		all = append(all, types.AttachedPolicy{
			PolicyArn: aws.String(arn), PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:]),
		})
	}
	page, next, err := world.Page(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, world.APIError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: page, Marker: next, IsTruncated: next != nil}, nil
}

func noPolicy(name string) error {
	return noEntity("The role policy with name " + name + " cannot be found.")
}

// managedNames matches the names of AWS's managed policies: there are over a
// thousand, and these prefixes and job functions cover those that a task may
// need.
var managedNames = regexp.MustCompile(`^arn:aws:iam::aws:policy/((service-role|job-function|aws-service-role)/)?` +
	`((Amazon|AWS|CloudWatch|AutoScaling|EC2|IAM|Secrets)[\w+=,.@-]*|(Administrator|PowerUser|ReadOnly|ViewOnly)Access|SecurityAudit|Billing|SystemAdministrator)$`)

// managed reports whether an ARN is that of a policy of the account, or looks
// like one of AWS's own.
func (p *IAM) managed(arn string) bool {
	return managedNames.MatchString(arn) || slices.Contains(p.s.Policies, arn)
}

// ownPolicies are the managed policies of the account.
type ownPolicies struct{ iam *IAM }

func (p ownPolicies) get(_ *world.Request, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	arn := aws.ToString(in.PolicyArn)
	if !p.iam.managed(arn) {
		return nil, noEntity("Policy " + arn + " was not found.")
	}
	return &iam.GetPolicyOutput{Policy: &types.Policy{
		Arn: &arn, PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:]), IsAttachable: true,
	}}, nil
}

// create makes a managed policy of the account.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
func (p ownPolicies) create(_ *world.Request, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	document := aws.ToString(in.PolicyDocument)
	if !json.Valid([]byte(document)) {
		return nil, malformed("Syntax errors in policy.")
	}
	arn := "arn:aws:iam::" + p.iam.account.Number() + ":policy" + cmp.Or(aws.ToString(in.Path), "/") + aws.ToString(in.PolicyName)
	if slices.Contains(p.iam.s.Policies, arn) {
		return nil, world.WithStatus(http.StatusConflict, &types.EntityAlreadyExistsException{
			Message: aws.String("A policy called " + aws.ToString(in.PolicyName) + " already exists. Duplicate names are not allowed."),
		})
	}
	p.iam.s.Policies = append(p.iam.s.Policies, arn)
	if p.iam.s.Documents == nil {
		p.iam.s.Documents = map[string]string{}
	}
	p.iam.s.Documents[arn] = document
	return &iam.CreatePolicyOutput{Policy: &types.Policy{Arn: &arn, PolicyName: in.PolicyName, IsAttachable: true}}, nil
}

// delete refuses while a role has the policy, or has it as its boundary.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
func (p ownPolicies) delete(_ *world.Request, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	arn := aws.ToString(in.PolicyArn)
	if !slices.Contains(p.iam.s.Policies, arn) {
		return nil, noEntity("Policy " + arn + " was not found.")
	}
	for _, r := range p.iam.s.Roles.All() {
		if b := r.PermissionsBoundary; slices.Contains(r.Attached, arn) || b != nil && *b.PermissionsBoundaryArn == arn {
			return nil, world.WithStatus(http.StatusConflict, &types.DeleteConflictException{
				Message: aws.String("Cannot delete a policy attached to entities."),
			})
		}
	}
	p.iam.s.Policies = slices.DeleteFunc(p.iam.s.Policies, func(a string) bool { return a == arn })
	delete(p.iam.s.Documents, arn)
	return &iam.DeletePolicyOutput{}, nil
}

// AddPolicy makes a managed policy of the account and returns its ARN.
func (p *IAM) AddPolicy(name string) (arn string) {
	arn = "arn:aws:iam::" + p.account.Number() + ":policy/" + name
	p.s.Policies = append(p.s.Policies, arn)
	return arn
}
