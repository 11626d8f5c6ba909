package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// IAM's limits of one role:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxAttached    = 10
	maxInlineChars = 10240
)

func (p *iamPart) policyRoutes(r *router) {
	on(r, p.putRolePolicy)
	on(r, p.getRolePolicy)
	on(r, p.deleteRolePolicy)
	on(r, p.listRolePolicies)
	on(r, p.attachRolePolicy)
	on(r, p.detachRolePolicy)
	on(r, p.listAttached)
	on(r, p.getPolicy)
}

func (p *iamPart) putRolePolicy(rq *request, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
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
		return nil, withStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Maximum policy size of 10240 bytes exceeded for role " + *r.RoleName),
		})
	}
	if r.Inline == nil {
		r.Inline = map[string]string{}
	}
	r.Inline[aws.ToString(in.PolicyName)] = document
	return &iam.PutRolePolicyOutput{}, nil
}

func (p *iamPart) getRolePolicy(rq *request, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
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

func (p *iamPart) deleteRolePolicy(rq *request, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
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

func (p *iamPart) listRolePolicies(rq *request, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	r, err := p.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for name := range r.Inline {
		names = append(names, name)
	}
	slices.Sort(names)
	page, next, err := pageOf(names, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, apiError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListRolePoliciesOutput{PolicyNames: page, Marker: next, IsTruncated: next != nil}, nil
}

func (p *iamPart) attachRolePolicy(rq *request, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
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
		return nil, withStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Cannot exceed quota for PoliciesPerRole: 10"),
		})
	}
	r.Attached = append(r.Attached, arn)
	slices.Sort(r.Attached)
	return &iam.AttachRolePolicyOutput{}, nil
}

func (p *iamPart) detachRolePolicy(rq *request, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
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

func (p *iamPart) listAttached(rq *request, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
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
	page, next, err := pageOf(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, apiError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: page, Marker: next, IsTruncated: next != nil}, nil
}

func noPolicy(name string) error {
	return noEntity("The role policy with name " + name + " cannot be found.")
}

// managedNames tell AWS's managed policies: there are over a thousand, and
// these beginnings and job functions cover what a task may want.
var managedNames = regexp.MustCompile(`^arn:aws:iam::aws:policy/((service-role|job-function|aws-service-role)/)?` +
	`((Amazon|AWS|CloudWatch|AutoScaling|EC2|IAM|Secrets)[\w+=,.@-]*|(Administrator|PowerUser|ReadOnly|ViewOnly)Access|SecurityAudit|Billing|SystemAdministrator)$`)

// managed tells whether an ARN is that of a policy of the account, or looks
// like one of AWS's own.
func (p *iamPart) managed(arn string) bool {
	return managedNames.MatchString(arn) || slices.Contains(p.s.Policies, arn)
}

func (p *iamPart) getPolicy(_ *request, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	arn := aws.ToString(in.PolicyArn)
	if !p.managed(arn) {
		return nil, noEntity("Policy " + arn + " was not found.")
	}
	return &iam.GetPolicyOutput{Policy: &types.Policy{
		Arn: &arn, PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:]), IsAttachable: true,
	}}, nil
}

// AddPolicy makes a managed policy of the account and returns its ARN.
func (p *iamPart) AddPolicy(name string) (arn string) {
	arn = "arn:aws:iam::" + p.account.number() + ":policy/" + name
	p.s.Policies = append(p.s.Policies, arn)
	return arn
}
