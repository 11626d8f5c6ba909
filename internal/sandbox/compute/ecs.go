package compute

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// ECS is ECS with Fargate.
type ECS struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs

	Clusters    *Clusters
	definitions *definitions
	services    *services
	deployments *deployments
	scheduler   *scheduler
	placement   *placement
	tasks       *tasks
	Fargate     *Fargate
	startup     *startup
	Resolver    *Resolver
	Images      *Images
}

func NewECS(account *world.Account) *ECS {
	p := &ECS{account: account}
	p.Clusters = &Clusters{account: p.account, s: &p.s, needs: &p.Needs}
	p.definitions = &definitions{account: p.account, s: &p.s}
	p.services = &services{account: p.account, s: &p.s, needs: &p.Needs}
	p.deployments = &deployments{account: p.account, s: &p.s}
	p.scheduler = &scheduler{account: p.account, s: &p.s}
	p.placement = &placement{account: p.account, s: &p.s, needs: &p.Needs}
	p.tasks = &tasks{account: p.account, s: &p.s, needs: &p.Needs}
	p.Fargate = &Fargate{account: p.account, s: &p.s, needs: &p.Needs}
	p.startup = &startup{account: p.account, s: &p.s, needs: &p.Needs}
	p.Resolver = &Resolver{account: p.account, s: &p.s, needs: &p.Needs}
	p.Images = &Images{account: p.account, s: &p.s, needs: &p.Needs}
	p.services.definitions = p.definitions
	p.services.deployments = p.deployments
	p.services.scheduler = p.scheduler
	p.services.placement = p.placement
	p.deployments.Images = p.Images
	p.scheduler.deployments = p.deployments
	p.scheduler.placement = p.placement
	p.scheduler.Fargate = p.Fargate
	p.scheduler.startup = p.startup
	p.placement.Images = p.Images
	p.tasks.definitions = p.definitions
	p.tasks.placement = p.placement
	p.tasks.Fargate = p.Fargate
	p.tasks.startup = p.startup
	p.Fargate.deployments = p.deployments
	p.Fargate.scheduler = p.scheduler
	p.Fargate.startup = p.startup
	p.Fargate.Resolver = p.Resolver
	return p
}

// ID implements world.Service.
func (p *ECS) ID() string { return ecs.ServiceID }

func (p *ECS) State() any { return &p.s }

func (p *ECS) Routes(r *world.Router) {
	for _, f := range []func(*world.Router){
		p.Clusters.clusterRoutes, p.Clusters.instanceRoutes, p.definitions.definitionRoutes, p.services.serviceRoutes, p.deployments.deploymentRoutes, p.tasks.taskRoutes, p.Fargate.lifeRoutes, p.tagRoutes,
	} {
		f(r)
	}
}

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
func (n *Needs) linkedRole(rq *world.Request) error {
	const service = "ecs.amazonaws.com"
	if err := n.Roles.EnsureLinkedRole(rq, service); err != nil {
		return err
	}
	if !n.Roles.LinkedRoleReady(service) {
		return badInput("Unable to assume the service linked role. Please verify that the ECS service linked role exists.")
	}
	return nil
}

// missingItem is how describes show an object that does not exist.
func missingItem(arn string) types.Failure {
	return types.Failure{Arn: aws.String(arn), Reason: aws.String("MISSING")}
}

// listPage cuts a page as ECS's lists do.
func listPage[T any](all []T, token *string, limit *int32, most int) ([]T, *string, error) {
	page, next, err := world.Page(all, token, limit, most)
	if err != nil {
		return nil, nil, badInput("Invalid token.")
	}
	return page, next, nil
}

var _ world.Service = (*ECS)(nil)
