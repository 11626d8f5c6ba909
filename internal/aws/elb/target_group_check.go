package elb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// While a deployment replaces the tasks, a group has tasks that answer the new check
// and tasks that may not. With these numbers a group keeps the old ones for 5 minutes:
// 10 failures are the most that AWS accepts
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html).
const (
	interimInterval  = 30 // seconds
	interimUnhealthy = 10
)

// asks are the attributes that say what a check asks for and which answer it takes.
var asks = [...]string{"check_protocol", "check_port", "path", "matcher"}

// Finishes implements engine.Finisher: tasks that pass the old check may fail another
// one.
func (TargetGroups) Finishes(changed []string) bool {
	return slices.ContainsFunc(asks[:], func(name string) bool { return slices.Contains(changed, name) })
}

// Finish implements engine.Finisher.
func (t TargetGroups) Finish(ctx context.Context, w engine.Desired[TargetGroup], before engine.Object) (engine.Object, error) {
	if err := t.setCheck(ctx, before.ID, w.Want); err != nil {
		return engine.Object{}, err
	}
	if err := setTags(ctx, t.LoadBalancers.API, before.ID, nil, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, before.ID, before.Outputs), nil
}

// Revert implements engine.Finisher.
func (t TargetGroups) Revert(ctx context.Context, w engine.Desired[TargetGroup], before engine.Object) (engine.Object, error) {
	if err := t.setCheck(ctx, before.ID, checkOf(before, w.Want)); err != nil {
		return engine.Object{}, err
	}
	if err := setTags(ctx, t.LoadBalancers.API, before.ID, begun(w.Tags), before.Tags); err != nil {
		return engine.Object{}, err
	}
	return before, nil
}

// checkOf returns want with the check that an object shows.
func checkOf(object engine.Object, want TargetGroup) TargetGroup {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(object.Attrs[name]); err == nil {
			return n
		}
		return otherwise
	}
	want.CheckProtocol, want.Path, want.Matcher = object.Attrs["check_protocol"], object.Attrs["path"], object.Attrs["matcher"]
	want.CheckPort = number("check_port", 0)
	want.Interval, want.Timeout = number("interval", want.Interval), number("timeout", want.Timeout)
	want.Healthy, want.Unhealthy = number("healthy", want.Healthy), number("unhealthy", want.Unhealthy)
	return want
}

// beginCheck sets a check with the interim numbers. The mark then does not say what
// was last applied: a run that dies here has not asked for these numbers.
func (t TargetGroups) beginCheck(ctx context.Context, w engine.Desired[TargetGroup], object engine.Object) (engine.Object, error) {
	interim := w.Want
	interim.Interval, interim.Unhealthy = max(interimInterval, interim.Interval), interimUnhealthy
	tags := begun(w.Tags)
	if err := setTags(ctx, t.LoadBalancers.API, object.ID, object.Tags, tags); err != nil {
		return engine.Object{}, err
	}
	if err := t.setCheck(ctx, object.ID, interim); err != nil {
		return engine.Object{}, err
	}
	out := engine.AsDesired(w, object.ID, object.Outputs)
	out.Tags = maps.Clone(tags)
	return out, nil
}

func (t TargetGroups) setCheck(ctx context.Context, arn string, want TargetGroup) error {
	_, err := t.LoadBalancers.API.ModifyTargetGroup(ctx, &elbv2.ModifyTargetGroupInput{
		TargetGroupArn: &arn, HealthCheckPath: gate.Optional(want.Path), Matcher: matcherOf(want),
		HealthCheckProtocol: protocolOf(want.CheckProtocol), HealthCheckPort: aws.String(checkPort(want)),
		HealthCheckIntervalSeconds: aws.Int32(int32(want.Interval)), HealthCheckTimeoutSeconds: aws.Int32(int32(want.Timeout)),
		HealthyThresholdCount: aws.Int32(int32(want.Healthy)), UnhealthyThresholdCount: aws.Int32(int32(want.Unhealthy)),
	})
	if err != nil {
		return fmt.Errorf("setting the health check of %s: %w", arn, err)
	}
	return nil
}

var _ engine.Finisher[TargetGroup] = TargetGroups{}
