package identity

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *IAM) linkedRoutes(r *world.Router) { world.On(r, p.createServiceLinkedRole) }

// linkedNames are the role names of the services that need such a role.
var linkedNames = map[string]string{
	"ecs.amazonaws.com":                         "AWSServiceRoleForECS",
	"elasticloadbalancing.amazonaws.com":        "AWSServiceRoleForElasticLoadBalancing",
	"ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
	"autoscaling.amazonaws.com":                 "AWSServiceRoleForAutoScaling",
	"rds.amazonaws.com":                         "AWSServiceRoleForRDS",
	"elasticache.amazonaws.com":                 "AWSServiceRoleForElastiCache",
}

func (p *IAM) createServiceLinkedRole(rq *world.Request, in *iam.CreateServiceLinkedRoleInput) (*iam.CreateServiceLinkedRoleOutput, error) {
	service := aws.ToString(in.AWSServiceName)
	name, ok := linkedNames[service]
	if !ok {
		return nil, &types.InvalidInputException{Message: aws.String("Service name " + service + " is not valid.")}
	}
	if p.s.Roles.Get(strings.ToLower(name)) != nil {
		return nil, &types.InvalidInputException{Message: aws.String(
			"Service role name " + name + " has been taken in this account, please try a different suffix.")}
	}
	r := p.newLinkedRole(rq, service, in.Description)
	return &iam.CreateServiceLinkedRoleOutput{Role: r.shown(true)}, nil
}

func (p *IAM) newLinkedRole(rq *world.Request, service string, description *string) *role {
	name, path := linkedNames[service], "/aws-service-role/"+service+"/"
	r := &role{Linked: service, Role: types.Role{
		RoleName: &name, Path: &path, Description: description, CreateDate: aws.Time(rq.Now),
		Arn:                      aws.String("arn:aws:iam::" + p.account.Number() + ":role" + path + name),
		RoleId:                   aws.String("AROA" + strings.ToUpper(p.account.NewHex("role", 17))),
		AssumeRolePolicyDocument: aws.String(Trust(service)), MaxSessionDuration: aws.Int32(3600),
	}}
	return p.s.Roles.Put(p.account, rq.Now, strings.ToLower(name), r)
}

// Trust is the policy that lets a service assume a role.
func Trust(service string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}`, service)
}

// LinkedRoleReady reports whether the service-linked role of a service, such as
// "ecs.amazonaws.com", exists and has reached the service.
func (p *IAM) LinkedRoleReady(service string) bool {
	r := p.s.Roles.Get(strings.ToLower(linkedNames[service]))
	return r != nil && !p.account.Now().Before(r.CreateDate.Add(p.account.Takes(world.LinkedRoleReady)))
}

// EnsureLinkedRole makes the service-linked role of a service, as many
// services do at their first use, if the caller may do that.
func (p *IAM) EnsureLinkedRole(rq *world.Request, service string) error {
	name := linkedNames[service]
	if p.s.Roles.Get(strings.ToLower(name)) != nil {
		return nil
	}
	arn := "arn:aws:iam::" + p.account.Number() + ":role/aws-service-role/" + service + "/" + name
	err := rq.Also("iam:CreateServiceLinkedRole", arn, world.Facts{"iam:AWSServiceName": {service}})
	if err != nil {
		return err
	}
	p.newLinkedRole(rq, service, nil)
	return nil
}

// Assumable returns nil if a service, such as "ecs-tasks.amazonaws.com", can
// assume a role; otherwise the error says why not: the role does not exist, is
// too new, or its trust policy does not name the service. The caller wraps it
// into its own service's error.
func (p *IAM) Assumable(arn, service string) error {
	name := arn[strings.LastIndex(arn, "/")+1:]
	r := p.s.Roles.Get(strings.ToLower(name))
	switch {
	case r == nil || *r.Arn != arn:
		return fmt.Errorf("the role '%s' does not exist", arn)
	case p.account.Now().Before(r.CreateDate.Add(p.account.Takes(world.RoleAssumable))):
		return fmt.Errorf("unable to assume the role '%s': it has not reached the service yet", arn)
	case !trusts(aws.ToString(r.AssumeRolePolicyDocument), service):
		return fmt.Errorf("unable to assume the role '%s': its trust policy does not allow %s", arn, service)
	}
	return nil
}

// trusts reads the services that a trust policy allows.
func trusts(document, service string) bool {
	var t struct {
		Statement world.OneOrMany[struct {
			Effect    string
			Principal struct{ Service world.OneOrMany[string] }
		}]
	}
	if err := json.Unmarshal([]byte(document), &t); err != nil {
		return false
	}
	for _, s := range t.Statement {
		if s.Effect == "Allow" && slices.Contains(s.Principal.Service, service) {
			return true
		}
	}
	return false
}
