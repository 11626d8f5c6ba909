package logs

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// state is CloudWatch Logs: the groups and the resource policies by name.
type state struct {
	Groups   world.Table[logGroup]
	Policies world.Table[resourcePolicy]
}

// logGroup is a log group with its streams by name.
type logGroup struct {
	Name      string
	Created   time.Time
	Retention int32 `json:",omitempty"`
	Class     string
	Protected bool `json:",omitempty"`
	Tags      map[string]string
	Streams   map[string]*logStream
}

// logStream is a log stream. Lines from PutLogEvents are stored; a container's
// lines are computed when they are read, so that a service that has run for a
// month needs no more memory than a new one.
type logStream struct {
	Name    string
	Created time.Time
	Put     []Line `json:",omitempty"`
	// Script is what a container writes; nil for other streams.
	Script *Script `json:",omitempty"`
}

// Script is the output of one container.
type Script struct {
	// Start is when the container started, End when it ended; zero while it
	// runs.
	Start, End time.Time
	// Lines are the lines of its beginning and its end.
	Lines []Line
	// Beat is the format of a line that is repeated at the interval Every, with
	// its number; empty for none.
	Beat  string        `json:",omitempty"`
	Every time.Duration `json:",omitempty"`
}

// Line is one line with its time and its number among the stream's lines of
// that time.
type Line struct {
	At   time.Time
	Text string
	N    int `json:",omitempty"`
}

// logEvent is a line of a stream with its id. Ids sort by time.
type logEvent struct {
	Line
	Stream, ID string
}

// lines returns the stream's lines from from (inclusive) to to (exclusive) in
// the order of time.
func (s *logStream) lines(a *world.Account, from, to time.Time) []logEvent {
	all := slices.Clone(s.Put)
	for i := range all {
		all[i].N = i
	}
	if s.Script != nil {
		all = append(all, s.Script.lines(from, to)...)
	}
	mark := a.Hash("log-stream", s.Name)
	number := int(mark[0])<<16 | int(mark[1])<<8 | int(mark[2])
	var out []logEvent
	for _, l := range all {
		if !l.At.Before(from) && l.At.Before(to) {
			id := fmt.Sprintf("%016d%010d%08d", l.At.UnixMilli(), number, l.N%100_000_000)
			out = append(out, logEvent{Line: l, Stream: s.Name, ID: id})
		}
	}
	sortLogEvents(out)
	return out
}

// lines returns the script's lines that can lie between from and to.
func (s *Script) lines(from, to time.Time) []Line {
	out := slices.Clone(s.Lines)
	for i := range out {
		out[i].N = i
	}
	if s.Beat == "" || s.Every <= 0 {
		return out
	}
	if !s.End.IsZero() && s.End.Before(to) {
		to = s.End
	}
	first := 1
	if from.After(s.Start) {
		first = max(1, int(from.Sub(s.Start)/s.Every))
	}
	for n := first; ; n++ {
		at := s.Start.Add(time.Duration(n) * s.Every)
		if !at.Before(to) {
			return out
		}
		out = append(out, Line{At: at, Text: fmt.Sprintf(s.Beat, n), N: len(s.Lines) + n})
	}
}

// last returns the time of the newest line before now; zero if there is none.
func (s *logStream) last(now time.Time) time.Time {
	var last time.Time
	for _, l := range s.Put {
		if l.At.After(last) && !l.At.After(now) {
			last = l.At
		}
	}
	if s.Script == nil {
		return last
	}
	for _, l := range s.Script.lines(now.Add(-2*s.Script.Every), now) {
		if l.At.After(last) && !l.At.After(now) {
			last = l.At
		}
	}
	return last
}

// first returns the time of the oldest line; now if there is none.
func (s *logStream) first(now time.Time) time.Time {
	first := now
	all := s.Put
	if s.Script != nil {
		all = append(slices.Clone(all), s.Script.Lines...)
	}
	for _, l := range all {
		if l.At.Before(first) {
			first = l.At
		}
	}
	return first
}

func sortLogEvents(events []logEvent) {
	slices.SortFunc(events, func(a, b logEvent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}
