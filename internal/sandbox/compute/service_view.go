package compute

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// shownService returns a service as describe calls show it.
func (p *services) shownService(s *service, tags bool) *types.Service {
	out := &types.Service{
		ServiceArn: aws.String(s.ARN), ServiceName: aws.String(s.Name), ClusterArn: aws.String(s.Cluster),
		Status: aws.String(s.Status), DesiredCount: s.Desired, CreatedAt: aws.Time(s.Created),
		TaskDefinition: aws.String(s.Config.TaskDefinition), LaunchType: s.Config.LaunchType,
		CapacityProviderStrategy: s.Config.Strategy, PlatformVersion: aws.String(s.Config.Platform), PlatformFamily: aws.String("Linux"),
		NetworkConfiguration: s.Config.Network, LoadBalancers: s.Config.LoadBalancers, ServiceRegistries: s.Config.Registries,
		DeploymentConfiguration:       world.Clone(&s.Deployment),
		DeploymentController:          &types.DeploymentController{Type: types.DeploymentControllerTypeEcs},
		HealthCheckGracePeriodSeconds: s.Grace, SchedulingStrategy: s.Scheduling, PlacementConstraints: s.Constraints,
		PropagateTags: s.Propagate, EnableExecuteCommand: s.ExecuteOn, EnableECSManagedTags: s.ManagedTag,
		AvailabilityZoneRebalancing: s.Rebalance, Events: slices.Clone(s.Events),
		RoleArn: aws.String("arn:aws:iam::" + p.account.Number() + ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"),
	}
	if len(s.Config.LoadBalancers) > 0 && out.HealthCheckGracePeriodSeconds == nil {
		out.HealthCheckGracePeriodSeconds = aws.Int32(0)
	}
	if tags {
		out.Tags = slices.Clone(s.Tags)
	}
	if len(s.Records) > 0 && s.Status != inactive {
		out.CurrentServiceDeployment = aws.String(s.Records[0].ARN)
	}
	tasks := p.s.tasksOf(s, nil, unstopped)
	for _, d := range s.Deployments {
		shown := p.shownDeployment(s, d, tasks)
		out.Deployments = append(out.Deployments, shown)
		out.RunningCount += shown.RunningCount
		out.PendingCount += shown.PendingCount
		out.CurrentServiceRevisions = append(out.CurrentServiceRevisions, types.ServiceCurrentRevisionSummary{
			Arn: aws.String(d.Revision.ARN), PendingTaskCount: shown.PendingCount,
			RequestedTaskCount: shown.DesiredCount, RunningTaskCount: shown.RunningCount,
		})
	}
	return out
}

// shownDeployment is one entry of the list; tasks are the service's.
func (p *services) shownDeployment(s *service, d *deployment, tasks []*task) types.Deployment {
	out := types.Deployment{
		Id: aws.String(d.ID), Status: aws.String(d.Status), TaskDefinition: aws.String(d.Revision.TaskDefinition),
		RolloutState: d.Rollout, RolloutStateReason: aws.String(d.Reason), FailedTasks: d.Failed,
		CreatedAt: aws.Time(d.Created), UpdatedAt: aws.Time(d.Updated), LaunchType: d.Revision.LaunchType,
		CapacityProviderStrategy: d.Revision.Strategy, NetworkConfiguration: d.Revision.Network,
		PlatformVersion: aws.String(platform), PlatformFamily: aws.String("Linux"), ServiceConnectConfiguration: d.Revision.Connect,
	}
	wanted := int32(0)
	for _, t := range tasks {
		if t.Deployment != d.ID {
			continue
		}
		if alive(t) {
			wanted++
		}
		switch t.Last {
		case running:
			out.RunningCount++
		case provisioning, pending, activating:
			out.PendingCount++
		}
	}
	out.DesiredCount = wanted
	if d.Status == primary {
		out.DesiredCount = s.Desired
	}
	return out
}
