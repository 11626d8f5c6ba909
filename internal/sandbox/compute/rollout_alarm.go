package compute

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// watch begins to watch the alarms of a deployment. ECS watches none if one of them is on
// already. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
func (p *deployments) watch(at time.Time, r *deploymentRecord) {
	r.Alarms = types.ServiceDeploymentRollbackMonitorsStatusDisabled
	a := r.Config.Alarms
	if a != nil && a.Enable && len(p.needs.Alarms.InAlarm(at, a.AlarmNames)) == 0 {
		r.Alarms = types.ServiceDeploymentRollbackMonitorsStatusMonitoring
	}
}

// alarmed ends a deployment one of whose alarms has gone off, and looks again in a while
// otherwise.
func (p *scheduler) alarmed(at time.Time, s *service, r *deploymentRecord, green *deployment) bool {
	if r.Alarms != types.ServiceDeploymentRollbackMonitorsStatusMonitoring || r.Stage == types.ServiceDeploymentLifecycleStageCleanUp {
		return false
	}
	if r.Triggered = p.deployments.needs.Alarms.InAlarm(at, r.Config.Alarms.AlarmNames); len(r.Triggered) == 0 {
		p.again(at, at.Truncate(time.Minute).Add(time.Minute), s, r)
		return false
	}
	r.Alarms = types.ServiceDeploymentRollbackMonitorsStatusTriggered
	p.deployments.giveUp(at, s, green, r.Config.Alarms.Rollback, "alarm detected", "Service deployment rolled back because of alarms: "+strings.Join(r.Triggered, ", ")+".")
	return true
}
