package blueprint

import (
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/aws/cloudwatch"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/engine"
)

// alternateName is the name of the second target group of a container port.
func alternateName(first string) string { return first + elb.Second }

// rolloutOf is how the deployments of a service move its traffic; nil for a rolling update.
func rolloutOf(a *app.App, s app.Service) *ecs.Rollout {
	r := s.Rollout
	if r == nil {
		return nil
	}
	out := &ecs.Rollout{Strategy: strings.ToUpper(string(r.Strategy)), BakeMinutes: r.BakeMinutes, Alarms: slices.Sorted(slices.Values(slices.Concat(r.Alarms, OwnAlarms(a, s)))), Pause: pauseOf(r.Approve)}
	if r.Percent > 0 {
		out.Percent, out.StepMinutes = ecs.RolloutPercent(r.Percent), r.EveryMinutes
	}
	return out
}

// pauseOf is the lifecycle stage of ECS at which a deployment waits for an approval.
func pauseOf(s rollout.Stage) string {
	switch s {
	case rollout.Before:
		return ecs.PauseBefore
	case rollout.Steps:
		return ecs.PauseSteps
	case rollout.After:
		return ecs.PauseAfter
	}
	return ""
}

// watched are the metrics that a service's own alarms watch, with their thresholds.
func watched(s app.Service) map[string]float64 {
	out := map[string]float64{}
	if s.Rollout == nil {
		return out
	}
	if s.Rollout.ErrorsPercent > 0 {
		out[cloudwatch.MetricErrors] = s.Rollout.ErrorsPercent
	}
	if s.Rollout.LatencyMS > 0 {
		out[cloudwatch.MetricLatency] = float64(s.Rollout.LatencyMS)
	}
	return out
}

// alarmOf is which of a service's alarms watches a metric of its first or its second target
// group.
func alarmOf(metric string, second bool) string {
	which, _, _ := strings.Cut(metric, "_")
	if second {
		return alternateName(which)
	}
	return which
}

// OwnAlarms are the names of the alarms that berth makes for a service, sorted.
func OwnAlarms(a *app.App, s app.Service) (names []string) {
	for metric := range watched(s) {
		for _, second := range []bool{false, true} {
			names = append(names, part.Name(Stack(a), s.Name, alarmOf(metric, second)))
		}
	}
	slices.Sort(names)
	return names
}

// addAlarms adds the alarms that end a deployment of a service. Each watches one of its two
// target groups: a share of the new tasks' requests is not lost among those of the old.
func (r runner) addAlarms(s app.Service, behind []target) (alarms []*engine.Node) {
	if len(behind) == 0 || behind[0].alternate == nil || r.env.balancer == nil {
		return nil
	}
	want := watched(s)
	for _, metric := range slices.Sorted(maps.Keys(want)) {
		for i, group := range []*engine.Node{behind[0].group, behind[0].alternate} {
			which := alarmOf(metric, i == 1)
			alarms = append(alarms, r.add(part.Address(s.Name, which), cloudwatch.Alarm{
				Name: part.Name(r.owner, s.Name, which), Metric: metric, Balancer: r.env.balancer.arn, Group: group.ARN(),
				Above: want[metric], Points: 2, Minutes: 3,
			}).Label(s.Labels))
		}
	}
	return alarms
}

// addTraffic adds the role with which ECS moves the traffic of a service between its two
// target groups. It may change the service's own rule and the targets of its groups; ECS
// only reads the rest. AWS's managed policy for the purpose allows the same for all rules
// and groups of the account:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
func (r runner) addTraffic(s app.Service, behind []target) (traffic *ecs.Traffic, role *engine.Node) {
	if s.Rollout == nil || len(behind) == 0 || behind[0].alternate == nil {
		return nil, nil
	}
	t := behind[0]
	name := "rollout/" + s.Name
	role = r.addRole(name, iam.Role{
		Name: r.name(name, maxRoleName), Path: rolePath(r.app), Service: ecsPrincipal,
		Statements: []iam.Statement{
			{
				Actions: []string{
					"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
					"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
				},
				Resources: engine.Lits("*"),
			},
			{
				Actions:   []string{"elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"},
				Resources: []engine.Ref{t.group.ARN(), t.alternate.ARN()},
			},
			{Actions: []string{"elasticloadbalancing:ModifyRule"}, Resources: []engine.Ref{t.rules[0].ARN()}},
		},
	})
	return &ecs.Traffic{Alternate: t.alternate.ARN(), Rule: t.rules[0].ARN(), Role: role.ARN()}, role
}

// forward sets where a rule sends the requests of a service: to its target group or, if
// its deployments move traffic, to the two of them, which ECS weighs.
func forward(rule elb.Rule, t target) elb.Rule {
	if t.alternate == nil {
		rule.TargetGroup = t.group.ARN()
		return rule
	}
	rule.Groups = []engine.Ref{t.group.ARN(), t.alternate.ARN()}
	return rule
}
