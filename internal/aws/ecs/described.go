package ecs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/concurrent"
)

// Describe reads the services of these names or ARNs that a cluster has, draining ones
// included, as many a call as AWS takes. A deleted service is INACTIVE, and can be
// described for a while: it is left out.
func Describe(ctx context.Context, api *ecs.Client, cluster string, names []string, include ...types.ServiceField) ([]types.Service, error) {
	return concurrent.Gather(names, perDescription, func(batch []string) ([]types.Service, error) {
		out, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: batch, Include: include})
		if err != nil {
			return nil, fmt.Errorf("reading services: %w", err)
		}
		return slices.DeleteFunc(out.Services, func(s types.Service) bool { return aws.ToString(s.Status) == "INACTIVE" }), nil
	})
}

// Deployments lists the deployments of a service, which ECS keeps for 90 days. The call
// is made once: some endpoints do not have it and answer 500.
func Deployments(ctx context.Context, api *ecs.Client, s types.Service) ([]types.ServiceDeploymentBrief, error) {
	out, err := api.ListServiceDeployments(ctx, &ecs.ListServiceDeploymentsInput{Cluster: s.ClusterArn, Service: s.ServiceArn}, Once)
	if err != nil {
		return nil, fmt.Errorf("listing the deployments of service %s: %w", aws.ToString(s.ServiceName), err)
	}
	return out.ServiceDeployments, nil
}

// LastDeployment is the one of these that began last; ok is false without any.
func LastDeployment(list []types.ServiceDeploymentBrief) (last types.ServiceDeploymentBrief, ok bool) {
	if len(list) == 0 {
		return last, false
	}
	return slices.MaxFunc(list, func(a, b types.ServiceDeploymentBrief) int {
		return aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt))
	}), true
}

// Once makes a call that is not repeated.
func Once(o *ecs.Options) { o.RetryMaxAttempts = 1 }
