package ecs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Awaiting is the id of the hook at which a deployment waits for an approval; empty if it
// does not wait:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
func Awaiting(r types.ServiceDeployment) string {
	for _, h := range r.LifecycleHookDetails {
		if h.Status == types.DeploymentLifecycleHookStatusAwaitingAction {
			return aws.ToString(h.HookId)
		}
	}
	return ""
}

// CurrentRecord is the record of a service's deployment that is under way; ok is false
// without one.
func CurrentRecord(ctx context.Context, api *ecs.Client, s types.Service) (r types.ServiceDeployment, ok bool, err error) {
	arn := aws.ToString(s.CurrentServiceDeployment)
	if arn == "" {
		return r, false, nil
	}
	records, err := Records(ctx, api, []string{arn})
	r, ok = records[arn]
	return r, ok && underWay(r), err
}

// Approve lets a deployment go on that waits at a hook.
func Approve(ctx context.Context, api *ecs.Client, r types.ServiceDeployment, hook string) error {
	_, err := api.ContinueServiceDeployment(ctx, &ecs.ContinueServiceDeploymentInput{
		ServiceDeploymentArn: r.ServiceDeploymentArn, HookId: &hook, Action: types.DeploymentLifecycleHookActionContinue,
	})
	if err != nil {
		return fmt.Errorf("approving the deployment: %w", err)
	}
	return nil
}

// Reject sends a deployment back to the old tasks, whether or not it waits at a hook.
func Reject(ctx context.Context, api *ecs.Client, r types.ServiceDeployment, hook string) error {
	var err error
	if hook != "" {
		_, err = api.ContinueServiceDeployment(ctx, &ecs.ContinueServiceDeploymentInput{
			ServiceDeploymentArn: r.ServiceDeploymentArn, HookId: &hook, Action: types.DeploymentLifecycleHookActionRollback,
		})
	} else {
		_, err = api.StopServiceDeployment(ctx, &ecs.StopServiceDeploymentInput{
			ServiceDeploymentArn: r.ServiceDeploymentArn, StopType: types.StopServiceDeploymentStopTypeRollback,
		})
	}
	if err != nil {
		return fmt.Errorf("rejecting the deployment: %w", err)
	}
	return nil
}
