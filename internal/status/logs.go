package status

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/clock"
)

// Source is one service's log.
type Source struct {
	// Name is the service's name, Group its log group.
	Name, Group string
	// Task limits the log to one task's streams, Container to one container's; empty
	// takes all. Stream limits it to one stream.
	Task, Container, Stream string
	// Sidecars are the containers whose lines are to be told apart.
	Sidecars []string
}

// Line is one line of a log.
type Line struct {
	Time    time.Time `json:"time"`
	Service string    `json:"service"`
	// Container is the sidecar that wrote it; empty for the service's own container.
	Container string `json:"container,omitempty"`
	Task      string `json:"task"`
	Text      string `json:"text"`

	id string
}

// LogOptions say which lines to show.
type LogOptions struct {
	// Since leaves older lines out; zero is no limit.
	Since time.Time
	// Tail is how many lines of each service to begin with; negative is all.
	Tail int
	// Follow goes on until ctx ends.
	Follow bool
	Clock  clock.Clock
}

const (
	// pollEvery is the pause between two looks of a log that is followed.
	pollEvery = 2 * time.Second
	// late is how long after its time a line may still appear: ingestion is
	// not in order between streams.
	late = 15 * time.Second
)

// Logs passes the lines of many services to show, in the order of their times.
// Following goes by log group, so new tasks and streams appear by themselves.
// A group that does not exist has no lines yet.
func Logs(ctx context.Context, api *cloudwatchlogs.Client, sources []Source, o LogOptions, show func(Line) error) error {
	now := o.Clock.Now()
	var begin []Line
	for _, s := range sources {
		lines, err := beginning(ctx, api, s, o, now)
		if err != nil {
			return err
		}
		begin = append(begin, lines...)
	}
	f := Follower{API: api, Sources: sources, Clock: o.Clock, From: now.Add(-late), Show: show}
	if _, err := f.emit(begin); err != nil || !o.Follow {
		return err
	}
	for {
		if err := o.Clock.Sleep(ctx, pollEvery); err != nil {
			return err
		}
		if _, err := f.Look(ctx); err != nil {
			return err
		}
	}
}

func beginning(ctx context.Context, api *cloudwatchlogs.Client, s Source, o LogOptions, now time.Time) ([]Line, error) {
	if o.Tail >= 0 {
		lines, err := Tail(ctx, api, s, o.Tail, now)
		return slices.DeleteFunc(lines, func(l Line) bool { return l.Time.Before(o.Since) }), err
	}
	return filter(ctx, api, s, o.Since, time.Time{})
}

// Tail returns the last n lines of a log, which it finds by looking back over growing windows, because
// AWS reads logs forwards.
func Tail(ctx context.Context, api *cloudwatchlogs.Client, s Source, n int, now time.Time) ([]Line, error) {
	if n == 0 {
		return nil, nil
	}
	var lines []Line
	var err error
	for _, window := range []time.Duration{10 * time.Minute, 2 * time.Hour, 24 * time.Hour, 30 * 24 * time.Hour} {
		if lines, err = filter(ctx, api, s, now.Add(-window), time.Time{}); err != nil {
			return nil, err
		}
		if len(lines) >= n {
			break
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Time.Compare(b.Time) })
	return lines[max(0, len(lines)-n):], nil
}

// streamOf reads the name of a container's stream: PREFIX/CONTAINER/TASK.
func streamOf(name string) (container, task string) {
	parts := strings.Split(name, "/")
	if len(parts) > 2 {
		container = parts[len(parts)-2]
	}
	return container, parts[len(parts)-1]
}

// maxLines bounds what one look reads.
const maxLines = 50_000

func filter(ctx context.Context, api *cloudwatchlogs.Client, s Source, from, to time.Time) ([]Line, error) {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(s.Group)}
	if s.Stream != "" {
		in.LogStreamNames = []string{s.Stream}
	}
	if !from.IsZero() {
		in.StartTime = aws.Int64(from.UnixMilli())
	}
	if !to.IsZero() {
		in.EndTime = aws.Int64(to.UnixMilli())
	}
	var lines []Line
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(api, in)
	for pages.HasMorePages() && len(lines) < maxLines {
		page, err := pages.NextPage(ctx)
		var missing *types.ResourceNotFoundException
		if errors.As(err, &missing) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the log of %s: %w", s.Name, err)
		}
		for _, e := range page.Events {
			container, task := streamOf(aws.ToString(e.LogStreamName))
			if s.Task != "" && task != s.Task || s.Container != "" && container != s.Container {
				continue
			}
			if !slices.Contains(s.Sidecars, container) {
				container = ""
			}
			lines = append(lines, Line{
				Time: time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC(), Service: s.Name, Container: container, Task: task,
				Text: strings.TrimRight(aws.ToString(e.Message), "\r\n"), id: aws.ToString(e.EventId),
			})
		}
	}
	return lines, nil
}
