package strategy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// balancerPrincipal is the service that assumes the roles with which it moves traffic.
const balancerPrincipal = "ecs.amazonaws.com"

// Needs are what the checks need of other services.
type Needs struct {
	Alarms  Alarms
	Targets Targets
	Roles   Roles
}

// Alarms are the alarms of CloudWatch.
type Alarms interface {
	// MissingAlarms are those names that no alarm has.
	MissingAlarms(names []string) []string
}

// Targets are the target groups of services.
type Targets interface {
	FindTargetGroup(rq *world.Request, arn string) (kind elbtypes.TargetTypeEnum, balanced, ok bool)
	Forwards(rq *world.Request, rule string) (groups []string, ok bool)
}

// Roles are the roles with which ECS moves traffic.
type Roles interface {
	Assumable(arn, service string) error
}

// Parts are how the tasks of a service are reached.
type Parts struct {
	LoadBalancers []types.LoadBalancer
	// Connected says that Service Connect offers them, Registered that Cloud Map names
	// them.
	Connected, Registered bool
}

// CheckRollout checks how a service's deployments move traffic, as CreateService and
// UpdateService do; asked is the call's part. Sources: the SDK's DeploymentConfiguration, and
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
func (n Needs) CheckRollout(rq *world.Request, asked *types.DeploymentConfiguration, d types.DeploymentConfiguration, r Parts) error {
	if err := Check(d); err != nil {
		return badInput("%s.", err)
	}
	if a := d.Alarms; a != nil && a.Enable {
		if missing := n.Alarms.MissingAlarms(a.AlarmNames); len(missing) > 0 || len(a.AlarmNames) == 0 {
			return badInput("The following alarms do not exist: %s", strings.Join(missing, ", "))
		}
	}
	if err := checkHooks(d.LifecycleHooks); err != nil {
		return err
	}
	if e := d.EarlySuccessCriteria; e != nil && e.Enable && (e.HealthyPercent == nil || e.SourceServiceRevisionCleanup == "") {
		return badInput("healthyPercent and sourceServiceRevisionCleanup are required when earlySuccessCriteria is enabled.")
	}
	if d.Strategy == "" || d.Strategy == types.DeploymentStrategyRolling {
		return nil
	}
	if d.Strategy == types.DeploymentStrategyBlueGreen && asked != nil && asked.Strategy == d.Strategy && asked.BakeTimeInMinutes == nil {
		return badInput("bakeTimeInMinutes is required when the deployment strategy is BLUE_GREEN.")
	}
	if e := d.EarlySuccessCriteria; e != nil && e.Enable {
		return badInput("earlySuccessCriteria is only supported with the ROLLING deployment strategy.")
	}
	if len(r.LoadBalancers) == 0 && !r.Connected {
		if d.Strategy != types.DeploymentStrategyBlueGreen {
			return badInput("The %s deployment strategy requires a load balancer or Service Connect.", d.Strategy)
		}
		if r.Registered {
			return badInput("The BLUE_GREEN deployment strategy is not supported for a service that only uses service discovery.")
		}
	}
	for _, lb := range r.LoadBalancers {
		if err := n.checkAdvanced(rq, lb); err != nil {
			return err
		}
	}
	return nil
}

// checkAdvanced checks with what ECS moves the traffic of a target group: a second group,
// a rule that forwards to both, and a role that ECS may assume.
func (n Needs) checkAdvanced(rq *world.Request, lb types.LoadBalancer) error {
	a := lb.AdvancedConfiguration
	if a == nil || a.AlternateTargetGroupArn == nil || a.ProductionListenerRule == nil || a.RoleArn == nil {
		return badInput("advancedConfiguration with alternateTargetGroupArn, productionListenerRule and roleArn is required for a load balancer " +
			"when the deployment strategy is BLUE_GREEN, LINEAR or CANARY.")
	}
	pair := []string{aws.ToString(lb.TargetGroupArn), *a.AlternateTargetGroupArn}
	if _, _, ok := n.Targets.FindTargetGroup(rq, pair[1]); !ok {
		return badInput("The specified target group does not exist. Specify a valid target group and try again: %s", pair[1])
	}
	for _, rule := range []*string{a.ProductionListenerRule, a.TestListenerRule} {
		if rule == nil {
			continue
		}
		groups, ok := n.Targets.Forwards(rq, *rule)
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
	if err := n.Roles.Assumable(*a.RoleArn, balancerPrincipal); err != nil {
		return badInput("Unable to assume the role %s: %v", *a.RoleArn, err)
	}
	return nil
}

// checkHooks checks the hooks of a deployment. Source: the SDK's DeploymentLifecycleHook, and
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
func checkHooks(hooks []types.DeploymentLifecycleHook) error {
	for _, h := range hooks {
		if h.TargetType != types.DeploymentLifecycleHookTargetTypePause {
			return badInput("The sandbox only knows PAUSE hooks.")
		}
		if len(h.LifecycleStages) == 0 {
			return badInput("lifecycleStages is required for a lifecycle hook.")
		}
		for _, stage := range h.LifecycleStages {
			if stage == types.DeploymentLifecycleHookStageTestTrafficShift || stage == types.DeploymentLifecycleHookStageProductionTrafficShift {
				return badInput("PAUSE hooks cannot be configured at %s.", stage)
			}
		}
		if t := h.TimeoutConfiguration; t != nil && t.TimeoutInMinutes != nil && (*t.TimeoutInMinutes < 1 || *t.TimeoutInMinutes > 20160) {
			return badInput("timeoutInMinutes must be between 1 and 20160.")
		}
	}
	return nil
}

// badInput is ECS's error for a parameter that it does not accept.
func badInput(format string, args ...any) error {
	return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf(format, args...))}
}
