package progress_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/terminal/terminaltest"
)

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
			w := terminaltest.New(sizes[0][0], sizes[0][1])
			synctest.Test(t, func(t *testing.T) { resized(t, w, sizes) })
			if len(w.Unknown()) > 0 {
				t.Errorf("it was sent %q", w.Unknown())
			}
		})
	}
}

func resized(t *testing.T, w *terminaltest.Window, sizes [][2]int) {
	t.Helper()
	tick := make(chan time.Time)
	stack := engine.Owner{Environment: "shop-dev", Project: "shop"}
	o := progress.Options{Out: w, Mode: progress.Live, Color: true, Size: w.Size, Clock: clock.Wall{}, Tick: tick, Total: 9, Estimate: time.Hour}
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
		w.Resize(size[0], size[1])
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
	columns, _ := w.Size()
	if got := w.String(); columns > 40 && !strings.HasSuffix(strings.TrimSpace(got), "stopping: the rest comes later") {
		t.Errorf("the last line is not that it stops:\n%s", got)
	}
}
