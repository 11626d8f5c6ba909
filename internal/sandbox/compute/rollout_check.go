package compute

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// balancerPrincipal is the service that assumes the roles with which it moves traffic.
const balancerPrincipal = "ecs.amazonaws.com"

// checkRollout checks how a service's deployments move traffic, as CreateService and
// UpdateService do; asked is the call's part. Sources: the SDK's DeploymentConfiguration, and
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
func (p *services) checkRollout(rq *world.Request, asked *types.DeploymentConfiguration, d types.DeploymentConfiguration, r *revision) error {
	if err := strategy.Check(d); err != nil {
		return badInput("%s.", err)
	}
	if a := d.Alarms; a != nil && a.Enable {
		if missing := p.needs.Alarms.MissingAlarms(a.AlarmNames); len(missing) > 0 || len(a.AlarmNames) == 0 {
			return badInput("The following alarms do not exist: %s", strings.Join(missing, ", "))
		}
	}
	if err := checkHooks(d.LifecycleHooks); err != nil {
		return err
	}
	if e := d.EarlySuccessCriteria; e != nil && e.Enable && (e.HealthyPercent == nil || e.SourceServiceRevisionCleanup == "") {
		return badInput("healthyPercent and sourceServiceRevisionCleanup are required when earlySuccessCriteria is enabled.")
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
