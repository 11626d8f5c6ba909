package compute

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// ECS is ECS with Fargate. Its fields are in the order that leads to a running
// container.
type ECS struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs

	Clusters    *Clusters
	definitions *definitions
	services    *services
	deployments *deployments
	tasks       *tasks
	Fargate     *Fargate
	Supply      *Supply
	Resolver    *Resolver
	Images      *Images
	exec        *exec
	machines    *machines
	placement   *placement
	// Startup needs other services, too.
	Startup startup.Checks
}

// NewECS makes the ECS of an account, without clusters.
func NewECS(account *world.Account) *ECS {
	p := &ECS{account: account}
	s, needs := &p.s, &p.Needs
	p.Supply = &Supply{s: s}
	p.Clusters = &Clusters{account: account, s: s, needs: needs}
	p.definitions = &definitions{account: account, s: s}
	p.Images = &Images{s: s, needs: needs}
	p.Resolver = &Resolver{s: s, needs: needs}
	p.deployments = &deployments{account: account, s: s, images: p.Images, needs: needs}
	start := &p.Startup
	start.Account = account
	p.machines = &machines{account: account, s: s, needs: needs}
	p.Clusters.machines = p.machines
	place := &placement{account: account, s: s, needs: needs, images: p.Images, machines: p.machines}
	p.placement = place
	schedule := &scheduler{account: account, s: s, deployments: p.deployments, placement: place, startup: start}
	p.Fargate = &Fargate{
		account: account, s: s, needs: needs,
		deployments: p.deployments, scheduler: schedule, startup: start, resolver: p.Resolver, machines: p.machines,
	}
	// The scheduler stops tasks, and Fargate reports their states to it.
	schedule.fargate = p.Fargate
	p.services = &services{
		account: account, s: s, needs: needs,
		definitions: p.definitions, deployments: p.deployments, scheduler: schedule, placement: place,
	}
	p.tasks = &tasks{
		account: account, s: s, needs: needs,
		definitions: p.definitions, placement: place, fargate: p.Fargate, startup: start,
	}
	p.exec = &exec{account: account, s: s, needs: needs}
	return p
}

// ID implements world.Service.
func (p *ECS) ID() string { return ecs.ServiceID }

// State implements world.Service.
func (p *ECS) State() any { return &p.s }

// Routes implements world.Service.
func (p *ECS) Routes(r *world.Router) {
	for _, f := range []func(*world.Router){
		p.Clusters.clusterRoutes, p.Clusters.instanceRoutes, p.Clusters.providerRoutes, p.machines.machineRoutes, p.placement.placementRoutes, p.definitions.definitionRoutes, p.services.serviceRoutes, p.deployments.deploymentRoutes, p.tasks.taskRoutes, p.Fargate.lifeRoutes, p.tagRoutes, p.exec.execRoutes,
	} {
		f(r)
	}
}

// badInput is ECS's error for a parameter that it does not accept.
func badInput(format string, args ...any) error {
	return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// badClient is ECS's error for almost everything else.
func badClient(format string, args ...any) error {
	return &types.ClientException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// linkedRole fails while ECS cannot assume its service-linked role. AWS makes
// the role if it is missing, but cannot use it at once.
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

// missingItem is what describe calls return for an object that does not exist.
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
