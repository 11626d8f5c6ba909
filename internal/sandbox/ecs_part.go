package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// ecsPart is ECS with Fargate.
type ecsPart struct {
	account *Account
	s       ecsState
	// Needs is set before the first call.
	Needs ecsNeeds
}

func newECS(account *Account) *ecsPart { return &ecsPart{account: account} }

// ID implements Service.
func (p *ecsPart) ID() string { return ecs.ServiceID }

func (p *ecsPart) State() any { return &p.s }

func (p *ecsPart) Routes(r *router) {
	for _, f := range []func(*router){
		p.clusterRoutes, p.instanceRoutes, p.definitionRoutes, p.serviceRoutes, p.deploymentRoutes, p.taskRoutes, p.tagRoutes,
	} {
		f(r)
	}
}

// lastPart is what follows the last slash: the name or id in an ARN.
func lastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// badInput is ECS's error for a parameter that it does not take.
func badInput(format string, args ...any) error {
	return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// badClient is ECS's error for almost everything else.
func badClient(format string, args ...any) error {
	return &types.ClientException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// linkedRole fails while ECS cannot assume its service-linked role. AWS makes
// the role when it is missing, and cannot use it at once.
func (p *ecsPart) linkedRole(rq *request) error {
	const service = "ecs.amazonaws.com"
	if err := p.Needs.Roles.EnsureLinkedRole(rq, service); err != nil {
		return err
	}
	if !p.Needs.Roles.LinkedRoleReady(service) {
		return badInput("Unable to assume the service linked role. Please verify that the ECS service linked role exists.")
	}
	return nil
}

// missingItem is how describes tell of an object that is not there.
func missingItem(arn string) types.Failure {
	return types.Failure{Arn: aws.String(arn), Reason: aws.String("MISSING")}
}

// listPage cuts a page as ECS's lists do.
func listPage[T any](all []T, token *string, limit *int32, most int) ([]T, *string, error) {
	page, next, err := pageOf(all, token, limit, most)
	if err != nil {
		return nil, nil, badInput("Invalid token.")
	}
	return page, next, nil
}

var _ Service = (*ecsPart)(nil)

// latest is the last of some moments.
func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
