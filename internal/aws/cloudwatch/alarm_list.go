package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// List implements engine.Type: it makes one call per stack that may have alarms, and one
// per alarm if it needs the tags: a teardown only deletes alarms with a mark. An alarm that
// is not desired gets the address in its name.
func (t Alarms) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if may, err := tagindex.MayExist(ctx, q, t.Tagging, "cloudwatch:alarm"); err != nil || !may {
		return nil, err
	}
	if may, err := t.possible(ctx, q); err != nil || !may {
		return nil, err
	}
	var objects []engine.Object
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			continue
		}
		prefix := part.Prefix(o)
		found, err := t.describe(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: &prefix})
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			l := t.object(a)
			if _, service, which, ok := part.OwnerIn(l.ID, []engine.Owner{o}); ok {
				l.Address = engine.Address{Owner: o, Type: Alarm{}.Type(), Name: part.Address(service, which)}
				objects = append(objects, l)
			}
		}
	}
	if !q.Deep && !q.Whole {
		return objects, nil
	}
	return objects, gate.ReadMarks(ctx, objects, func(ctx context.Context, l engine.Object) (map[string]string, error) {
		tags, err := t.tags(ctx, l.Output("arn"))
		if gate.IsNotFound(err) {
			return nil, nil // lists still show what was deleted a moment ago
		}
		return tags, err
	})
}

// possible says whether the owners have anything that an alarm is about, if alarms are asked
// for only because none may be missed.
func (t Alarms) possible(ctx context.Context, q engine.Query) (bool, error) {
	if len(q.Wanted) > 0 || !q.Whole || t.Scaled == nil || t.Moving == nil {
		return true, nil
	}
	for _, about := range []func(context.Context, engine.Query) (bool, error){t.Scaled, t.Moving} {
		there, err := about(ctx, q)
		if engine.ClassOf(err) == engine.Denied {
			return true, nil // the caller may not know, and so looks
		}
		if err != nil || there {
			return there, err
		}
	}
	// What they are about may have been deleted by hand.
	return tagindex.Holds(ctx, q, t.Tagging, "cloudwatch:alarm")
}

// named is the alarm of a name; empty if there is none.
func (t Alarms) named(ctx context.Context, name string) ([]types.MetricAlarm, error) {
	return t.describe(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}})
}

// describe reads metric alarms. CloudWatch never answers 404 to this call, so that an
// endpoint which does has no CloudWatch, and no alarm.
func (t Alarms) describe(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) ([]types.MetricAlarm, error) {
	in.AlarmTypes, in.MaxRecords = []types.AlarmType{types.AlarmTypeMetricAlarm}, aws.Int32(100) // the most that AWS takes
	var all []types.MetricAlarm
	pages := cloudwatch.NewDescribeAlarmsPaginator(t.API, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var answer interface{ HTTPStatusCode() int }
		if errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusNotFound {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing alarms: %w", err)
		}
		all = append(all, page.MetricAlarms...)
	}
	return all, nil
}

// object is an alarm as AWS shows it, without its address.
func (t Alarms) object(a types.MetricAlarm) engine.Object {
	name := aws.ToString(a.AlarmName)
	return engine.Object{
		ID: name, State: engine.StateReady, Outputs: map[string]string{"arn": t.arn(name)}, Attrs: t.shown(a),
		Created: aws.ToTime(a.AlarmConfigurationUpdatedTimestamp),
	}
}

// tags reads the tags of an alarm.
func (t Alarms) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

func (t Alarms) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return t.tags(ctx, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
