package identity

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// IAM is the account's roles.
type IAM struct {
	account *world.Account
	s       iamState
	// Profiles are the instance profiles.
	Profiles *Profiles
}

// iamState holds roles by their names in lower case: names that differ only
// in case are the same name.
type iamState struct {
	Roles world.Table[role]
	// Profiles are the instance profiles by name.
	Profiles world.Table[types.InstanceProfile]
	// Policies are the ARNs of the account's own managed policies.
	Policies []string
	// Documents are the documents of those that have one, by ARN.
	Documents map[string]string `json:",omitempty"`
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

// NewIAM makes the IAM of an account, without roles.
func NewIAM(account *world.Account) *IAM {
	p := &IAM{account: account}
	p.Profiles = &Profiles{account: account, iam: p}
	return p
}

// ID implements world.Service.
func (p *IAM) ID() string { return iam.ServiceID }

// State implements world.Service.
func (p *IAM) State() any { return &p.s }

// Routes implements world.Service.
func (p *IAM) Routes(r *world.Router) {
	p.roleRoutes(r)
	p.policyRoutes(r)
	p.linkedRoutes(r)
	p.Profiles.profileRoutes(r)
}

// Locate names the role that a call is about.
func (p *IAM) Locate(operation string, in any) string {
	prefix := "arn:aws:iam::" + p.account.Number() + ":"
	if operation == "CreateServiceLinkedRole" {
		return prefix + "role/aws-service-role/*"
	}
	if operation == "GetPolicy" {
		return world.FieldText(in, "PolicyArn")
	}
	if name := world.FieldText(in, "InstanceProfileName"); name != "" {
		if o := p.s.Profiles.Get(name); o != nil {
			return *o.Arn
		}
		return prefix + "instance-profile" + cmp.Or(world.FieldText(in, "Path"), "/") + name
	}
	name := world.FieldText(in, "RoleName")
	if name == "" {
		return ""
	}
	if r := p.s.Roles.Get(strings.ToLower(name)); r != nil {
		return *r.Arn
	}
	return prefix + "role" + cmp.Or(world.FieldText(in, "Path"), "/") + name
}

// Dump implements world.Service.
func (p *IAM) Dump(d *world.Dumper) {
	for _, r := range p.s.Roles.All() {
		add := d.Add
		if r.Linked != "" {
			add = d.Keep
		}
		body := *world.Clone(r)
		body.RoleId = nil
		add("iam.role", *r.Arn, *r.RoleName, body)
	}
	for _, o := range p.s.Profiles.All() {
		var names []string
		for _, r := range o.Roles {
			names = append(names, *r.RoleName)
		}
		d.Add("iam.instance-profile", *o.Arn, *o.InstanceProfileName, map[string]any{"roles": names, "tags": world.TagMap(o.Tags)})
	}
}

func noRole(name string) error {
	return world.WithStatus(http.StatusNotFound, &types.NoSuchEntityException{
		Message: aws.String("The role with name " + name + " cannot be found."),
	})
}

func noEntity(text string) error {
	return world.WithStatus(http.StatusNotFound, &types.NoSuchEntityException{Message: &text})
}

var _ world.Locator = (*IAM)(nil)
