package ecs

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// The outputs of a service with the deployment that berth waits for: its id,
// and when it began (RFC 3339).
const (
	outputDeployment = "deployment"
	outputBegan      = "deployment_began"
)

// primary returns the deployment that the service moves to; nil if there is
// none.
func primary(s types.Service) *types.Deployment {
	for i := range s.Deployments {
		if aws.ToString(s.Deployments[i].Status) == "PRIMARY" {
			return &s.Deployments[i]
		}
	}
	return nil
}

func began(d types.Deployment) string {
	if d.CreatedAt == nil {
		return ""
	}
	return d.CreatedAt.UTC().Format(time.RFC3339Nano)
}

// serviceState returns the state of a service by its primary deployment. Only a
// COMPLETED deployment is a success; a deployment without a rollout state is
// complete when it is the only one and all of its tasks run.
func serviceState(s types.Service) (engine.State, string) {
	if aws.ToString(s.Status) == "DRAINING" {
		return engine.StateDeleting, fmt.Sprintf("draining: %d tasks still run", s.RunningCount)
	}
	d := primary(s)
	if d == nil {
		return engine.StateFailed, "it has no deployment"
	}
	switch d.RolloutState {
	case types.DeploymentRolloutStateCompleted:
		return engine.StateReady, ""
	case types.DeploymentRolloutStateFailed:
		return engine.StateFailed, reasonOf(s, *d)
	case types.DeploymentRolloutStateInProgress:
		return engine.StatePending, progressOf(s, *d)
	}
	if len(s.Deployments) == 1 && d.RunningCount == d.DesiredCount {
		return engine.StateReady, ""
	}
	return engine.StatePending, progressOf(s, *d)
}

// lookedAt returns the state of a service while berth waits for a deployment.
// An answer without that deployment lags behind; an answer in which a younger
// deployment has replaced it says that it failed.
func lookedAt(s types.Service, waited engine.Object) engine.Object {
	object := serviceObject(s)
	id := waited.Outputs[outputDeployment]
	if object.State == engine.StateDeleting || id == "" || object.Outputs[outputDeployment] == id {
		if object.State == engine.StateReady && s.RunningCount < s.DesiredCount {
			object.State, object.Detail = engine.StatePending, counts(s)
		}
		return object
	}
	object.Outputs[outputDeployment], object.Outputs[outputBegan] = id, waited.Outputs[outputBegan]
	now := primary(s)
	over := now != nil && younger(*now, waited.Outputs[outputBegan])
	existing := types.Deployment{Id: &id}
	for _, d := range s.Deployments {
		if aws.ToString(d.Id) == id {
			existing, over = d, true
		}
	}
	if over {
		object.State, object.Detail = engine.StateFailed, reasonOf(s, existing)+insteadOf(now)
		return object
	}
	object.State, object.Detail = engine.StatePending, "the deployment begins"
	return object
}

// younger says whether a deployment was made, or came back in a rollback, after
// the time at which another one began.
func younger(d types.Deployment, than string) bool {
	at, err := time.Parse(time.RFC3339Nano, than)
	return err == nil && (aws.ToTime(d.CreatedAt).After(at) || aws.ToTime(d.UpdatedAt).After(at))
}

// reasonOf says why a deployment was given up: ECS's own reason or, without
// one, the service's latest event that names the deployment.
func reasonOf(s types.Service, d types.Deployment) string {
	if d.RolloutState == types.DeploymentRolloutStateFailed && aws.ToString(d.RolloutStateReason) != "" {
		return aws.ToString(d.RolloutStateReason)
	}
	id := aws.ToString(d.Id)
	for _, e := range s.Events {
		// "(service web) (deployment ecs-svc/1) deployment failed: tasks failed to
		// start."
		_, text, ok := strings.Cut(aws.ToString(e.Message), "(deployment "+id+") ")
		if ok && strings.Contains(text, "fail") {
			return text
		}
	}
	return fmt.Sprintf("deployment %s did not complete.", LastPart(id))
}

// insteadOf says which revision ECS went back to after a deployment was given
// up.
func insteadOf(now *types.Deployment) string {
	if now == nil {
		return ""
	}
	return fmt.Sprintf(" ECS went back to %s.", LastPart(aws.ToString(now.TaskDefinition)))
}

// RolledBack says why ECS went back to the service's present deployment; empty if
// it did not. ECS only tells in the service's events:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func RolledBack(s types.Service) string {
	d := primary(s)
	if d == nil {
		return ""
	}
	back, why := false, "the deployment failed"
	for _, e := range s.Events { // the latest first
		message := aws.ToString(e.Message)
		_, failure, failed := strings.Cut(message, "deployment failed: ")
		switch {
		case strings.Contains(message, "rolling back to deployment "+aws.ToString(d.Id)):
			back = true
		case failed && back:
			return strings.TrimSuffix(failure, ".")
		case failed:
			why = strings.TrimSuffix(failure, ".")
		}
	}
	if !back {
		return ""
	}
	return why
}

// progressOf says how far a deployment is, in one line.
func progressOf(s types.Service, d types.Deployment) string {
	text := fmt.Sprintf("%d of %d tasks run", d.RunningCount, d.DesiredCount)
	if d.FailedTasks > 0 {
		text += fmt.Sprintf(", %d failed", d.FailedTasks)
	}
	if old := len(s.Deployments) - 1; old > 0 && d.RunningCount >= d.DesiredCount {
		text += ", earlier tasks are stopping"
	}
	return text
}

func counts(s types.Service) string {
	return fmt.Sprintf("%d of %d tasks run", s.RunningCount, s.DesiredCount)
}
