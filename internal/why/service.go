package why

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

func notThere(f *Facts) (cause, bool) {
	if f.Subject.Task != "" {
		return cause{
			text: "ECS does not know the task any more: it forgets tasks an hour after their end",
			next: "`berth logs " + f.Name + "` shows what is kept of it",
		}, f.Task == nil && len(f.Running) == 0
	}
	return cause{
		text: "it is not deployed", next: "`berth up` deploys it",
	}, f.Subject.Service != "" && f.Service == nil
}

func draining(f *Facts) (cause, bool) {
	return cause{
		text: "it is being deleted", next: "`berth up` deploys it again once it is gone",
	}, f.Service != nil && aws.ToString(f.Service.Status) == "DRAINING"
}

func noneWanted(f *Facts) (cause, bool) {
	if f.Service == nil || f.Service.DesiredCount != 0 {
		return cause{}, false
	}
	switch byHand := resource.ByHandOf(*f.Service); {
	case byHand.Paused:
		return cause{text: "no task runs because the service is paused", now: true, next: "`berth resume " + f.Name + "` starts its tasks"}, true
	case byHand.File > 0:
		return cause{
			text: "no task runs because the service's count was set to 0 by `berth scale`", now: true,
			next: fmt.Sprintf("`berth scale %s=%d` sets it to what the file says", f.Name, byHand.File),
		}, true
	}
	return cause{
		text: "no task runs because the service's count is 0", now: true,
		next: "set deploy.replicas above 0 and run `berth up`; with x-berth.sleep or x-berth.autoscaling.schedule, wait for their next time",
	}, true
}

// noRoom: a deployment needs room to start a task or to stop one; AWS rounds the maximum
// down and the minimum up.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func noRoom(f *Facts) (cause, bool) {
	if f.Service == nil || f.Service.DeploymentConfiguration == nil {
		return cause{}, false
	}
	d := f.Service.DeploymentConfiguration
	least, most := aws.ToInt32(d.MinimumHealthyPercent), aws.ToInt32(d.MaximumPercent)
	return cause{
		text: fmt.Sprintf("the deployment has no room for a task more or less: of %d, minimum %d and maximum %d percent", f.Service.DesiredCount, least, most), now: true,
		shown: []string{f.event(noRoomText)}, next: "`berth plan` shows what was changed, `berth up` mends it",
	}, f.event(noRoomText) != "" && f.rolling()
}

const noRoomText = "unable to stop or start tasks during a deployment because of the service deployment configuration"

// rolling says that the last deployment has not ended.
func (f *Facts) rolling() bool {
	for _, d := range f.Service.Deployments {
		if aws.ToString(d.Status) == "PRIMARY" && d.RolloutState == types.DeploymentRolloutStateInProgress {
			return true
		}
	}
	return false
}

// The words for the ends of deployments are those of
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html

func alarmStopped(f *Facts) (cause, bool) {
	if f.Deployment == nil || f.Deployment.Alarms == nil {
		return cause{}, false
	}
	names := strings.Join(f.Deployment.Alarms.TriggeredAlarmNames, ", ")
	return cause{
		text: "an alarm stopped the deployment: " + names,
		next: "`aws cloudwatch describe-alarms --alarm-names " + strings.ReplaceAll(names, ", ", " ") + "` shows why it went off",
	}, names != ""
}

func deploymentStopped(f *Facts) (cause, bool) {
	if f.Deployment == nil || f.Deployment.Status != types.ServiceDeploymentStatusStopped && f.Deployment.Status != types.ServiceDeploymentStatusStopRequested {
		return cause{}, false
	}
	c := cause{text: "somebody stopped the deployment", next: "`berth up` deploys it again"}
	b := f.Deployment.DeploymentCircuitBreaker
	if b != nil && b.Status == types.ServiceDeploymentRollbackMonitorsStatusTriggered {
		c.text = "the deployment failed because too many of its tasks did"
		c.next = fmt.Sprintf("ECS knows its tasks for an hour only: `berth logs %s` shows what they wrote, `berth up` tries again", f.Name)
	} else if d, ok := denial(aws.ToString(f.Deployment.StatusReason)); ok {
		c.text = "the deployment was stopped: " + d.who() + " may not " + d.action
		c.next = "`berth plan --deep` shows what was changed, `berth up` mends it and deploys again"
	} else if why := aws.ToString(f.Deployment.StatusReason); why != "" {
		c.text = "the deployment was stopped: " + why
	}
	return c, f.Task == nil
}

// rolledBackOnly is what is left of a rollback once ECS has forgotten the tasks.
func rolledBackOnly(f *Facts) (cause, bool) {
	if !f.rolledBack() || f.Task != nil {
		return cause{}, false
	}
	text := "the last deployment was rolled back"
	if f.Deployment.Status == types.ServiceDeploymentStatusRollbackFailed {
		text = "the last deployment failed, and so did its rollback"
	}
	b := f.Deployment.DeploymentCircuitBreaker
	if why := f.event("deployment failed: "); why == "" && b != nil && b.Status != types.ServiceDeploymentRollbackMonitorsStatusTriggered {
		text = "somebody stopped the last deployment, and ECS went back"
	} else if why != "" {
		_, why, _ = strings.Cut(why, "deployment failed: ")
		if d, ok := denial(why); ok {
			return cause{
				text: text + ": " + d.who() + " may not " + d.action, shown: []string{"ECS says: " + why},
				next: "`berth plan --deep` shows what was changed, `berth up` mends it and tries again",
			}, true
		}
		text += ": " + strings.TrimSuffix(why, ".")
	}
	return cause{
		text: text, next: fmt.Sprintf("ECS knows its tasks for an hour only: `berth logs %s` shows what they wrote, `berth up` tries again", f.Name),
	}, true
}

// throttled: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
func throttled(f *Facts) (cause, bool) {
	return cause{
		text: "ECS waits between attempts to start tasks, because many have failed", now: true,
		next: "a new revision ends the wait: correct the cause, then `berth up`",
	}, f.Task == nil && f.event("unable to consistently start tasks") != ""
}

// unknownStop is a task that ended for a reason that no rule knows.
func unknownStop(f *Facts) (cause, bool) {
	text := strings.Trim(f.reason(), ": ")
	if text == "" {
		text = "ECS gives no reason"
	}
	return cause{text: "the task ended: " + text, next: "`berth logs " + f.Name + "` shows what it wrote"}, f.Task != nil
}

// underWay is a deployment of which nothing has failed yet.
func underWay(f *Facts) (cause, bool) {
	if f.Service == nil {
		return cause{}, false
	}
	for _, d := range f.Service.Deployments {
		if aws.ToString(d.Status) == "PRIMARY" && d.RolloutState == types.DeploymentRolloutStateInProgress && d.FailedTasks == 0 {
			return cause{
				text: fmt.Sprintf("nothing is wrong so far: a deployment is under way, %d of %d tasks run", d.RunningCount, d.DesiredCount),
				next: "`berth ps --watch` shows how it goes on",
			}, true
		}
	}
	return cause{}, false
}

func tooFew(f *Facts) (cause, bool) {
	if f.Service == nil || f.Service.RunningCount >= f.Service.DesiredCount {
		return cause{}, false
	}
	text := fmt.Sprintf("%d of %d tasks run, and ECS gives no reason", f.Service.RunningCount, f.Service.DesiredCount)
	if len(f.Service.Events) > 0 {
		text = fmt.Sprintf("%d of %d tasks run; ECS said last: %s", f.Service.RunningCount, f.Service.DesiredCount, aws.ToString(f.Service.Events[0].Message))
	}
	return cause{text: text, next: "`berth ps --watch` shows how it goes on"}, true
}
