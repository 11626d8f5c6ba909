package balancing

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *Targets) registerTargets(rq *world.Request, in *elb.RegisterTargetsInput) (*elb.RegisterTargetsOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	for _, t := range in.Targets {
		port := aws.ToInt32(t.Port)
		if port == 0 {
			port = *g.Shown.Port
		}
		p.register(g, &target{IP: aws.ToString(t.Id), Port: port, Registered: rq.Now})
	}
	return &elb.RegisterTargetsOutput{}, nil
}

func (p *Targets) deregisterTargets(rq *world.Request, in *elb.DeregisterTargetsInput) (*elb.DeregisterTargetsOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	for _, t := range in.Targets {
		port := aws.ToInt32(t.Port)
		if port == 0 {
			port = *g.Shown.Port
		}
		p.deregister(rq.Now, g, targetKey(aws.ToString(t.Id), port))
	}
	return &elb.DeregisterTargetsOutput{}, nil
}

func targetKey(ip string, port int32) string { return fmt.Sprintf("%s:%d", ip, port) }

// register puts a target into its group, and forgets those that have drained.
func (p *Targets) register(g *targetGroup, t *target) {
	for key, old := range g.Targets {
		if !old.Gone.IsZero() && !t.Registered.Before(old.Gone) {
			delete(g.Targets, key)
		}
	}
	g.Targets[targetKey(t.IP, t.Port)] = t
}

// deregister starts the draining of a target and returns how long that takes:
// the deregistration delay, or nothing when no balancer sends traffic there.
func (p *Targets) deregister(at time.Time, g *targetGroup, key string) time.Duration {
	t := g.Targets[key]
	if t == nil {
		return 0
	}
	if !t.Gone.IsZero() {
		return max(0, t.Gone.Sub(at))
	}
	seconds, err := strconv.Atoi(g.Attributes["deregistration_delay.timeout_seconds"])
	if err != nil || len(p.s.balancersOf(*g.Shown.TargetGroupArn)) == 0 {
		seconds = 0
	}
	delay := time.Duration(seconds) * time.Second
	t.Gone = at.Add(delay)
	return delay
}

func (p *Targets) describeTargetHealth(rq *world.Request, in *elb.DescribeTargetHealthInput) (*elb.DescribeTargetHealthOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	out := &elb.DescribeTargetHealthOutput{TargetHealthDescriptions: []types.TargetHealthDescription{}}
	for _, key := range slices.Sorted(maps.Keys(g.Targets)) {
		t := g.Targets[key]
		if !t.Gone.IsZero() && !rq.Now.Before(t.Gone) {
			delete(g.Targets, key)
			continue
		}
		if len(in.Targets) > 0 && !slices.ContainsFunc(in.Targets, func(d types.TargetDescription) bool {
			return aws.ToString(d.Id) == t.IP && (d.Port == nil || *d.Port == t.Port)
		}) {
			continue
		}
		health, _ := p.health(g, t, rq.Now)
		out.TargetHealthDescriptions = append(out.TargetHealthDescriptions, types.TargetHealthDescription{
			Target:          &types.TargetDescription{Id: aws.String(t.IP), Port: aws.Int32(t.Port), AvailabilityZone: aws.String(t.Zone)},
			HealthCheckPort: aws.String(strconv.Itoa(int(checkPort(g, t)))),
			TargetHealth:    &health,
		})
	}
	return out, nil
}

// health returns a target's health at a point in time, and when to ask again if
// it is not settled yet.
//
// The model: checks begin when the balancer is active, the group has traffic
// and the target is registered, and run once per interval; a threshold of good
// checks in a row makes the target healthy, a threshold of bad ones unhealthy.
func (p *Targets) health(g *targetGroup, t *target, at time.Time) (h types.TargetHealth, next time.Time) {
	is := func(state types.TargetHealthStateEnum, reason types.TargetHealthReasonEnum, text string) types.TargetHealth {
		return types.TargetHealth{State: state, Reason: reason, Description: aws.String(text)}
	}
	interval := time.Duration(*g.Shown.HealthCheckIntervalSeconds) * time.Second
	uses := p.s.balancersOf(*g.Shown.TargetGroupArn)
	switch {
	case !t.Gone.IsZero():
		return is(types.TargetHealthStateEnumDraining, types.TargetHealthReasonEnumDeregistrationInProgress,
			"Target deregistration is in progress"), time.Time{}
	case len(uses) == 0:
		return is(types.TargetHealthStateEnumUnused, types.TargetHealthReasonEnumNotInUse,
			"Target group is not configured to receive traffic from the load balancer"), at.Add(interval)
	case at.Before(uses[0].balancer.Active):
		return is(types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumRegistrationInProgress,
			"Target registration is in progress"), uses[0].balancer.Active
	}
	since := world.Latest(t.Registered, uses[0].since, uses[0].balancer.Active)
	if uses[0].balancer.Network {
		since = since.Add(p.account.Takes(world.NetworkTargetRegistered))
	}
	blocked := t.Interface != "" && !p.needs.Reach.Allows(uses[0].balancer.SecurityGroups, t.Interface, checkPort(g, t))
	answer := t.status(aws.ToString(g.Shown.HealthCheckPath))
	refused := answer != 0 && !accepts(g, answer)
	deaf := t.Answers.Port != 0 && t.Answers.Port != int(checkPort(g, t))
	if !t.Serves.IsZero() && !blocked && !refused && !deaf {
		// This is the first check that the application answers.
		first := max(1, int((t.Serves.Sub(since)+interval-1)/interval))
		healthy := since.Add(time.Duration(first+int(*g.Shown.HealthyThresholdCount)-1) * interval)
		if !at.Before(healthy) {
			return types.TargetHealth{State: types.TargetHealthStateEnumHealthy}, time.Time{}
		}
		next = healthy
	}
	unhealthy := since.Add(time.Duration(*g.Shown.UnhealthyThresholdCount) * interval)
	if at.Before(unhealthy) {
		if next.IsZero() || unhealthy.Before(next) {
			next = unhealthy
		}
		return is(types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumInitialHealthChecking,
			"Initial health checks in progress"), next
	}
	if next.IsZero() {
		next = at.Add(interval)
	}
	if blocked {
		return is(types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout, "Request timed out"), next
	}
	if deaf {
		// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
		return is(types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed"), next
	}
	status := int32(502)
	if refused && !t.Serves.IsZero() {
		status = answer
	}
	return is(types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumResponseCodeMismatch,
		fmt.Sprintf("Health checks failed with these codes: [%d]", status)), next
}

// status is the HTTP status of the answer to a health check on a path; zero means one that
// every health check accepts.
func (t *target) status(path string) int32 {
	if t.Only != "" && t.Only != path {
		return http.StatusNotFound
	}
	return t.Status
}

// accepts says whether the health check of a group counts an HTTP status as healthy.
// A check of the connection alone accepts any.
func accepts(g *targetGroup, status int32) bool {
	if g.Shown.HealthCheckProtocol == types.ProtocolEnumTcp || g.Shown.Matcher == nil || g.Shown.Matcher.HttpCode == nil {
		return true
	}
	for _, part := range strings.Split(*g.Shown.Matcher.HttpCode, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		from, err := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err == nil && err2 == nil && from <= int(status) && int(status) <= to {
			return true
		}
	}
	return false
}
