package compute

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// showShift adds what a deployment that moves traffic shows: its stage and the target
// revision's shares.
func showShift(out *types.ServiceDeployment, target *types.ServiceRevisionSummary, r *deploymentRecord) {
	if a := r.Config.Alarms; a != nil {
		out.Alarms = &types.ServiceDeploymentAlarms{AlarmNames: a.AlarmNames, Status: r.Alarms, TriggeredAlarmNames: r.Triggered}
	}
	if r.Stage == "" {
		return
	}
	out.LifecycleStage = r.Stage
	for _, h := range r.Hooks {
		out.LifecycleHookDetails = append(out.LifecycleHookDetails, types.DeploymentLifecycleHookDetail{
			HookId: aws.String(h.ID), TargetType: types.DeploymentLifecycleHookTargetTypePause, Status: h.Status,
			ExpiresAt: aws.Time(h.Expires), TimeoutAction: h.Action,
		})
	}
	target.RequestedProductionTrafficWeight, target.RequestedTestTrafficWeight = aws.Float64(r.Weight), aws.Float64(r.TestWeight)
}

// shownSource is the revision that a deployment replaces, with its tasks and share.
func (p *deployments) shownSource(s *service, r *deploymentRecord) types.ServiceRevisionSummary {
	out := types.ServiceRevisionSummary{Arn: aws.String(r.Source)}
	for _, t := range p.s.tasksOf(s, nil, unstopped) {
		if d := s.deploymentOf(t); d != nil && d.Revision.ARN == r.Source && t.Last == running {
			out.RunningTaskCount++
		}
	}
	if r.Stage != "" {
		out.RequestedProductionTrafficWeight, out.RequestedTestTrafficWeight = aws.Float64(100-r.Weight), aws.Float64(100-r.TestWeight)
	}
	return out
}
