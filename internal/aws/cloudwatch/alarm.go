package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Alarm is on while a figure of a service is above a threshold. Without figures it is
// off. Outputs: id (the name), arn.
type Alarm struct {
	// Name is that of part.Name.
	Name string `attr:"name,replace,own"`
	// Metric is one of the Metric constants: the figure.
	Metric string `attr:"metric"`
	// Balancer and Group are the ARNs of the load balancer and the target group whose
	// requests count, for MetricErrors and MetricLatency.
	Balancer engine.Ref `attr:"balancer"`
	Group    engine.Ref `attr:"group"`
	// Queue is the name of a queue and Target the id of the scalable target whose tasks
	// work on it, for MetricWaiting.
	Queue  string     `attr:"queue"`
	Target engine.Ref `attr:"target"`
	// Action is the ARN of the scaling policy that acts while the alarm is on.
	Action engine.Ref `attr:"action"`
	// Above is the threshold, in the unit of the metric.
	Above float64 `attr:"above"`
	// The alarm is on when Points of the last Minutes minutes are above it.
	Points  int `attr:"points"`
	Minutes int `attr:"minutes"`
}

// Type implements engine.Resource.
func (Alarm) Type() string { return "cloudwatch.alarm" }

// Alarms is the type of Alarm.
type Alarms struct {
	API     *cloudwatch.Client
	Tagging *resourcegroupstaggingapi.Client
	// Scaled and Moving say whether the owners have a scalable target, and a service whose
	// deployments move traffic: an alarm is made after one of them and deleted before it. Nil
	// if that is not known.
	Scaled, Moving func(context.Context, engine.Query) (bool, error)
	// Account, Region and Partition make the ARN of a new alarm, which AWS does not return.
	Account, Region, Partition string
}

// Spec implements engine.Type.
func (Alarms) Spec() engine.Spec {
	return engine.Spec{Name: Alarm{}.Type(), Identity: engine.SilentName, Untagged: true}
}

// Create implements engine.Type. PutMetricAlarm replaces an alarm of the name, so the
// name is looked up before.
func (t Alarms) Create(ctx context.Context, w engine.Desired[Alarm]) (engine.Object, error) {
	name := w.Want.Name
	found, err := t.named(ctx, name)
	if err != nil {
		return engine.Object{}, err
	}
	if len(found) > 0 {
		return t.Update(ctx, w, t.object(found[0]), []string{"metric"}) // one call sets all of them
	}
	if err := t.put(gate.JustMade(ctx), w.Want, w.Tags); err != nil {
		return engine.Object{}, err
	}
	// AWS ignores the tags if somebody has made an alarm of the name meanwhile.
	tags, err := t.tags(gate.JustMade(ctx), t.arn(name))
	if err != nil {
		return engine.Object{}, gate.Half(err)
	}
	mark, _ := engine.MarkOf(tags)
	if err := w.Claim(mark, name, t.arn(name)); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, name, map[string]string{"arn": t.arn(name)}), nil
}

// Update implements engine.Type. It sets the tags first: every list shows the rest, so
// that an interrupted update is planned again.
func (t Alarms) Update(ctx context.Context, w engine.Desired[Alarm], object engine.Object, changed []string) (engine.Object, error) {
	arn := t.arn(object.ID)
	if object.Tags == nil {
		var err error
		if object.Tags, err = t.tags(ctx, arn); err != nil {
			return engine.Object{}, err
		}
		mark, _ := engine.MarkOf(object.Tags)
		if err := w.Claim(mark, object.ID, arn); err != nil {
			return engine.Object{}, err
		}
	}
	if err := t.setTags(ctx, arn, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	if len(changed) > 0 {
		if err := t.put(ctx, w.Want, nil); err != nil {
			return engine.Object{}, err
		}
	}
	return engine.AsDesired(w, object.ID, map[string]string{"arn": arn}), nil
}

// put makes or changes an alarm; AWS takes tags only with a new one.
func (t Alarms) put(ctx context.Context, want Alarm, tags map[string]string) error {
	_, err := t.API.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &want.Name, AlarmDescription: aws.String(want.description()), Tags: tagsOf(tags),
		Metrics: want.queries(), Threshold: &want.Above, ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		EvaluationPeriods: aws.Int32(int32(want.Minutes)), DatapointsToAlarm: aws.Int32(int32(want.Points)), //nolint:gosec // a few minutes
		TreatMissingData: aws.String(notBreaching), AlarmActions: want.actions(),
	})
	if err != nil {
		return fmt.Errorf("setting alarm %s: %w", want.Name, err)
	}
	return nil
}

func (a Alarm) actions() []string {
	if arn := a.Action.Value(); arn != "" {
		return []string{arn}
	}
	return nil
}

// notBreaching says that a minute without figures is like one below the threshold.
const notBreaching = "notBreaching"

// Delete implements engine.Type.
func (t Alarms) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{object.ID}})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting alarm %s: %w", object.ID, err)
	}
	return nil
}

func (t Alarms) arn(name string) string {
	return "arn:" + t.Partition + ":cloudwatch:" + t.Region + ":" + t.Account + ":alarm:" + name
}

var _ engine.Type[Alarm] = Alarms{}
