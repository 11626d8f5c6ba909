package logs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *Logs) createLogStream(rq *world.Request, in *cloudwatchlogs.CreateLogStreamInput) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.LogGroupName))
	if g == nil {
		return nil, p.noGroup()
	}
	name := aws.ToString(in.LogStreamName)
	if g.Streams[name] != nil {
		return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log stream already exists")}
	}
	g.Streams[name] = &logStream{Name: name, Created: rq.Now}
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

func (p *Logs) describeLogStreams(rq *world.Request, in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	g := p.groupOf(rq, in.LogGroupName, in.LogGroupIdentifier)
	if g == nil {
		return nil, p.noGroup()
	}
	byTime := in.OrderBy == types.OrderByLastEventTime
	if byTime && in.LogStreamNamePrefix != nil {
		return nil, p.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	var found []*logStream
	for _, s := range g.Streams {
		if strings.HasPrefix(s.Name, aws.ToString(in.LogStreamNamePrefix)) && !s.Created.After(rq.Now) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *logStream) int {
		order := cmp.Compare(a.Name, b.Name)
		if byTime {
			order = cmp.Or(a.last(rq.Now).Compare(b.last(rq.Now)), order)
		}
		if aws.ToBool(in.Descending) {
			return -order
		}
		return order
	})
	page, next, err := world.Page(found, in.NextToken, in.Limit, 50)
	if err != nil {
		return nil, p.invalid("The specified nextToken is invalid.")
	}
	out := &cloudwatchlogs.DescribeLogStreamsOutput{NextToken: next}
	for _, s := range page {
		out.LogStreams = append(out.LogStreams, p.shownStream(rq, g, s))
	}
	return out, nil
}

func (p *Logs) shownStream(rq *world.Request, g *logGroup, s *logStream) types.LogStream {
	out := types.LogStream{
		Arn:           aws.String(p.groupARN(g) + ":log-stream:" + s.Name),
		LogStreamName: aws.String(s.Name),
		CreationTime:  aws.Int64(s.Created.UnixMilli()),
		StoredBytes:   aws.Int64(0),
	}
	if last := s.last(rq.Now); !last.IsZero() {
		out.LastEventTimestamp = aws.Int64(last.UnixMilli())
		out.LastIngestionTime = aws.Int64(last.UnixMilli())
		out.FirstEventTimestamp = aws.Int64(s.first(rq.Now).UnixMilli())
	}
	return out
}

// groupOf is the group that a reading call names, by name or by ARN.
func (p *Logs) groupOf(rq *world.Request, name, identifier *string) *logGroup {
	id := aws.ToString(name)
	if id == "" {
		id = strings.TrimPrefix(aws.ToString(identifier), p.account.ARN("logs", "log-group:"))
	}
	return p.s.Groups.Find(rq, id)
}

// HasGroup reports whether a container's log driver can write to a group; create
// makes the group if it is missing (awslogs-create-group).
func (p *Logs) HasGroup(at time.Time, name string, create bool) bool {
	if p.s.Groups.Get(name) != nil {
		return true
	}
	if !create {
		return false
	}
	p.s.Groups.Put(p.account, at, name, &logGroup{
		Name: name, Created: at, Class: string(types.LogGroupClassStandard), Streams: map[string]*logStream{},
	})
	return true
}

// Open makes the stream of a container, if the group exists.
func (p *Logs) Open(group, stream string, script *Script) {
	if g := p.s.Groups.Get(group); g != nil {
		g.Streams[stream] = &logStream{Name: stream, Created: script.Start, Script: script}
	}
}

// Resume goes on with the stream of a container that starts again.
func (p *Logs) Resume(group, stream string, script *Script) {
	if g := p.s.Groups.Get(group); g != nil && g.Streams[stream] != nil && g.Streams[stream].Script != nil {
		script.Lines = append(slices.Clone(g.Streams[stream].Script.Lines), script.Lines...)
		g.Streams[stream].Script = script
	}
}

// End records that a container has ended, with its last words.
func (p *Logs) End(group, stream string, at time.Time, words ...string) {
	g := p.s.Groups.Get(group)
	if g == nil || g.Streams[stream] == nil || g.Streams[stream].Script == nil {
		return
	}
	s := g.Streams[stream].Script
	if !s.End.IsZero() {
		return
	}
	s.End = at
	s.Lines = slices.DeleteFunc(s.Lines, func(l Line) bool { return l.At.After(at) })
	for _, text := range words {
		s.Lines = append(s.Lines, Line{At: at, Text: text})
	}
}

// Write makes a stream with lines of one time, if the group exists.
func (p *Logs) Write(at time.Time, group, stream string, lines []string) {
	g := p.s.Groups.Get(group)
	if g == nil {
		return
	}
	s := &logStream{Name: stream, Created: at}
	for _, text := range lines {
		s.Put = append(s.Put, Line{At: at, Text: text})
	}
	g.Streams[stream] = s
}
