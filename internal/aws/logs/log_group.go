package logs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// LogGroup holds the log streams of one service, or the events of a stack. Its name, which
// begins with /berth/ENVIRONMENT/PROJECT/ or /aws/events/berth/ENVIRONMENT/PROJECT/, says
// who owns it. Outputs: id (the name), arn.
type LogGroup struct {
	Name string `attr:"name,replace,own"`
	// RetentionDays is one of the values that CloudWatch Logs allows; 0 keeps
	// the lines for ever.
	RetentionDays int `attr:"retention_days"`
}

// Type implements engine.Resource.
func (LogGroup) Type() string { return "logs.log-group" }

// LogGroups is the type of LogGroup.
type LogGroups struct {
	API *cloudwatchlogs.Client
	// Account, Region and Partition make the ARN of a new group, which AWS does
	// not return.
	Account, Region, Partition string
}

// Spec implements engine.Type.
func (LogGroups) Spec() engine.Spec {
	return engine.Spec{Name: LogGroup{}.Type(), Identity: engine.UniqueName, Keep: "logs stay; --delete-data deletes them", Untagged: true}
}

// EventsPrefix begins the names of the log groups that EventBridge writes to.
// https://repost.aws/knowledge-center/cloudwatch-log-group-eventbridge
const EventsPrefix = "/aws/events"

// EventsWord begins the names of such groups in addresses, where no workload's begins like
// this.
const EventsWord = "events/"

// prefixOf begins the names of the log groups of a stack.
func prefixOf(o engine.Owner) string { return "/berth/" + o.Environment + "/" + o.Project + "/" }

// place is where the names of groups begin, in AWS and in addresses.
type place struct {
	owner        engine.Owner
	prefix, word string
}

// places are where the owners' groups are. Environments have none. Those for events are
// only looked for if a stack has one, or none may be missed.
func places(q engine.Query) []place {
	events := q.Whole
	for _, w := range q.Wanted {
		group, ok := w.Resource.(LogGroup)
		events = events || ok && strings.HasPrefix(group.Name, EventsPrefix)
	}
	var all []place
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			continue
		}
		all = append(all, place{o, prefixOf(o), ""})
		if events {
			all = append(all, place{o, EventsPrefix + prefixOf(o), EventsWord})
		}
	}
	return all
}

// List implements engine.Type: it makes one call per stack, two if it keeps its events, and
// one per group if it needs the tags: a teardown only deletes groups with a mark. A group
// that is not desired gets the address of the workload in its name.
func (t LogGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	wanted := map[string]engine.Address{}
	for _, w := range q.Wanted {
		if group, ok := w.Resource.(LogGroup); ok {
			wanted[group.Name] = w.Address
		}
	}
	var objects []engine.Object
	for _, in := range places(q) {
		groups, err := t.at(ctx, q, in.prefix)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			l := objectOf(g)
			l.Address = engine.Address{Owner: in.owner, Type: LogGroup{}.Type(), Name: in.word + strings.TrimPrefix(l.ID, in.prefix)}
			if a, ok := wanted[l.ID]; ok {
				l.Address = a
			}
			objects = append(objects, l)
		}
	}
	if !q.Deep && !q.Whole {
		return objects, nil
	}
	return objects, gate.ReadMarks(ctx, objects, func(ctx context.Context, l engine.Object) (map[string]string, error) {
		return t.tags(ctx, l.Output("arn"))
	})
}

// at is below, once in a reading.
func (t LogGroups) at(ctx context.Context, q engine.Query, prefix string) ([]types.LogGroup, error) {
	return memory.Once(q.Memory, "logs.groups "+prefix, func() ([]types.LogGroup, error) { return t.below(ctx, prefix) })
}

// below returns the log groups whose names begin with prefix.
func (t LogGroups) below(ctx context.Context, prefix string) ([]types.LogGroup, error) {
	var groups []types.LogGroup
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(t.API, &cloudwatchlogs.DescribeLogGroupsInput{
		LogGroupNamePrefix: &prefix, Limit: aws.Int32(50), // the most that AWS takes
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing log groups below %s: %w", prefix, err)
		}
		for _, g := range page.LogGroups {
			if strings.HasPrefix(aws.ToString(g.LogGroupName), prefix) {
				groups = append(groups, g)
			}
		}
	}
	return groups, nil
}

// objectOf returns a group as an engine.Object, without its address. It does not
// show a retention that an account-level policy sets.
func objectOf(g types.LogGroup) engine.Object {
	name := aws.ToString(g.LogGroupName)
	arn := aws.ToString(g.LogGroupArn)
	if arn == "" {
		arn = strings.TrimSuffix(aws.ToString(g.Arn), ":*")
	}
	l := engine.Object{
		ID: name, State: engine.StateReady, Outputs: map[string]string{"arn": arn},
		Attrs: engine.Shown(LogGroup{Name: name, RetentionDays: int(aws.ToInt32(g.RetentionInDays))}),
	}
	if g.RetentionPolicyName != nil {
		delete(l.Attrs, "retention_days")
	}
	if g.CreationTime != nil {
		l.Created = time.UnixMilli(*g.CreationTime).UTC()
	}
	return l
}

// Create implements engine.Type. A group that an earlier teardown left is the
// normal case: its tags say whether it is the desired one.
func (t LogGroups) Create(ctx context.Context, w engine.Desired[LogGroup]) (engine.Object, error) {
	name := w.Want.Name
	_, err := t.API.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name, Tags: w.Tags})
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating log group %s: %w", name, err)
	}
	if w.Want.RetentionDays > 0 {
		if err := t.setRetention(gate.JustMade(ctx), w.Want); err != nil {
			return engine.Object{}, gate.Half(err)
		}
	}
	arn := fmt.Sprintf("arn:%s:logs:%s:%s:log-group:%s", t.Partition, t.Region, t.Account, name)
	return engine.AsDesired(w, name, map[string]string{"arn": arn}), nil
}

// take uses an existing group of the name. A list may show it a little later
// than Create finds it.
func (t LogGroups) take(ctx context.Context, w engine.Desired[LogGroup]) (engine.Object, error) {
	groups, err := t.below(ctx, w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	i := slices.IndexFunc(groups, func(g types.LogGroup) bool { return aws.ToString(g.LogGroupName) == w.Want.Name })
	if i < 0 {
		return engine.Object{}, gate.Unlisted("log group " + w.Want.Name)
	}
	object := objectOf(groups[i])
	if object.Tags, err = t.tags(ctx, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.MarkOf(object.Tags)
	if err := w.Claim(mark, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, []string{"retention_days"})
}

// Update implements engine.Type. It sets the tags first: every list shows the
// retention, so that an interrupted update is planned again.
func (t LogGroups) Update(ctx context.Context, w engine.Desired[LogGroup], object engine.Object, changed []string) (engine.Object, error) {
	if object.Tags == nil {
		var err error
		if object.Tags, err = t.tags(ctx, object.Output("arn")); err != nil {
			return engine.Object{}, err
		}
		mark, _ := engine.MarkOf(object.Tags)
		if err := w.Claim(mark, object.ID, object.Output("arn")); err != nil {
			return engine.Object{}, err
		}
	}
	if err := t.setTags(ctx, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	if slices.Contains(changed, "retention_days") {
		if err := t.setRetention(ctx, w.Want); err != nil {
			return engine.Object{}, err
		}
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func (t LogGroups) setRetention(ctx context.Context, g LogGroup) (err error) {
	if g.RetentionDays > 0 {
		_, err = t.API.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: &g.Name, RetentionInDays: aws.Int32(int32(g.RetentionDays)),
		})
	} else {
		_, err = t.API.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: &g.Name})
	}
	if err != nil {
		return fmt.Errorf("setting the retention of log group %s to %d days: %w", g.Name, g.RetentionDays, err)
	}
	return nil
}

// Delete implements engine.Type.
func (t LogGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting log group %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[LogGroup] = LogGroups{}
