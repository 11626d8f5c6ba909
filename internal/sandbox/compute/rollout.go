package compute

import (
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// This file has the deployments that move traffic from a revision, blue, to the next one,
// green: BLUE_GREEN, LINEAR and CANARY. Sources:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
// and the SDK's ServiceDeployment.LifecycleStage.

// shifts reports whether a service's deployments move traffic.
func shifts(c types.DeploymentConfiguration) bool {
	return c.Strategy != "" && c.Strategy != types.DeploymentStrategyRolling
}

// shifting is the record of a deployment that moves traffic now; nil if there is none.
func (s *service) shifting() *deploymentRecord {
	if len(s.Deployments) == 0 {
		return nil
	}
	r := s.record(s.Deployments[0].Record)
	if r == nil || r.Stage == "" || r.Status != types.ServiceDeploymentStatusInProgress {
		return nil
	}
	return r
}

// onAlternate reports whether the alternate target groups have the production traffic.
// The tasks of a new service go to the alternate group, as was seen on AWS:
// https://github.com/go-to-k/cdk-real-drift/issues/1730
func (s *service) onAlternate() bool { return s.Good != nil && s.Good.Alternate }

// groupOf is the target group of a deployment's tasks.
func (d *deployment) groupOf(lb types.LoadBalancer) string {
	if a := lb.AdvancedConfiguration; a != nil && d.Alternate {
		return aws.ToString(a.AlternateTargetGroupArn)
	}
	return aws.ToString(lb.TargetGroupArn)
}

// blue is the deployment that serves while the primary one is rolled out; nil for the
// first one of a service.
func (s *service) blue() *deployment {
	for _, d := range s.Deployments[1:] {
		if s.Good != nil && d.ID == s.Good.Deployment {
			return d
		}
	}
	return nil
}

// shift takes a deployment through its stages as far as it can go now.
func (p *scheduler) shift(at time.Time, s *service, r *deploymentRecord) {
	green, blue := s.Deployments[0], s.blue()
	if green.Rollout == types.DeploymentRolloutStateFailed || p.alarmed(at, s, r, green) {
		return
	}
	p.fill(at, s, green, r)
	if r.Stage != types.ServiceDeploymentLifecycleStageCleanUp && blue != nil {
		p.fill(at, s, blue, r)
	}
	for r.Status == types.ServiceDeploymentStatusInProgress && p.pass(at, s, r, green, blue) {
		r.Updated = at
	}
}

// beforeShift is a stage that the SDK's comments name and its constants lack.
const beforeShift types.ServiceDeploymentLifecycleStage = "PRE_PRODUCTION_TRAFFIC_SHIFT"

// pass ends the present stage of a deployment; false if it must wait.
func (p *scheduler) pass(at time.Time, s *service, r *deploymentRecord, green, blue *deployment) bool {
	if p.paused(at, s, r, green) {
		return false
	}
	switch r.Stage {
	case types.ServiceDeploymentLifecycleStageReconcileService:
		return p.reconciled(at, s, r, green, blue)
	case types.ServiceDeploymentLifecycleStagePreScaleUp:
		r.Stage = types.ServiceDeploymentLifecycleStageScaleUp
		p.fill(at, s, green, r)
	case types.ServiceDeploymentLifecycleStageScaleUp:
		if p.s.count(s, green, well) < int(s.Desired) {
			return false
		}
		r.Stage = types.ServiceDeploymentLifecycleStagePostScaleUp
	case types.ServiceDeploymentLifecycleStagePostScaleUp:
		r.Stage = types.ServiceDeploymentLifecycleStageTestTrafficShift
	case types.ServiceDeploymentLifecycleStageTestTrafficShift:
		r.Stage, r.TestWeight = types.ServiceDeploymentLifecycleStagePostTestTrafficShift, 100
		return p.weigh(at, s, r, green)
	case types.ServiceDeploymentLifecycleStagePostTestTrafficShift:
		r.Stage = beforeShift
	case beforeShift:
		r.Stage = types.ServiceDeploymentLifecycleStageProductionTrafficShift
		return p.advance(at, s, r, green, blue)
	case types.ServiceDeploymentLifecycleStageProductionTrafficShift:
		if p.waits(at, s, r) {
			return false
		}
		if r.Weight < 100 {
			r.Stage = beforeShift
			return true
		}
		r.Stage = types.ServiceDeploymentLifecycleStagePostProductionTrafficShift
	case types.ServiceDeploymentLifecycleStagePostProductionTrafficShift:
		r.Stage = types.ServiceDeploymentLifecycleStageBakeTime
		if blue != nil {
			r.Until = at.Add(minutes(r.Config.BakeTimeInMinutes))
		}
	case types.ServiceDeploymentLifecycleStageBakeTime:
		if p.waits(at, s, r) {
			return false
		}
		r.Stage = types.ServiceDeploymentLifecycleStageCleanUp
		s.Good = &goodRevision{Deployment: green.ID, Revision: *world.Clone(&green.Revision), Alternate: green.Alternate}
	case types.ServiceDeploymentLifecycleStageCleanUp:
		return p.cleaned(at, s, green)
	}
	return true
}

// reconciled ends what an earlier deployment that was not over has left: blue gets all
// traffic, and its tasks end.
func (p *scheduler) reconciled(at time.Time, s *service, r *deploymentRecord, green, blue *deployment) bool {
	r.Weight = 0
	if blue != nil && !p.weigh(at, s, r, green) {
		return false
	}
	other := func(t *task) bool { return t.Deployment != green.ID && (blue == nil || t.Deployment != blue.ID) }
	p.stopAll(at, s, p.s.tasksOf(s, nil, func(t *task) bool { return other(t) && alive(t) }))
	if p.s.count(s, nil, func(t *task) bool { return other(t) && unstopped(t) }) > 0 {
		return false
	}
	r.Stage = types.ServiceDeploymentLifecycleStagePreScaleUp
	return true
}

// advance moves the next share of the production traffic to green.
func (p *scheduler) advance(at time.Time, s *service, r *deploymentRecord, green, blue *deployment) bool {
	next, wait := 100.0, time.Duration(0)
	if blue != nil {
		next, wait = nextShare(r)
	}
	r.Weight, r.Until = next, at.Add(wait)
	return p.weigh(at, s, r, green)
}

// nextShare is the share that green gets next, and how long it keeps it at least.
func nextShare(r *deploymentRecord) (float64, time.Duration) {
	switch c, l := r.Config.CanaryConfiguration, r.Config.LinearConfiguration; r.Config.Strategy {
	case types.DeploymentStrategyCanary:
		if r.Weight == 0 {
			return aws.ToFloat64(c.CanaryPercent), minutes(c.CanaryBakeTimeInMinutes)
		}
	case types.DeploymentStrategyLinear:
		// "This bake time is not applied after reaching 100 percent traffic." (SDK)
		if next := r.Weight + aws.ToFloat64(l.StepPercent); next < 100 {
			return math.Round(next*10) / 10, minutes(l.StepBakeTimeInMinutes)
		}
	}
	return 100, 0
}

func minutes(n *int32) time.Duration { return time.Duration(aws.ToInt32(n)) * time.Minute }

// waits reports whether the present wait is not over, and looks again when it is.
func (p *scheduler) waits(at time.Time, s *service, r *deploymentRecord) bool {
	if !at.Before(r.Until) {
		return false
	}
	p.again(at, r.Until, s, r)
	return true
}

// again looks at a deployment again at a time, or before if it will be looked at anyway.
func (p *scheduler) again(at, when time.Time, s *service, r *deploymentRecord) {
	if r.Next.After(at) && !r.Next.After(when) {
		return
	}
	r.Next = when
	p.account.Schedule(when, "ecs.service.look", s.ARN)
}

// weigh sets the weights of the listener rules with the role that the service names. If
// that role may not, the deployment fails.
func (p *scheduler) weigh(at time.Time, s *service, r *deploymentRecord, green *deployment) bool {
	for _, lb := range green.Revision.LoadBalancers {
		a := lb.AdvancedConfiguration
		if a == nil {
			continue
		}
		role, rule := aws.ToString(a.RoleArn), aws.ToString(a.ProductionListenerRule)
		if !p.deployments.needs.Roles.RoleAllows(role, "elasticloadbalancing:ModifyRule", rule) {
			p.deployments.giveUp(at, s, green, true, "unable to modify the listener rule: "+role+" is not authorized to perform: elasticloadbalancing:ModifyRule on resource: "+rule,
				"Service deployment rolled back because the traffic could not be shifted.")
			return false
		}
		p.deployments.weighRule(at, rule, lb, green.Alternate, r.Weight)
		if test := aws.ToString(a.TestListenerRule); test != "" {
			p.deployments.weighRule(at, test, lb, green.Alternate, r.TestWeight)
		}
	}
	return true
}

// weighRule gives the tasks of a deployment a share of a rule's requests.
func (p *deployments) weighRule(at time.Time, rule string, lb types.LoadBalancer, alternate bool, percent float64) {
	to, from := aws.ToString(lb.TargetGroupArn), aws.ToString(lb.AdvancedConfiguration.AlternateTargetGroupArn)
	if alternate {
		to, from = from, to
	}
	p.needs.Targets.Weigh(at, rule, to, from, percent)
}

// shiftBack gives the old revision all traffic at once.
func (p *deployments) shiftBack(at time.Time, s *service, r *deploymentRecord) {
	if r.Stage == "" {
		return
	}
	r.Weight, r.TestWeight = 0, 0
	for _, lb := range r.Target.LoadBalancers {
		if a := lb.AdvancedConfiguration; a != nil {
			p.weighRule(at, aws.ToString(a.ProductionListenerRule), lb, s.Good.Alternate, 100)
			if test := aws.ToString(a.TestListenerRule); test != "" {
				p.weighRule(at, test, lb, s.Good.Alternate, 100)
			}
		}
	}
}

// fill starts and stops tasks of one deployment until it has as many as desired.
func (p *scheduler) fill(at time.Time, s *service, d *deployment, r *deploymentRecord) {
	if d == s.Deployments[0] {
		switch r.Stage {
		case types.ServiceDeploymentLifecycleStageReconcileService, types.ServiceDeploymentLifecycleStagePreScaleUp:
			return
		}
		p.scaleIn(at, s)
	}
	for n := p.s.count(s, d, alive); n < int(s.Desired); n++ {
		if at.Before(d.Quiet) {
			p.account.Schedule(d.Quiet, "ecs.service.look", s.ARN)
			return
		}
		s.Steady = false
		if !p.launched(at, s, d) {
			return
		}
	}
}

// cleaned stops the tasks of older revisions; when none is left, the deployment is
// complete.
func (p *scheduler) cleaned(at time.Time, s *service, green *deployment) bool {
	p.stopAll(at, s, p.s.tasksOf(s, nil, func(t *task) bool { return alive(t) && t.Deployment != green.ID }))
	if p.s.count(s, nil, func(t *task) bool { return unstopped(t) && t.Deployment != green.ID }) > 0 {
		return false
	}
	p.settleService(at, s)
	return false
}

// giveUp ends a deployment for another reason than failed tasks, and goes back if that is
// asked for and possible.
func (p *deployments) giveUp(at time.Time, s *service, d *deployment, back bool, event, reason string) {
	d.Rollout, d.Updated = types.DeploymentRolloutStateFailed, at
	d.Reason = "ECS deployment failed: " + event + "."
	p.say(at, s, "(deployment %s) deployment failed: %s.", d.ID, event)
	r := s.record(d.Record)
	r.Updated = at
	if !back || s.Good == nil || s.Good.Deployment == d.ID {
		r.Status, r.Finished, r.Reason = types.ServiceDeploymentStatusStopped, at, "Service deployment stopped: "+event+"."
		return
	}
	p.rollback(at, s, r, reason)
}
