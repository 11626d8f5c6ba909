package sandbox

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// iamPart is the account's roles.
type iamPart struct {
	account *Account
	s       iamState
}

// iamState holds roles by their names in lower case: names that differ only
// in case are the same name.
type iamState struct {
	Roles table[role]
	// Policies are the ARNs of the account's own managed policies.
	Policies []string
}

// role is a role with its policies.
type role struct {
	types.Role
	// Inline are its own policies, Attached the ARNs of managed ones.
	Inline   map[string]string
	Attached []string
	// Linked is the service of a service-linked role, else empty.
	Linked string
}

func newIAM(account *Account) *iamPart { return &iamPart{account: account} }

// ID implements Service.
func (p *iamPart) ID() string { return iam.ServiceID }

func (p *iamPart) State() any { return &p.s }

func (p *iamPart) Routes(r *router) {
	p.roleRoutes(r)
	p.policyRoutes(r)
	p.linkedRoutes(r)
}

// locate names the role that a call is about.
func (p *iamPart) locate(operation string, in any) string {
	prefix := "arn:aws:iam::" + p.account.number() + ":"
	if operation == "CreateServiceLinkedRole" {
		return prefix + "role/aws-service-role/*"
	}
	if operation == "GetPolicy" {
		return fieldText(in, "PolicyArn")
	}
	name := fieldText(in, "RoleName")
	if name == "" {
		return ""
	}
	if r := p.s.Roles.get(strings.ToLower(name)); r != nil {
		return *r.Arn
	}
	return prefix + "role" + cmp.Or(fieldText(in, "Path"), "/") + name
}

func (p *iamPart) Dump(d *dumper) {
	for _, r := range p.s.Roles.all() {
		add := d.add
		if r.Linked != "" {
			add = d.keep
		}
		body := *clone(r)
		body.RoleId = nil
		add("iam.role", *r.Arn, *r.RoleName, body)
	}
}

func noRole(name string) error {
	return withStatus(http.StatusNotFound, &types.NoSuchEntityException{
		Message: aws.String("The role with name " + name + " cannot be found."),
	})
}

func noEntity(text string) error {
	return withStatus(http.StatusNotFound, &types.NoSuchEntityException{Message: &text})
}

var _ locator = (*iamPart)(nil)
