package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// lines writes a line for each event with news.
type lines struct {
	o    Options
	mu   sync.Mutex
	last map[engine.Address]string
	done int
	// skipped counts the actions that were not begun at one moment: they get one
	// line together.
	skipped int
	at      time.Time
}

// quietRetries is how long a repeated call is not worth a line: AWS takes some
// seconds until it shows what was just made.
const quietRetries = 15 * time.Second

func newLines(o Options) *lines { return &lines{o: o, last: map[engine.Address]string{}} }

// Event implements Renderer.
func (l *lines) Event(e engine.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.Kind == engine.Skipped {
		l.done++
		l.skipped, l.at = l.skipped+1, e.Time
		return
	}
	text := l.describe(e)
	if text == "" || l.last[e.Address] == text {
		return
	}
	l.last[e.Address] = text
	if e.Kind == engine.Done || e.Kind == engine.Failed {
		l.done++
		delete(l.last, e.Address)
	}
	stamp := e.Time.UTC().Format(time.TimeOnly)
	_, _ = fmt.Fprintf(l.o.Out, "%s %s\n", stamp, text)
}

func (l *lines) describe(e engine.Event) string {
	name := e.Address.String()
	if e.Address.IsZero() {
		if e.Kind == engine.Waiting {
			return "waiting: " + e.Detail
		}
		return ""
	}
	switch e.Kind {
	case engine.Started:
		return fmt.Sprintf("%s %s", name, presentOf(e.Verb))
	case engine.Waiting, engine.Made:
		if e.Detail == "" {
			return ""
		}
		return fmt.Sprintf("%s waiting: %s", name, e.Detail)
	case engine.Retrying:
		if e.Elapsed < quietRetries {
			return ""
		}
		return fmt.Sprintf("%s trying again: %s", name, e.Detail)
	case engine.Done:
		return fmt.Sprintf("%s %s after %s%s", name, pastOf(e.Verb), clock.Span(e.Elapsed), idOf(e))
	case engine.Failed:
		return fmt.Sprintf("%s failed after %s: %s", name, clock.Span(e.Elapsed), e.Detail)
	}
	return ""
}

// Say implements Renderer.
func (l *lines) Say(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	writeLine(l.o.Out, text)
}

// Stopping implements Renderer.
func (l *lines) Stopping(text string) { l.Say(text) }

// Close implements Renderer.
func (l *lines) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.skipped > 0 {
		_, _ = fmt.Fprintf(l.o.Out, "%s %d more not begun\n", l.at.UTC().Format(time.TimeOnly), l.skipped)
		l.skipped = 0
	}
}

func idOf(e engine.Event) string {
	if e.ID == "" || e.Verb == engine.VerbDelete {
		return ""
	}
	id := e.ID
	if i := strings.LastIndexByte(id, '/'); strings.HasPrefix(id, "arn:") && i >= 0 {
		id = id[i+1:] // what tells objects apart; JSON has it whole
	}
	return " (" + id + ")"
}

func presentOf(v engine.Verb) string {
	switch v {
	case engine.VerbCreate:
		return "creating"
	case engine.VerbUpdate:
		return "updating"
	case engine.VerbReplace:
		return "replacing"
	case engine.VerbDelete:
		return "deleting"
	case engine.VerbWait:
		return "waiting"
	case engine.VerbRecord:
		return "noting what was asked"
	}
	return string(v)
}

func pastOf(v engine.Verb) string {
	switch v {
	case engine.VerbCreate:
		return "created"
	case engine.VerbUpdate:
		return "updated"
	case engine.VerbReplace:
		return "replaced"
	case engine.VerbDelete:
		return "deleted"
	case engine.VerbWait:
		return "ready"
	case engine.VerbRecord:
		return "noted"
	}
	return string(v)
}

// writeLine is what the live tree and the lines share: one write per line, so
// that output of several writers to one pipe does not mix.
func writeLine(w io.Writer, s string) { _, _ = io.WriteString(w, s+"\n") }

var _ Renderer = (*lines)(nil)
