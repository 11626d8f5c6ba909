package compute

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *deployments) deploymentRoutes(r *world.Router) {
	world.On(r, p.listServiceDeployments)
	world.On(r, p.describeServiceDeployments)
	world.On(r, p.describeServiceRevisions)
	world.On(r, p.stopServiceDeployment)
	world.On(r, p.continueServiceDeployment)
}

func (p *deployments) listServiceDeployments(rq *world.Request, in *ecs.ListServiceDeploymentsInput) (*ecs.ListServiceDeploymentsOutput, error) {
	name, cluster := aws.ToString(in.Service), in.Cluster
	if parts := strings.Split(name, "/"); len(parts) == 3 {
		cluster = aws.String(parts[1])
	}
	c, err := p.s.clusterOf(rq, cluster)
	if err != nil {
		return nil, err
	}
	s := p.s.serviceOf(rq, c, &name)
	if s == nil {
		return nil, &types.ServiceNotFoundException{Message: aws.String("Service not found.")}
	}
	var briefs []types.ServiceDeploymentBrief
	for _, r := range s.Records {
		if len(in.Status) > 0 && !slices.Contains(in.Status, r.Status) {
			continue
		}
		if in.CreatedAt != nil && (in.CreatedAt.After != nil && r.Created.Before(*in.CreatedAt.After) ||
			in.CreatedAt.Before != nil && r.Created.After(*in.CreatedAt.Before)) {
			continue
		}
		briefs = append(briefs, types.ServiceDeploymentBrief{
			ClusterArn: aws.String(s.Cluster), ServiceArn: aws.String(s.ARN), ServiceDeploymentArn: aws.String(r.ARN),
			CreatedAt: aws.Time(r.Created), StartedAt: aws.Time(r.Created), FinishedAt: shownTime(r.Finished),
			Status: r.Status, StatusReason: world.Optional(r.Reason), TargetServiceRevisionArn: aws.String(r.Target.ARN),
		})
	}
	page, next, err := listPage(briefs, in.NextToken, in.MaxResults, 100)
	return &ecs.ListServiceDeploymentsOutput{ServiceDeployments: page, NextToken: next}, err
}

// findRecord is the service deployment with an ARN and its service.
func (s *state) findRecord(arn string) (*service, *deploymentRecord) {
	for _, s := range s.Services.All() {
		if r := s.record(arn); r != nil {
			return s, r
		}
	}
	return nil, nil
}

func (p *deployments) describeServiceDeployments(_ *world.Request, in *ecs.DescribeServiceDeploymentsInput) (*ecs.DescribeServiceDeploymentsOutput, error) {
	if len(in.ServiceDeploymentArns) == 0 || len(in.ServiceDeploymentArns) > 20 {
		return nil, badInput("serviceDeploymentArns must have between 1 and 20 members.")
	}
	out := &ecs.DescribeServiceDeploymentsOutput{ServiceDeployments: []types.ServiceDeployment{}, Failures: []types.Failure{}}
	for _, arn := range in.ServiceDeploymentArns {
		s, r := p.s.findRecord(arn)
		if r == nil {
			out.Failures = append(out.Failures, missingItem(arn))
			continue
		}
		out.ServiceDeployments = append(out.ServiceDeployments, p.shownRecord(s, r))
	}
	return out, nil
}

func (p *deployments) shownRecord(s *service, r *deploymentRecord) types.ServiceDeployment {
	target := types.ServiceRevisionSummary{Arn: aws.String(r.Target.ARN), RequestedTaskCount: s.Desired}
	for _, t := range p.s.tasksOf(s, nil, unstopped) {
		if d := s.deploymentOf(t); d != nil && d.Revision.ARN == r.Target.ARN {
			if t.Last == running {
				target.RunningTaskCount++
			} else if alive(t) {
				target.PendingTaskCount++
			}
		}
	}
	out := types.ServiceDeployment{
		ClusterArn: aws.String(s.Cluster), ServiceArn: aws.String(s.ARN), ServiceDeploymentArn: aws.String(r.ARN),
		CreatedAt: aws.Time(r.Created), StartedAt: aws.Time(r.Created), UpdatedAt: aws.Time(r.Updated),
		FinishedAt: shownTime(r.Finished), Status: r.Status, StatusReason: world.Optional(r.Reason),
		DeploymentConfiguration: world.Clone(&r.Config), TargetServiceRevision: &target,
		DeploymentCircuitBreaker: &types.ServiceDeploymentCircuitBreaker{
			FailureCount: r.Failed, Threshold: strategy.Threshold(s.Deployment, s.Desired), Status: r.Breaker,
		},
	}
	showShift(&out, &target, r)
	if r.Source != "" {
		out.SourceServiceRevisions = []types.ServiceRevisionSummary{p.shownSource(s, r)}
	}
	if r.RollbackTo != "" {
		out.Rollback = &types.Rollback{
			Reason: world.Optional(r.Reason), ServiceRevisionArn: aws.String(r.RollbackTo), StartedAt: shownTime(r.RolledBack),
		}
	}
	return out
}

func (p *deployments) describeServiceRevisions(_ *world.Request, in *ecs.DescribeServiceRevisionsInput) (*ecs.DescribeServiceRevisionsOutput, error) {
	if len(in.ServiceRevisionArns) == 0 || len(in.ServiceRevisionArns) > 20 {
		return nil, badInput("serviceRevisionArns must have between 1 and 20 members.")
	}
	out := &ecs.DescribeServiceRevisionsOutput{ServiceRevisions: []types.ServiceRevision{}, Failures: []types.Failure{}}
	for _, arn := range in.ServiceRevisionArns {
		s, r := p.s.findRevision(arn)
		if r == nil {
			out.Failures = append(out.Failures, missingItem(arn))
			continue
		}
		out.ServiceRevisions = append(out.ServiceRevisions, p.shownRevision(s, r))
	}
	return out, nil
}

func (s *state) findRevision(arn string) (*service, *deploymentRecord) {
	for _, s := range s.Services.All() {
		for _, r := range s.Records {
			if r.Target.ARN == arn {
				return s, r
			}
		}
	}
	return nil, nil
}

func (p *deployments) shownRevision(s *service, rec *deploymentRecord) types.ServiceRevision {
	r := rec.Target
	out := types.ServiceRevision{
		ServiceRevisionArn: aws.String(r.ARN), ServiceArn: aws.String(s.ARN), ClusterArn: aws.String(s.Cluster),
		TaskDefinition: aws.String(r.TaskDefinition), CreatedAt: aws.Time(rec.Created), LaunchType: r.LaunchType,
		CapacityProviderStrategy: r.Strategy, PlatformVersion: aws.String(platform), PlatformFamily: aws.String("Linux"),
		NetworkConfiguration: r.Network, LoadBalancers: r.LoadBalancers, ServiceRegistries: r.Registries,
		ServiceConnectConfiguration: r.Connect, Monitoring: s.Monitoring,
	}
	images := slices.Sorted(maps.Keys(r.Digests))
	d := p.s.Definitions.Get(r.TaskDefinition)
	if d == nil {
		return out
	}
	for _, c := range d.Shown.ContainerDefinitions {
		if slices.Contains(images, *c.Image) {
			out.ContainerImages = append(out.ContainerImages, types.ContainerImage{
				ContainerName: c.Name, Image: c.Image, ImageDigest: aws.String(r.Digests[*c.Image]),
			})
		}
	}
	return out
}

func (p *deployments) stopServiceDeployment(rq *world.Request, in *ecs.StopServiceDeploymentInput) (*ecs.StopServiceDeploymentOutput, error) {
	arn := aws.ToString(in.ServiceDeploymentArn)
	s, r := p.s.findRecord(arn)
	if r == nil {
		return nil, &types.ServiceDeploymentNotFoundException{Message: aws.String("Service deployment not found.")}
	}
	if over(r.Status) {
		return nil, &types.ConflictException{Message: aws.String(fmt.Sprintf("The service deployment is %s.", r.Status))}
	}
	if s.Good == nil {
		return nil, badInput("There is no earlier service revision to roll back to.")
	}
	if r.Status == types.ServiceDeploymentStatusInProgress {
		p.rollback(rq.Now, s, r, "Service deployment rolled back by request.")
	}
	return &ecs.StopServiceDeploymentOutput{ServiceDeploymentArn: aws.String(arn)}, nil
}
