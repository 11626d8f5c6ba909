package elb

import (
	"context"
	"encoding/base64"
	"encoding/json"
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
// and tasks that may not. With these numbers a group keeps the old ones for 150 s, about
// twice the time that new tasks take. They must not be larger: tasks that fail the new
// check live as long, and ECS gives a deployment up after three of them, which has to be
// before the run's deadline. 10 failures are the most that AWS accepts
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html).
const (
	interimInterval  = 15 // seconds
	interimUnhealthy = 10
)

// TagCheckBefore is the tag on a group in its interim state. It holds the check of
// before, so that a later run can revert what one that died has begun, or noCheck if
// AWS would not take that in a tag.
const TagCheckBefore = "berth:check-before"

// asks are the attributes that say what a check asks for and which answer it takes.
var asks = [...]string{"check_protocol", "check_port", "path", "matcher"}

// Finishes implements engine.Finisher: tasks that pass the old check may fail another
// one.
func (TargetGroups) Finishes(object engine.Object, changed []string) bool {
	if len(changed) > 0 && object.Tags[TagCheckBefore] != "" {
		return true // a run has died in the interim state
	}
	return slices.ContainsFunc(asks[:], func(name string) bool { return slices.Contains(changed, name) })
}

// Finish implements engine.Finisher.
func (t TargetGroups) Finish(ctx context.Context, w engine.Desired[TargetGroup], before engine.Object) (engine.Object, error) {
	if err := t.setCheck(ctx, before.ID, w.Want); err != nil {
		return engine.Object{}, err
	}
	if err := setTags(ctx, t.LoadBalancers.API, before.ID, interimTags(w.Tags, noCheck), w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, before.ID, before.Outputs), nil
}

// Revert implements engine.Finisher.
func (t TargetGroups) Revert(ctx context.Context, w engine.Desired[TargetGroup], before engine.Object) (engine.Object, error) {
	check := checkOf(before.Attrs, w.Want)
	if earlier, ok := checkBefore(before); ok {
		check = checkOf(earlier, w.Want)
	}
	tags := maps.Clone(before.Tags)
	delete(tags, TagCheckBefore)
	if err := t.setCheck(ctx, before.ID, check); err != nil {
		return engine.Object{}, err
	}
	if err := setTags(ctx, t.LoadBalancers.API, before.ID, interimTags(w.Tags, noCheck), tags); err != nil {
		return engine.Object{}, err
	}
	return before, nil
}

// interimTags are the tags of a group in its interim state: they do not say what was
// last applied, and hold the check of before.
func interimTags(tags map[string]string, before string) map[string]string {
	tags = begun(tags)
	tags[TagCheckBefore] = before
	return tags
}

// checkText is an object's check as text for a tag, or noCheck.
func checkText(object engine.Object) string {
	check := map[string]string{}
	for _, name := range append(asks[:], "interval", "timeout", "healthy", "unhealthy") {
		check[name] = object.Attrs[name]
	}
	data, err := json.Marshal(check)
	if text := base64.RawURLEncoding.EncodeToString(data); err == nil && len(text) <= maxTagValue {
		return text
	}
	return noCheck
}

// noCheck is the text of a check that is too long for a tag.
const noCheck = "-"

// maxTagValue is the length of a tag's value
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Tag.html).
const maxTagValue = 256

// checkBefore is the check of before that an object in its interim state holds.
func checkBefore(object engine.Object) (check map[string]string, ok bool) {
	data, err := base64.RawURLEncoding.DecodeString(object.Tags[TagCheckBefore])
	if err != nil || len(data) == 0 {
		return nil, false
	}
	if err := json.Unmarshal(data, &check); err != nil || check["interval"] == "" {
		return nil, false
	}
	return check, true
}

// checkOf returns want with the check that an object's attributes show.
func checkOf(attrs map[string]string, want TargetGroup) TargetGroup {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(attrs[name]); err == nil {
			return n
		}
		return otherwise
	}
	want.CheckProtocol, want.Path, want.Matcher = attrs["check_protocol"], attrs["path"], attrs["matcher"]
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
	earlier := object.Tags[TagCheckBefore]
	if earlier == "" {
		earlier = checkText(object)
	}
	tags := interimTags(w.Tags, earlier)
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
