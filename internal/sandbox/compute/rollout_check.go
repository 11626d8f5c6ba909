package compute

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// balancerPrincipal is the service that assumes the roles with which it moves traffic.
const balancerPrincipal = "ecs.amazonaws.com"

// keepRollout takes the parts of a strategy over; those of another strategy go. The
// defaults are the SDK's.
func keepRollout(asked, have *types.DeploymentConfiguration) {
	if asked.LifecycleHooks != nil {
		have.LifecycleHooks = asked.LifecycleHooks
	}
	have.CanaryConfiguration = cmp.Or(asked.CanaryConfiguration, have.CanaryConfiguration)
	have.LinearConfiguration = cmp.Or(asked.LinearConfiguration, have.LinearConfiguration)
	if have.Strategy == types.DeploymentStrategyCanary {
		c := world.Clone(cmp.Or(have.CanaryConfiguration, &types.CanaryConfiguration{}))
		c.CanaryPercent = cmp.Or(c.CanaryPercent, aws.Float64(5))
		c.CanaryBakeTimeInMinutes = cmp.Or(c.CanaryBakeTimeInMinutes, aws.Int32(10))
		have.CanaryConfiguration = c
	} else if asked.CanaryConfiguration == nil {
		have.CanaryConfiguration = nil
	}
	if have.Strategy == types.DeploymentStrategyLinear {
		l := world.Clone(cmp.Or(have.LinearConfiguration, &types.LinearConfiguration{}))
		l.StepPercent = cmp.Or(l.StepPercent, aws.Float64(10))
		l.StepBakeTimeInMinutes = cmp.Or(l.StepBakeTimeInMinutes, aws.Int32(6))
		have.LinearConfiguration = l
	} else if asked.LinearConfiguration == nil {
		have.LinearConfiguration = nil
	}
}

// checkRollout checks how a service's deployments move traffic, as CreateService and
// UpdateService do; asked is the call's part. Sources: the SDK's DeploymentConfiguration, and
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
func (p *services) checkRollout(rq *world.Request, asked *types.DeploymentConfiguration, d types.DeploymentConfiguration, r *revision) error {
	if err := checkStrategy(d); err != nil {
		return err
	}
	if a := d.Alarms; a != nil && a.Enable {
		if missing := p.needs.Alarms.MissingAlarms(a.AlarmNames); len(missing) > 0 || len(a.AlarmNames) == 0 {
			return badInput("The following alarms do not exist: %s", strings.Join(missing, ", "))
		}
	}
	if err := checkHooks(d.LifecycleHooks); err != nil {
		return err
	}
	if !shifts(d) {
		return nil
	}
	if d.Strategy == types.DeploymentStrategyBlueGreen && asked != nil && asked.Strategy == d.Strategy && asked.BakeTimeInMinutes == nil {
		return badInput("bakeTimeInMinutes is required when the deployment strategy is BLUE_GREEN.")
	}
	if e := d.EarlySuccessCriteria; e != nil && e.Enable {
		return badInput("earlySuccessCriteria is only supported with the ROLLING deployment strategy.")
	}
	connected := r.Connect != nil && r.Connect.Enabled && len(r.Connect.Services) > 0
	if len(r.LoadBalancers) == 0 && !connected {
		if d.Strategy != types.DeploymentStrategyBlueGreen {
			return badInput("The %s deployment strategy requires a load balancer or Service Connect.", d.Strategy)
		}
		if len(r.Registries) > 0 {
			return badInput("The BLUE_GREEN deployment strategy is not supported for a service that only uses service discovery.")
		}
	}
	for _, lb := range r.LoadBalancers {
		if err := p.checkAdvanced(rq, lb); err != nil {
			return err
		}
	}
	return nil
}

// checkStrategy checks the numbers of a strategy.
func checkStrategy(d types.DeploymentConfiguration) error {
	if !within(d.BakeTimeInMinutes) {
		return badInput("bakeTimeInMinutes must be between 0 and 1440.")
	}
	if c := d.CanaryConfiguration; c != nil {
		if d.Strategy != types.DeploymentStrategyCanary {
			return badInput("canaryConfiguration is only valid when the deployment strategy is CANARY.")
		}
		if !tenths(c.CanaryPercent, 0.1) || !within(c.CanaryBakeTimeInMinutes) {
			return badInput("canaryPercent must be a multiple of 0.1 from 0.1 to 100.0, and canaryBakeTimeInMinutes between 0 and 1440.")
		}
	}
	if l := d.LinearConfiguration; l != nil {
		if d.Strategy != types.DeploymentStrategyLinear {
			return badInput("linearConfiguration is only valid when the deployment strategy is LINEAR.")
		}
		if !tenths(l.StepPercent, 3) || !within(l.StepBakeTimeInMinutes) {
			return badInput("stepPercent must be a multiple of 0.1 from 3.0 to 100.0, and stepBakeTimeInMinutes between 0 and 1440.")
		}
	}
	return nil
}

func within(minutes *int32) bool { return aws.ToInt32(minutes) >= 0 && aws.ToInt32(minutes) <= 1440 }

func tenths(percent *float64, least float64) bool {
	v := aws.ToFloat64(percent)
	return v >= least && v <= 100 && math.Abs(v*10-math.Round(v*10)) < 1e-6
}

// checkAdvanced checks with what ECS moves the traffic of a target group: a second group,
// a rule that forwards to both, and a role that ECS may assume.
func (p *services) checkAdvanced(rq *world.Request, lb types.LoadBalancer) error {
	a := lb.AdvancedConfiguration
	if a == nil || a.AlternateTargetGroupArn == nil || a.ProductionListenerRule == nil || a.RoleArn == nil {
		return badInput("advancedConfiguration with alternateTargetGroupArn, productionListenerRule and roleArn is required for a load balancer " +
			"when the deployment strategy is BLUE_GREEN, LINEAR or CANARY.")
	}
	pair := []string{aws.ToString(lb.TargetGroupArn), *a.AlternateTargetGroupArn}
	if _, _, ok := p.needs.Targets.FindTargetGroup(rq, pair[1]); !ok {
		return badInput("The specified target group does not exist. Specify a valid target group and try again: %s", pair[1])
	}
	for _, rule := range []*string{a.ProductionListenerRule, a.TestListenerRule} {
		if rule == nil {
			continue
		}
		groups, ok := p.needs.Targets.Forwards(rq, *rule)
		if !ok {
			return badInput("The listener rule %s does not exist or does not only forward.", *rule)
		}
		for _, g := range pair {
			if !slices.Contains(groups, g) {
				return badInput("The listener rule %s is not associated with target group not found in rule: %s", *rule, g)
			}
		}
	}
	if err := rq.PassRole(*a.RoleArn, balancerPrincipal); err != nil {
		return err
	}
	if err := p.needs.Roles.Assumable(*a.RoleArn, balancerPrincipal); err != nil {
		return badInput("Unable to assume the role %s: %v", *a.RoleArn, err)
	}
	return nil
}
