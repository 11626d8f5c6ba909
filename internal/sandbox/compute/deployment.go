package compute

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxEvents is how many events of a service are kept, as AWS does.
const maxEvents = 100

// deployments are the deployments of services: from a new revision to its
// completion, or back.
type deployments struct {
	account *world.Account
	s       *state
	images  *Images
	needs   *Needs
}

// say adds an event to the front of a service's list.
func (p *deployments) say(at time.Time, s *service, format string, args ...any) {
	text := "(service " + s.Name + ") " + fmt.Sprintf(format, args...)
	s.Events = slices.Insert(s.Events, 0, types.ServiceEvent{
		CreatedAt: aws.Time(at), Id: aws.String(p.account.NewUUID("service-event")), Message: aws.String(text),
	})
	s.Events = s.Events[:min(len(s.Events), maxEvents)]
	p.needs.Bus.Said(at, s.ARN, s.Cluster, text)
}

// numberID is a fresh number of 19 digits, as deployments have.
func (p *deployments) numberID() string {
	sum := p.account.Hash("deployment", fmt.Sprint(p.account.Next("deployment")))
	return itoa(int64(binary.BigEndian.Uint64(sum[:8])%9_000_000_000_000_000_000) + 223_000_000_000_000_000)
}

// path is what the ARNs of a service's deployments and revisions begin with.
func (p *deployments) path(s *service, kind string) string {
	return p.account.ARN("ecs", kind+"/"+world.LastPart(s.Cluster)+"/"+s.Name+"/")
}

// deploy makes a new primary deployment of the service's configuration.
func (p *deployments) deploy(at time.Time, s *service) {
	s.Config.ARN = p.path(s, "service-revision") + p.numberID()
	s.Config.Digests = map[string]string{}
	if d := p.s.Definitions.Get(s.Config.TaskDefinition); d != nil {
		for _, c := range d.Shown.ContainerDefinitions {
			s.Config.Digests[*c.Image] = p.images.ImageDigest(*c.Image)
		}
	}
	r := &deploymentRecord{
		ARN: p.path(s, "service-deployment") + p.numberID(), Status: types.ServiceDeploymentStatusInProgress,
		Target: *world.Clone(&s.Config), Created: at, Updated: at, Config: s.Deployment,
		Breaker: types.ServiceDeploymentRollbackMonitorsStatusDisabled,
	}
	if strategy.Breaker(s.Deployment).Enable {
		r.Breaker = types.ServiceDeploymentRollbackMonitorsStatusMonitoring
	}
	p.watch(at, r)
	if len(s.Deployments) > 0 {
		old := s.Deployments[0]
		r.Source = old.Revision.ARN
		if rec := s.record(old.Record); rec != nil && !over(rec.Status) {
			rec.Status, rec.Reason, rec.Finished, rec.Updated = types.ServiceDeploymentStatusStopped,
				"Service deployment was replaced by "+r.ARN+".", at, at
		}
	}
	s.Records = slices.Insert(s.Records, 0, r)
	d := &deployment{
		ID: "ecs-svc/" + p.numberID(), Revision: *world.Clone(&s.Config), Created: at, Monitored: true, Record: r.ARN,
	}
	if shifts(s.Deployment) {
		r.Stage, d.Alternate = types.ServiceDeploymentLifecycleStageReconcileService, !s.onAlternate()
	}
	p.promote(at, s, d, "")
}

// promote makes a deployment the primary one and the others active ones.
func (p *deployments) promote(at time.Time, s *service, d *deployment, reason string) {
	for _, old := range s.Deployments {
		old.Status, old.Updated = active, at
	}
	s.Deployments = slices.DeleteFunc(s.Deployments, func(o *deployment) bool { return o == d || p.s.count(s, o, unstopped) == 0 })
	s.Deployments = slices.Insert(s.Deployments, 0, d)
	d.Status, d.Rollout, d.Updated = primary, types.DeploymentRolloutStateInProgress, at
	d.Reason = cmp.Or(reason, "ECS deployment "+d.ID+" in progress.")
	s.Steady = false
	p.needs.Bus.Said(at, s.ARN, s.Cluster, d.Reason)
}

func (s *service) record(arn string) *deploymentRecord {
	for _, r := range s.Records {
		if r.ARN == arn {
			return r
		}
	}
	return nil
}

// over reports whether a service deployment has ended.
func over(s types.ServiceDeploymentStatus) bool {
	switch s {
	case types.ServiceDeploymentStatusSuccessful, types.ServiceDeploymentStatusStopped,
		types.ServiceDeploymentStatusRollbackSuccessful, types.ServiceDeploymentStatusRollbackFailed:
		return true
	default:
		return false
	}
}

// uses reports whether a service, or a deployment of it, is of a task definition.
func (s *service) uses(definition string) bool {
	return s.Status != inactive && (s.Config.TaskDefinition == definition ||
		slices.ContainsFunc(s.Deployments, func(d *deployment) bool { return d.Revision.TaskDefinition == definition }))
}

// failed counts a failed start against a deployment: each next start is delayed
// longer, and the circuit breaker may trip.
func (p *deployments) failed(at time.Time, s *service, d *deployment) {
	d.Streak++
	d.Quiet = at.Add(strategy.Backoff(d.Streak))
	if d.Rollout != types.DeploymentRolloutStateInProgress || !d.Monitored {
		return
	}
	d.Failed++
	d.Updated = at
	if r := s.record(d.Record); r != nil {
		r.Failed, r.Updated = d.Failed, at
	}
	if strategy.Breaker(s.Deployment).Enable && d.Failed >= strategy.Threshold(s.Deployment, s.Desired) {
		p.trip(at, s, d)
	}
}

// trip lets the circuit breaker end a deployment, and rolls back to the last
// revision that worked if rollback is on and there is one.
func (p *deployments) trip(at time.Time, s *service, d *deployment) {
	d.Rollout, d.Updated = types.DeploymentRolloutStateFailed, at
	d.Reason = "ECS deployment circuit breaker: tasks failed to start."
	p.say(at, s, "(deployment %s) deployment failed: tasks failed to start.", d.ID)
	r := s.record(d.Record)
	r.Breaker, r.Updated = types.ServiceDeploymentRollbackMonitorsStatusTriggered, at
	if !strategy.Breaker(s.Deployment).Rollback || s.Good == nil || s.Good.Deployment == d.ID || s.Good.Revision.ARN == d.Revision.ARN {
		r.Status, r.Finished = types.ServiceDeploymentStatusStopped, at
		r.Reason = "Service deployment stopped because the circuit breaker was triggered."
		return
	}
	p.rollback(at, s, r, "Service deployment rolled back because the circuit breaker threshold was exceeded.")
}

// rollback makes the last good deployment the primary one again. It keeps that
// deployment's tasks that still run.
func (p *deployments) rollback(at time.Time, s *service, r *deploymentRecord, why string) {
	r.Status, r.RollbackTo, r.RolledBack, r.Updated = types.ServiceDeploymentStatusRollbackInProgress, s.Good.Revision.ARN, at, at
	r.Reason = why
	s.Config = *world.Clone(&s.Good.Revision)
	p.shiftBack(at, s, r)
	var back *deployment
	for _, o := range s.Deployments {
		if o.ID == s.Good.Deployment {
			back = o
		}
	}
	if back == nil {
		back = &deployment{ID: s.Good.Deployment, Revision: *world.Clone(&s.Good.Revision), Created: at, Alternate: s.Good.Alternate}
	}
	back.Record, back.Failed, back.Streak, back.Monitored = r.ARN, 0, 0, false
	p.say(at, s, "rolling back to deployment %s.", back.ID)
	p.promote(at, s, back, "ECS deployment circuit breaker: rolling back to deploymentId "+back.ID+".")
	p.account.Schedule(at, "ecs.service.look", s.ARN)
}

// done marks the primary deployment complete.
func (p *deployments) done(at time.Time, s *service) {
	d := s.Deployments[0]
	d.Rollout, d.Updated, d.Monitored = types.DeploymentRolloutStateCompleted, at, false
	if strings.HasPrefix(d.Reason, "ECS deployment circuit breaker") {
		d.Reason = "ECS deployment circuit breaker: rolled back to deploymentId " + d.ID + "."
	} else {
		d.Reason = "ECS deployment " + d.ID + " completed."
	}
	s.Good = &goodRevision{Deployment: d.ID, Revision: *world.Clone(&d.Revision), Alternate: d.Alternate}
	p.say(at, s, "(deployment %s) deployment completed.", d.ID)
	r := s.record(d.Record)
	if r == nil || over(r.Status) {
		return
	}
	r.Finished, r.Updated = at, at
	if r.Status == types.ServiceDeploymentStatusRollbackInProgress {
		r.Status = types.ServiceDeploymentStatusRollbackSuccessful
		return
	}
	r.Status = types.ServiceDeploymentStatusSuccessful
	if strategy.Breaker(s.Deployment).Enable {
		r.Breaker = types.ServiceDeploymentRollbackMonitorsStatusMonitoringComplete
	}
}
