package status

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// Deployment is the last deployment of a service, while it is under way and when
// it did not end well.
type Deployment struct {
	// Status is in_progress, failed, stopped, rolling_back, rolled_back or
	// rollback_failed.
	Status string `json:"status"`
	// Reason is why it did not end well: the reason of the task that stopped last,
	// as long as ECS knows it, or else ECS's word.
	Reason string `json:"reason,omitempty"`
	// Stage is what a deployment that moves traffic does now.
	Stage string    `json:"stage,omitempty"`
	Began time.Time `json:"began,omitzero"`
	Ended time.Time `json:"ended,omitzero"`
}

// The words for a deployment that DescribeServices does not tell apart.
const (
	InProgress     = "in_progress"
	Failed         = "failed"
	Stopped        = "stopped"
	RollingBack    = "rolling_back"
	RolledBack     = "rolled_back"
	RollbackFailed = "rollback_failed"
)

// RolledBack reports whether an earlier revision runs, or comes back, instead of
// the one that was deployed last.
func (s Service) RolledBack() bool {
	return s.Deployment != nil && slices.Contains([]string{RollingBack, RolledBack, RollbackFailed}, s.Deployment.Status)
}

// statusOf is the word for ECS's status; empty for a deployment that succeeded.
func statusOf(s types.ServiceDeploymentStatus) string {
	switch s {
	case types.ServiceDeploymentStatusPending, types.ServiceDeploymentStatusInProgress:
		return InProgress
	case types.ServiceDeploymentStatusRollbackRequested, types.ServiceDeploymentStatusRollbackInProgress:
		return RollingBack
	case types.ServiceDeploymentStatusRollbackSuccessful:
		return RolledBack
	case types.ServiceDeploymentStatusRollbackFailed:
		return RollbackFailed
	case types.ServiceDeploymentStatusStopRequested, types.ServiceDeploymentStatusStopped:
		return Stopped
	}
	return ""
}

// unusual reports whether there may be more to say about a service than that its
// deployment is complete. Only then is it worth a call of its own: what
// DescribeServices shows after a rollback looks like a success.
func unusual(s types.Service, released string) bool {
	if len(s.Deployments) != 1 || released != "" && released != aws.ToString(s.TaskDefinition) {
		return true
	}
	d := s.Deployments[0]
	if d.RolloutState == types.DeploymentRolloutStateFailed || d.RolloutState == types.DeploymentRolloutStateInProgress ||
		strings.Contains(aws.ToString(d.RolloutStateReason), "circuit breaker") {
		return true
	}
	return resource.RolledBack(s) != ""
}

// lastDeployment is the last deployment of the service with this name in the file; nil if it succeeded. ECS
// keeps deployments for 90 days. Without the permission to list them, what
// DescribeServices shows has to do.
func lastDeployment(ctx context.Context, api *ecs.Client, s types.Service, name, released string) *Deployment {
	if aws.ToString(s.Status) == "DRAINING" || !unusual(s, released) {
		return nil
	}
	list, err := resource.Deployments(ctx, api, s)
	last, ok := resource.LastDeployment(list)
	if err != nil || !ok {
		return shownDeployment(s)
	}
	d := &Deployment{
		Status: statusOf(last.Status), Reason: aws.ToString(last.StatusReason),
		Began: aws.ToTime(last.CreatedAt), Ended: aws.ToTime(last.FinishedAt),
	}
	if shown := shownDeployment(s); d.Status == Stopped && shown != nil && shown.Status == Failed {
		d.Status = Failed // the circuit breaker stopped it, and there is nothing to go back to
	}
	if d.Status == InProgress && resource.Moves(s) {
		records, err := resource.Records(ctx, api, []string{aws.ToString(last.ServiceDeploymentArn)})
		if r, ok := records[aws.ToString(last.ServiceDeploymentArn)]; err == nil && ok {
			d.Stage = resource.StageOf(r, name)
		}
	}
	over := d.Status != InProgress && d.Status != RollingBack
	if d.Status == "" || over && precedes(ctx, api, *d, s, released) {
		return nil
	}
	return d
}

// precedes reports whether a deployment is older than the revision that was released
// last, and so says nothing about why that one does not run: a job that has to end
// first may have failed.
func precedes(ctx context.Context, api *ecs.Client, d Deployment, s types.Service, released string) bool {
	if released == "" || released == aws.ToString(s.TaskDefinition) {
		return false
	}
	out, err := api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &released})
	return err == nil && d.Began.Before(aws.ToTime(out.TaskDefinition.RegisteredAt))
}

// shownDeployment is the last deployment as DescribeServices shows it; nil if it
// succeeded.
func shownDeployment(s types.Service) *Deployment {
	for _, d := range s.Deployments {
		if aws.ToString(d.Status) != "PRIMARY" {
			continue
		}
		out := &Deployment{Began: aws.ToTime(d.CreatedAt)}
		back := strings.Contains(aws.ToString(d.RolloutStateReason), "circuit breaker")
		switch {
		case d.RolloutState == types.DeploymentRolloutStateFailed:
			out.Status, out.Reason = Failed, aws.ToString(d.RolloutStateReason)
		case d.RolloutState == types.DeploymentRolloutStateInProgress && back:
			out.Status, out.Reason = RollingBack, aws.ToString(d.RolloutStateReason)
		case d.RolloutState == types.DeploymentRolloutStateInProgress:
			out.Status = InProgress
		case back:
			out.Status, out.Reason = RolledBack, aws.ToString(d.RolloutStateReason)
		default:
			return nil
		}
		return out
	}
	return nil
}

// stopReason is why the last task of a deployment stopped; empty if none has, or
// if ECS has forgotten it, which it does an hour later. After a rollback these are
// the tasks of any revision but the present one.
func stopReason(ctx context.Context, api *ecs.Client, s types.Service, d Deployment) string {
	list, err := listed(ctx, api, &ecs.ListTasksInput{
		Cluster: s.ClusterArn, ServiceName: s.ServiceName, DesiredStatus: types.DesiredStatusStopped,
	})
	if err != nil {
		return ""
	}
	back := d.Status == RollingBack || d.Status == RolledBack || d.Status == RollbackFailed
	list = slices.DeleteFunc(list, func(t Task) bool {
		ours := (t.TaskDefinition == aws.ToString(s.TaskDefinition)) != back
		// A task that the scheduler stopped, as all of the old revision's, says
		// nothing about why.
		scheduled := strings.HasPrefix(t.StoppedReason, "Scaling activity initiated by")
		return !ours || scheduled || t.Stopped.Before(d.Began)
	})
	if len(list) == 0 {
		return ""
	}
	last := slices.MaxFunc(list, func(a, b Task) int { return a.Stopped.Compare(b.Stopped) })
	return causeOf(last)
}
