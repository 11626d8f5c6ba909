package logs_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestLogGroups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := logs.NewFromConfig(sandboxtest.New(t, world.Options{}).Config())
		for _, name := range []string{"/berth/a/x", "/berth/a/y", "/other"} {
			sandboxtest.Ask(t, c.CreateLogGroup, &logs.CreateLogGroupInput{LogGroupName: &name, Tags: map[string]string{"k": name}})
		}
		_, err := c.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String("/other")})
		sandboxtest.WantCode(t, err, "ResourceAlreadyExistsException")
		_, err = c.PutRetentionPolicy(t.Context(), &logs.PutRetentionPolicyInput{LogGroupName: aws.String("/other"), RetentionInDays: aws.Int32(8)})
		sandboxtest.WantCode(t, err, "InvalidParameterException")
		sandboxtest.Ask(t, c.PutRetentionPolicy, &logs.PutRetentionPolicyInput{LogGroupName: aws.String("/berth/a/x"), RetentionInDays: aws.Int32(7)})
		out := sandboxtest.Ask(t, c.DescribeLogGroups, &logs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/berth/a/"), Limit: aws.Int32(1)})
		if len(out.LogGroups) != 1 || *out.LogGroups[0].RetentionInDays != 7 || out.NextToken == nil {
			t.Errorf("first page %+v", out)
		}
		tags := sandboxtest.Ask(t, c.ListTagsForResource, &logs.ListTagsForResourceInput{ResourceArn: out.LogGroups[0].LogGroupArn})
		if tags.Tags["k"] != "/berth/a/x" {
			t.Errorf("tags %v", tags.Tags)
		}
		sandboxtest.Ask(t, c.DeleteLogGroup, &logs.DeleteLogGroupInput{LogGroupName: aws.String("/other")})
		_, err = c.DeleteLogGroup(t.Context(), &logs.DeleteLogGroupInput{LogGroupName: aws.String("/other")})
		sandboxtest.WantCode(t, err, "ResourceNotFoundException")
	})
}

func TestServicesWriteLogs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked))
		in.DesiredCount = aws.Int32(2)
		s.Create(in)
		s.Until("app", sandboxtest.Completed)
		time.Sleep(10 * time.Minute)
		group := aws.String("/shop")
		streams := sandboxtest.Ask(t, s.Logs.DescribeLogStreams, &logs.DescribeLogStreamsInput{LogGroupName: group, LogStreamNamePrefix: aws.String("app/app/")})
		if len(streams.LogStreams) != 2 || streams.LogStreams[0].LastEventTimestamp == nil {
			t.Fatalf("streams %+v", streams.LogStreams)
		}
		all := sandboxtest.Ask(t, s.Logs.FilterLogEvents, &logs.FilterLogEventsInput{LogGroupName: group}).Events
		if len(all) < 80 {
			t.Fatalf("%d lines of two tasks in ten minutes", len(all))
		}
		// Pages give the same lines in the same order.
		var paged []types.FilteredLogEvent
		page := &logs.FilterLogEventsInput{LogGroupName: group, Limit: aws.Int32(7), EndTime: all[len(all)-1].Timestamp}
		for {
			out := sandboxtest.Ask(t, s.Logs.FilterLogEvents, page)
			paged = append(paged, out.Events...)
			if page.NextToken = out.NextToken; out.NextToken == nil {
				break
			}
		}
		if len(paged) != len(all) {
			t.Fatalf("%d lines in pages, %d at once", len(paged), len(all))
		}
		for i := range all {
			if *all[i].EventId != *paged[i].EventId || i > 0 && *all[i].Timestamp < *all[i-1].Timestamp {
				t.Fatalf("line %d: %s %s", i, *all[i].EventId, *paged[i].EventId)
			}
		}
		late := sandboxtest.Ask(t, s.Logs.FilterLogEvents, &logs.FilterLogEventsInput{
			LogGroupName: group, StartTime: all[40].Timestamp, LogStreamNames: []string{*streams.LogStreams[0].LogStreamName},
		}).Events
		if len(late) == 0 || *late[0].Timestamp < *all[40].Timestamp || *late[0].LogStreamName != *streams.LogStreams[0].LogStreamName {
			t.Errorf("filtered by time and stream: %+v", late)
		}
		newest := sandboxtest.Ask(t, s.Logs.FilterLogEvents, &logs.FilterLogEventsInput{
			LogGroupName: group, StartTime: all[0].Timestamp, StartFromHead: aws.Bool(false), Limit: aws.Int32(1),
		}).Events
		if *newest[0].EventId != *all[len(all)-1].EventId {
			t.Errorf("newest %s", *newest[0].Message)
		}
	})
}

func TestLogsEndWithTheTask(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Create(s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked)))
		s.Until("app", sandboxtest.Completed)
		sandboxtest.Ask(t, s.ECS.StopTask, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: s.Tasks("app", "")[0].TaskArn})
		time.Sleep(time.Hour)
		streams := sandboxtest.Ask(t, s.Logs.DescribeLogStreams, &logs.DescribeLogStreamsInput{
			LogGroupName: aws.String("/shop"), OrderBy: types.OrderByLastEventTime,
		}).LogStreams
		if len(streams) != 2 {
			t.Fatalf("%d streams, want one per task", len(streams))
		}
		age := time.Since(time.UnixMilli(*streams[0].LastEventTimestamp))
		if age < 59*time.Minute || time.Since(time.UnixMilli(*streams[1].LastEventTimestamp)) > 15*time.Second {
			t.Errorf("the stopped task's last line is %v old", age)
		}
	})
}
