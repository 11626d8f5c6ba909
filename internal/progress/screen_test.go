package progress_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
)

// window is a terminal that knows what a live tree sends: it wraps lines that are
// too long, and wraps them anew when its width changes, as terminals do. Its
// characters are one column wide.
type window struct {
	mu            sync.Mutex
	columns, rows int
	// lines are what was written between line feeds; the cursor is at the end of the
	// last one.
	lines []string
	// unknown is what it was sent and does not know.
	unknown []string
}

func (w *window) size() (columns, rows int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.columns, w.rows
}

func (w *window) resize(columns, rows int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.columns, w.rows = columns, rows
}

// Write implements io.Writer.
func (w *window) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.lines) == 0 {
		w.lines = []string{""}
	}
	for text := string(p); text != ""; {
		text = w.take(text)
	}
	return len(p), nil
}

// take obeys the first character or sequence of a text, and returns the rest.
func (w *window) take(text string) string {
	last := len(w.lines) - 1
	sequence, ok := strings.CutPrefix(text, "\x1b[")
	if !ok {
		r := []rune(text)[0]
		switch r {
		case '\n':
			w.lines = append(w.lines, "")
		case '\r':
			if w.lines[last] != "" {
				w.unknown = append(w.unknown, "a carriage return behind "+w.lines[last])
			}
		default:
			w.lines[last] += string(r)
		}
		return text[len(string(r)):]
	}
	end := strings.IndexFunc(sequence, func(r rune) bool { return r >= '@' })
	switch argument := sequence[:end]; sequence[end] {
	case 'A':
		n, _ := strconv.Atoi(argument)
		w.up(max(n, 1))
	case 'J', 'm': // up has erased; colours take no place
	default:
		w.unknown = append(w.unknown, sequence[:end+1])
	}
	return sequence[end+1:]
}

// up moves the cursor up by rows on the screen, no further than to the top, and
// erases what is below: the tree does that next. It stays in column 0.
func (w *window) up(n int) {
	rows := 1
	for i := len(w.lines) - 1; i > 0 && n > 0 && rows < w.rows; i-- {
		above := w.height(w.lines[i-1])
		if above > n { // into the middle of a wrapped line
			w.lines[i-1] = string([]rune(w.lines[i-1])[:(above-n)*w.columns])
			w.lines = append(w.lines[:i], "")
			return
		}
		n, rows = n-above, rows+above
		w.lines = append(w.lines[:i-1], "")
	}
}

// height is the number of rows that a line takes.
func (w *window) height(line string) int {
	return 1 + max(len([]rune(line))-1, 0)/w.columns
}

func (w *window) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

// TestTheTreeStaysWhole: at any width, and while the width changes between two
// drawings or within one, a window shows the lines before the tree, what was said
// above it, and one tree.
func TestTheTreeStaysWhole(t *testing.T) {
	t.Parallel()
	for name, sizes := range map[string][][2]int{
		"40 columns":      {{40, 24}},
		"80 columns":      {{80, 24}},
		"200 columns":     {{200, 50}},
		"narrower":        {{120, 24}, {80, 24}, {40, 24}, {33, 24}},
		"wider":           {{40, 24}, {80, 24}, {200, 24}},
		"there and back":  {{100, 24}, {40, 24}, {100, 24}, {41, 24}, {100, 24}},
		"lower":           {{80, 24}, {80, 9}, {80, 6}},
		"one row is left": {{80, 3}, {40, 2}},
		"very narrow":     {{80, 24}, {10, 24}, {3, 24}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &window{columns: sizes[0][0], rows: sizes[0][1]}
			synctest.Test(t, func(t *testing.T) { resized(t, w, sizes) })
			if len(w.unknown) > 0 {
				t.Errorf("it was sent %q", w.unknown)
			}
		})
	}
}

func resized(t *testing.T, w *window, sizes [][2]int) {
	t.Helper()
	tick := make(chan time.Time)
	stack := engine.Owner{Environment: "shop-dev", Project: "shop"}
	o := progress.Options{Out: w, Mode: progress.Live, Color: true, Size: w.size, Clock: clock.Wall{}, Tick: tick, Total: 9, Estimate: time.Hour}
	for i := range 6 {
		o.Services = append(o.Services, progress.Service{
			Name: fmt.Sprintf("service-%d", i), Address: engine.Address{Owner: stack, Type: "ecs.service", Name: fmt.Sprint(i)},
			Outlook: engine.Outlook{Ends: 30 * time.Minute},
		})
	}
	fmt.Fprintln(w, "$ berth up")
	r := progress.New(o)
	for i, s := range o.Services {
		r.Event(engine.Event{Kind: engine.Started, Time: time.Now(), Verb: engine.VerbCreate, Address: s.Address})
		r.Event(engine.Event{Kind: engine.Waiting, Address: s.Address, Verb: engine.VerbCreate, Detail: strings.Repeat("0 of 1 tasks run ", i)})
	}
	said := []string{"$ berth up"}
	for i, size := range sizes {
		w.resize(size[0], size[1])
		tick <- time.Time{}
		synctest.Wait()
		screen := w.String()
		if n := strings.Count(screen, " of 9 done"); n != 1 && size[0] > 20 {
			t.Errorf("at %v the screen has %d trees:\n%s", size, n, screen)
		}
		if !strings.HasPrefix(screen, strings.Join(said, "\n")+"\n") {
			t.Errorf("at %v the lines above are gone:\n%s", size, screen)
		}
		for line := range strings.Lines(screen) {
			if n := len([]rune(line)) - 1; n >= max(size[0], 22) {
				t.Errorf("at %v a line has %d columns: %s", size, n, line)
			}
		}
		if n := strings.Count(screen, "\n") - len(said); n > max(size[1]-2, 1) {
			t.Errorf("at %v the tree has %d lines:\n%s", size, n, screen)
		}
		text := fmt.Sprintf("said %d", i)
		r.Say(text)
		said = append(said, text)
	}
	r.Stopping("stopping: the rest comes later")
	tick <- time.Time{}
	r.Close()
	if got := w.String(); w.columns > 40 && !strings.HasSuffix(strings.TrimSpace(got), "stopping: the rest comes later") {
		t.Errorf("the last line is not that it stops:\n%s", got)
	}
}
