package compute

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// paused reports whether a deployment waits at its present stage. When the time is over, the
// hook's action follows.
func (p *scheduler) paused(at time.Time, s *service, r *deploymentRecord, green *deployment) bool {
	i := slices.IndexFunc(r.Config.LifecycleHooks, func(h types.DeploymentLifecycleHook) bool {
		return slices.Contains(h.LifecycleStages, types.DeploymentLifecycleHookStage(r.Stage))
	})
	if i < 0 {
		return false
	}
	n := slices.IndexFunc(r.Hooks, func(h pause) bool { return h.Stage == r.Stage && h.Weight == r.Weight })
	if n < 0 {
		t := cmp.Or(r.Config.LifecycleHooks[i].TimeoutConfiguration, &types.DeploymentLifecycleHookTimeoutConfiguration{})
		r.Hooks = append(r.Hooks, pause{
			ID: "ecs-pause-" + p.account.NewHex("hook", 43), Stage: r.Stage, Weight: r.Weight, Status: types.DeploymentLifecycleHookStatusAwaitingAction,
			Expires: at.Add(minutes(cmp.Or(t.TimeoutInMinutes, aws.Int32(1440)))), Action: cmp.Or(t.Action, types.DeploymentLifecycleHookActionRollback),
		})
		n = len(r.Hooks) - 1
		r.Updated = at
	}
	h := &r.Hooks[n]
	switch {
	case h.Status != types.DeploymentLifecycleHookStatusAwaitingAction:
		return false
	case at.Before(h.Expires):
		p.again(at, h.Expires, s, r)
		return true
	}
	h.Status = types.DeploymentLifecycleHookStatusTimedOut
	if h.Action == types.DeploymentLifecycleHookActionContinue {
		return false
	}
	p.deployments.giveUp(at, s, green, true, "lifecycle hook timed out", "Service deployment rolled back because a lifecycle hook timed out.")
	return true
}

// continueServiceDeployment answers for a deployment that waits. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html
func (p *deployments) continueServiceDeployment(rq *world.Request, in *ecs.ContinueServiceDeploymentInput) (*ecs.ContinueServiceDeploymentOutput, error) {
	s, r := p.s.findRecord(aws.ToString(in.ServiceDeploymentArn))
	if r == nil {
		return nil, &types.ServiceDeploymentNotFoundException{Message: aws.String("Service deployment not found.")}
	}
	i := slices.IndexFunc(r.Hooks, func(h pause) bool {
		return h.ID == aws.ToString(in.HookId) && h.Status == types.DeploymentLifecycleHookStatusAwaitingAction
	})
	if i < 0 || r.Status != types.ServiceDeploymentStatusInProgress {
		return nil, badInput("The lifecycle hook is not awaiting an action.")
	}
	r.Updated = rq.Now
	if in.Action == types.DeploymentLifecycleHookActionRollback {
		r.Hooks[i].Status = types.DeploymentLifecycleHookStatusFailed
		p.giveUp(rq.Now, s, s.Deployments[0], true, "rolled back at a lifecycle hook", "Service deployment rolled back by request at a lifecycle hook.")
	} else {
		r.Hooks[i].Status = types.DeploymentLifecycleHookStatusSucceeded
		p.account.Schedule(rq.Now, "ecs.service.look", s.ARN)
	}
	return &ecs.ContinueServiceDeploymentOutput{ServiceDeploymentArn: in.ServiceDeploymentArn}, nil
}
