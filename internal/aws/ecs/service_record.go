package ecs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// outputRecord is the output of a service with the ARN of the service deployment, the record
// of the deployment that berth waits for.
const outputRecord = "service_deployment"

// recordsPerCall is how many records one call describes:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
const recordsPerCall = 20

// Records describes service deployments. An endpoint may not have the call and answer 500:
// it is made once.
func Records(ctx context.Context, api *ecs.Client, arns []string) (map[string]types.ServiceDeployment, error) {
	found, err := concurrent.Gather(arns, recordsPerCall, func(batch []string) ([]types.ServiceDeployment, error) {
		out, err := api.DescribeServiceDeployments(ctx, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: batch}, Once)
		if err != nil {
			return nil, fmt.Errorf("reading service deployments: %w", err)
		}
		return out.ServiceDeployments, nil
	})
	out := map[string]types.ServiceDeployment{}
	for _, r := range found {
		out[aws.ToString(r.ServiceDeploymentArn)] = r
	}
	return out, err
}

// NoRecords is the notice that an endpoint does not have DescribeServiceDeployments.
const NoRecords = "the endpoint describes no service deployments, so DescribeServices decides"

// Moves says that a service's deployments move traffic: only their record says how far
// they are.
func Moves(s types.Service) bool {
	return s.DeploymentConfiguration != nil && rolloutShown(s.DeploymentConfiguration) != nil
}

// judge sets the states of services whose deployments move traffic by the deployments' own
// records. Where an endpoint has none, DescribeServices decides, and the detail says so.
func (t Services) judge(ctx context.Context, waited, now []engine.Object, found []types.Service) error {
	var arns []string
	for i, s := range found {
		if arn := waited[i].Outputs[outputRecord]; arn != "" && Moves(s) {
			arns = append(arns, arn)
		}
	}
	if len(arns) == 0 {
		return nil
	}
	records, err := Records(ctx, t.API, arns)
	if engine.ClassOf(err) == engine.Denied {
		return err
	}
	for i, s := range found {
		arn := waited[i].Outputs[outputRecord]
		r, ok := records[arn]
		switch {
		case arn == "" || !Moves(s) || now[i].State == engine.StateDeleting:
		case err != nil:
			now[i].Detail = join(now[i].Detail, NoRecords)
		case ok:
			now[i].Outputs[outputRecord] = arn
			judged(&now[i], s, r)
		}
	}
	return nil
}

// judged sets the state of a service by the record of its deployment.
func judged(now *engine.Object, s types.Service, r types.ServiceDeployment) {
	switch r.Status {
	case types.ServiceDeploymentStatusSuccessful:
		if now.State == engine.StatePending && s.RunningCount >= s.DesiredCount {
			now.State, now.Detail = engine.StateReady, ""
		}
	case types.ServiceDeploymentStatusPending, types.ServiceDeploymentStatusInProgress:
		now.State, now.Detail = engine.StatePending, StageOf(r, now.Address.Name)
	default:
		now.State, now.Detail = engine.StateFailed, ReasonOf(r)+insteadOf(primary(s))
	}
}

// StageOf says in one line what a deployment of a service that moves traffic does now.
func StageOf(r types.ServiceDeployment, service string) string {
	if Awaiting(r) != "" {
		return fmt.Sprintf("waits for `berth approve %s` or `berth reject %s`; %s", service, service, stageOf(r))
	}
	return stageOf(r)
}

func stageOf(r types.ServiceDeployment) string {
	target := r.TargetServiceRevision
	if target == nil {
		target = &types.ServiceRevisionSummary{}
	}
	share := strings.TrimSuffix(fmt.Sprintf("%.1f", aws.ToFloat64(target.RequestedProductionTrafficWeight)), ".0") + "% of the traffic goes to the new tasks"
	switch r.LifecycleStage {
	case types.ServiceDeploymentLifecycleStageReconcileService:
		return "the deployment begins"
	case types.ServiceDeploymentLifecycleStageTestTrafficShift, types.ServiceDeploymentLifecycleStagePostTestTrafficShift:
		return "the new tasks get the test traffic"
	case types.ServiceDeploymentLifecycleStageProductionTrafficShift, types.ServiceDeploymentLifecycleStagePostProductionTrafficShift:
		return share
	case types.ServiceDeploymentLifecycleStageBakeTime:
		return share + ", the earlier ones stay for the bake time"
	case types.ServiceDeploymentLifecycleStageCleanUp:
		return share + ", earlier tasks are stopping"
	}
	return fmt.Sprintf("%d of %d new tasks run, without traffic", target.RunningTaskCount, target.RequestedTaskCount)
}

// ReasonOf says why a service deployment was given up.
func ReasonOf(r types.ServiceDeployment) string {
	if a := r.Alarms; a != nil && len(a.TriggeredAlarmNames) > 0 {
		return "the alarm " + strings.Join(a.TriggeredAlarmNames, ", ") + " went off."
	}
	reason := aws.ToString(r.StatusReason)
	if reason == "" && r.Rollback != nil {
		reason = aws.ToString(r.Rollback.Reason)
	}
	if reason == "" {
		reason = "The service deployment is " + string(r.Status) + "."
	}
	return reason
}

// staged are services as objects. Of deployments that move traffic, the detail says the
// stage, if their records can be read: DescribeServices knows of tasks only.
func (t Services) staged(ctx context.Context, found []types.Service) []engine.Object {
	objects := make([]engine.Object, len(found))
	var arns []string
	for i, s := range found {
		objects[i] = serviceObject(s)
		if arn := objects[i].Outputs[outputRecord]; arn != "" && objects[i].State == engine.StatePending {
			arns = append(arns, arn)
		}
	}
	if len(arns) == 0 {
		return objects
	}
	records, err := Records(ctx, t.API, arns)
	if err != nil {
		return objects // the words of DescribeServices stay
	}
	for i := range objects {
		if r, ok := records[objects[i].Outputs[outputRecord]]; ok && underWay(r) && objects[i].State == engine.StatePending {
			objects[i].Detail = StageOf(r, objects[i].Address.Name)
		}
	}
	return objects
}

// underWay says that a deployment has not ended.
func underWay(r types.ServiceDeployment) bool {
	return r.Status == types.ServiceDeploymentStatusInProgress || r.Status == types.ServiceDeploymentStatusPending
}
