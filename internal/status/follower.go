package status

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/berthdev/berth/internal/clock"
)

// Follower shows the lines of logs as they arrive, each once.
type Follower struct {
	API     *cloudwatchlogs.Client
	Sources []Source
	Clock   clock.Clock
	// From is the time of the oldest line to show; it moves on with every look.
	From time.Time
	Show func(Line) error

	seen map[string]time.Time
}

// Look shows the lines that have arrived since the last look, and returns how many
// there were.
func (f *Follower) Look(ctx context.Context) (int, error) {
	at := f.Clock.Now()
	var fresh []Line
	for _, s := range f.Sources {
		lines, err := filter(ctx, f.API, s, f.From, time.Time{})
		if err != nil {
			return 0, err
		}
		fresh = append(fresh, lines...)
	}
	n, err := f.emit(fresh)
	if err != nil {
		return n, err
	}
	if from := at.Add(-late); from.After(f.From) {
		f.From = from
	}
	for id, t := range f.seen {
		if t.Before(f.From.Add(-late)) {
			delete(f.seen, id)
		}
	}
	return n, nil
}

// emit shows the lines that have not been shown, oldest first.
func (f *Follower) emit(lines []Line) (int, error) {
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Time.Compare(b.Time) })
	if f.seen == nil {
		f.seen = map[string]time.Time{}
	}
	n := 0
	for _, l := range lines {
		if _, dup := f.seen[l.id]; dup {
			continue
		}
		f.seen[l.id] = l.Time
		n++
		if err := f.Show(l); err != nil {
			return n, err
		}
	}
	return n, nil
}
