package logs

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxLogPage is the number of events of one answer, and the default.
const maxLogPage = 10_000

func (p *Logs) putLogEvents(rq *world.Request, in *cloudwatchlogs.PutLogEventsInput) (*cloudwatchlogs.PutLogEventsOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.LogGroupName))
	if g == nil {
		return nil, p.noGroup()
	}
	s := g.Streams[aws.ToString(in.LogStreamName)]
	if s == nil {
		return nil, p.noStream()
	}
	for _, e := range in.LogEvents {
		s.Put = append(s.Put, Line{At: time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC(), Text: aws.ToString(e.Message)})
	}
	return &cloudwatchlogs.PutLogEventsOutput{}, nil
}

func (p *Logs) filterLogEvents(rq *world.Request, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	g := p.groupOf(rq, in.LogGroupName, in.LogGroupIdentifier)
	if g == nil {
		return nil, p.noGroup()
	}
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil {
		return nil, p.invalid("logStreamNames and logStreamNamePrefix cannot both be given.")
	}
	if len(in.LogStreamNames) > 100 {
		return nil, p.invalid("1 validation error detected: logStreamNames must have at most 100 members")
	}
	for _, name := range in.LogStreamNames {
		if g.Streams[name] == nil {
			return nil, p.noStream()
		}
	}
	// The end is inclusive here; in GetLogEvents it is not.
	from, to := window(rq, g, in.StartTime, in.EndTime, time.Millisecond)
	var found []logEvent
	for _, s := range g.Streams {
		if (len(in.LogStreamNames) == 0 || slices.Contains(in.LogStreamNames, s.Name)) &&
			strings.HasPrefix(s.Name, aws.ToString(in.LogStreamNamePrefix)) {
			found = append(found, s.lines(p.account, from, to)...)
		}
	}
	found = slices.DeleteFunc(found, func(e logEvent) bool { return !matches(e.Text, aws.ToString(in.FilterPattern)) })
	sortLogEvents(found)
	newestFirst := in.StartFromHead != nil && !*in.StartFromHead
	token := aws.ToString(in.NextToken)
	if token != "" {
		newestFirst = strings.HasPrefix(token, "b/")
	}
	page, next := logPage(found, token, newestFirst, in.Limit)
	out := &cloudwatchlogs.FilterLogEventsOutput{NextToken: next}
	for _, e := range page {
		out.Events = append(out.Events, types.FilteredLogEvent{
			EventId: aws.String(e.ID), LogStreamName: aws.String(e.Stream), Message: aws.String(e.Text),
			Timestamp: aws.Int64(e.At.UnixMilli()), IngestionTime: aws.Int64(e.At.UnixMilli()),
		})
	}
	return out, nil
}

// window returns the time span of a query: from start or the end of retention,
// whichever is later, to end or now, plus slack if the end itself is included.
func window(rq *world.Request, g *logGroup, start, end *int64, slack time.Duration) (from, to time.Time) {
	to = rq.Now.Add(time.Nanosecond)
	if start != nil {
		from = time.UnixMilli(*start)
	}
	if g.Retention > 0 {
		if kept := rq.Now.AddDate(0, 0, -int(g.Retention)); kept.After(from) {
			from = kept
		}
	}
	if end != nil {
		if t := time.UnixMilli(*end).Add(slack); t.Before(to) {
			to = t
		}
	}
	return from, to
}

// matches reports whether a line has all the terms of a filter pattern. It does
// not support terms with ? and -, JSON and column patterns.
func matches(line, pattern string) bool {
	if quoted := strings.Trim(pattern, `"`); len(quoted)+2 == len(pattern) {
		return strings.Contains(line, quoted)
	}
	for _, term := range strings.Fields(pattern) {
		if !strings.Contains(line, term) {
			return false
		}
	}
	return true
}

// logPage returns the page after a token from events in the order of time. A
// token names the last event that was returned, so lines that arrive between
// two pages are neither lost nor repeated.
func logPage(events []logEvent, token string, newestFirst bool, limit *int32) (page []logEvent, next *string) {
	size := maxLogPage
	if limit != nil && *limit > 0 && int(*limit) < size {
		size = int(*limit)
	}
	mark := "f/"
	if newestFirst {
		mark = "b/"
		slices.Reverse(events)
	}
	if _, last, ok := strings.Cut(token, "/"); ok {
		events = slices.DeleteFunc(events, func(e logEvent) bool {
			return e.ID == last || (e.ID < last) != newestFirst
		})
	}
	if len(events) > size {
		return events[:size], aws.String(mark + events[size-1].ID)
	}
	return events, nil
}

func (p *Logs) getLogEvents(rq *world.Request, in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
	g := p.groupOf(rq, in.LogGroupName, in.LogGroupIdentifier)
	if g == nil {
		return nil, p.noGroup()
	}
	s := g.Streams[aws.ToString(in.LogStreamName)]
	if s == nil {
		return nil, p.noStream()
	}
	from, to := window(rq, g, in.StartTime, in.EndTime, 0)
	token := aws.ToString(in.NextToken)
	backward := !aws.ToBool(in.StartFromHead)
	if token != "" {
		backward = strings.HasPrefix(token, "b/")
	}
	page, _ := logPage(s.lines(p.account, from, to), token, backward, in.Limit)
	if backward {
		slices.Reverse(page)
	}
	// Both tokens are always set; at an end the same token comes back.
	_, at, _ := strings.Cut(token, "/")
	first, last := at, at
	if len(page) > 0 {
		first, last = page[0].ID, page[len(page)-1].ID
	}
	out := &cloudwatchlogs.GetLogEventsOutput{
		NextForwardToken: aws.String("f/" + last), NextBackwardToken: aws.String("b/" + first),
	}
	for _, e := range page {
		out.Events = append(out.Events, types.OutputLogEvent{
			Message: aws.String(e.Text), Timestamp: aws.Int64(e.At.UnixMilli()), IngestionTime: aws.Int64(e.At.UnixMilli()),
		})
	}
	return out, nil
}
