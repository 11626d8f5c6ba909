package progress_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden shows one short run in every mode.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]progress.Options{
		"plain":      {Mode: progress.Plain},
		"json":       {Mode: progress.JSON},
		"live":       {Mode: progress.Live},
		"live-color": {Mode: progress.Live, Color: true},
		"live-small": {Mode: progress.Live, Size: func() (int, int) { return 40, 7 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			synctest.Test(t, func(*testing.T) { play(&out, o) })
			golden(t, name, out.Bytes())
			if o.Mode != progress.JSON {
				return
			}
			for line := range bytes.Lines(out.Bytes()) {
				if !json.Valid(line) {
					t.Errorf("not JSON: %s", line)
				}
			}
		})
	}
}

// TestTextsOfEventsCannotDriveTheTerminal: what AWS says is in them.
func TestTextsOfEventsCannotDriveTheTerminal(t *testing.T) {
	t.Parallel()
	const text = "\x1b]0;x\a\x1b[2J\u009b1m\u202ex\r\n\b"
	for _, mode := range []progress.Mode{progress.Plain, progress.JSON, progress.Live} {
		var out bytes.Buffer
		synctest.Test(t, func(*testing.T) {
			tick := make(chan time.Time)
			r := progress.New(progress.Options{Out: &out, Mode: mode, Clock: clock.Wall{}, Tick: tick, Total: 1})
			for _, kind := range []engine.Kind{engine.Started, engine.Waiting, engine.Retrying, engine.Failed, engine.Done} {
				r.Event(engine.Event{Kind: kind, Time: time.Now(), Verb: engine.VerbCreate, ID: text, Detail: text, Err: errors.New(text),
					Address: engine.Address{Owner: engine.Owner{Environment: "shop-dev"}, Type: "ecs.service", Name: text}, Elapsed: time.Minute})
				if mode == progress.Live {
					tick <- time.Now()
				}
			}
			r.Close()
		})
		// A tree moves the cursor and erases what it has drawn, and nothing else.
		drawn := strings.NewReplacer("\x1b[2A", "", "\x1b[3A", "", "\x1b[4A", "", "\x1b[1A", "", "\x1b[A", "", "\r", "", "\x1b[J", "", "\x1b[0J", "")
		rest := out.String()
		if mode == progress.Live {
			rest = drawn.Replace(rest)
		}
		if i := strings.IndexFunc(rest, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Errorf("%s: %q", mode, rest[max(0, i-40):min(len(rest), i+40)])
		}
	}
}

// TestATreeThatCannotBeDrawnEndsNoRun: drawing goes on beside the run; a panic
// there must not end it. What fails is still told.
func TestATreeThatCannotBeDrawnEndsNoRun(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]func() (int, int){
		"the size":   func() (int, int) { panic("no terminal") },
		"the writer": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				tick := make(chan time.Time)
				o := progress.Options{Out: &out, Mode: progress.Live, Clock: clock.Wall{}, Tick: tick, Total: 1, Size: size}
				if size == nil {
					o.Out = torn{}
				}
				r := progress.New(o)
				tick <- time.Time{}
				synctest.Wait()
				if size != nil {
					r.Event(engine.Event{Kind: engine.Failed, Time: time.Now(), Verb: engine.VerbCreate, Detail: "no such role",
						Address: engine.Address{Owner: engine.Owner{Environment: "shop-dev"}, Type: "ecs.service", Name: "web"}})
				}
				r.Close()
				if text := out.String(); size != nil && (!strings.Contains(text, "progress cannot be shown") || !strings.Contains(text, "no such role")) {
					t.Errorf("told %q", text)
				}
			})
		})
	}
}

// TestTheWordsOfARow: a caller's own word stands before how far the service is, and
// the verb only where nothing better is known.
func TestTheWordsOfARow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doing, detail, want string }{
		"the verb":             {"", "", "web  updating "},
		"how far":              {"", "0 of 1 tasks run", "web  0 of 1 tasks run "},
		"the word":             {"restarting", "", "web  restarting "},
		"the word and how far": {"restarting", "0 of 1 tasks run", "web  restarting: 0 of 1 tasks run "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				tick := make(chan time.Time)
				at := engine.Address{Owner: engine.Owner{Environment: "shop-dev", Project: "shop"}, Type: "ecs.service", Name: "web"}
				r := progress.New(progress.Options{
					Out: &out, Mode: progress.Live, Clock: clock.Wall{}, Tick: tick, Total: 1,
					Services: []progress.Service{{Name: "web", Address: at, Doing: c.doing}},
				})
				r.Event(engine.Event{Kind: engine.Started, Time: time.Now(), Verb: engine.VerbUpdate, Address: at})
				r.Event(engine.Event{Kind: engine.Made, Time: time.Now(), Verb: engine.VerbUpdate, Address: at, Detail: c.detail})
				tick <- time.Time{}
				synctest.Wait()
				r.Close()
				if !strings.Contains(out.String(), c.want) {
					t.Errorf("drew %q; want %q", out.String(), c.want)
				}
			})
		})
	}
}

// torn is a writer that panics.
type torn struct{}

func (torn) Write([]byte) (int, error) { panic("no writer") }

// play sends the events of a small run; a live tree is drawn three times.
func play(out *bytes.Buffer, o progress.Options) {
	tick := make(chan time.Time)
	o.Out, o.Clock, o.Tick, o.Total, o.Estimate = out, clock.Wall{}, tick, 4, 2*time.Minute
	env := engine.Owner{Environment: "shop-dev"}
	stack := engine.Owner{Environment: "shop-dev", Project: "shop"}
	for _, name := range []string{"api", "web", "worker"} {
		o.Services = append(o.Services, progress.Service{
			Name: name, Address: engine.Address{Owner: stack, Type: "ecs.service", Name: name},
			Outlook: engine.Outlook{Ends: 2 * time.Minute, Needs: []engine.Address{{Owner: env, Type: "ec2.vpc", Name: "main"}}},
		})
	}
	r := progress.New(o)
	begin := time.Now()
	send := func(kind engine.Kind, owner engine.Owner, typ, name string, e engine.Event) {
		e.Kind, e.Time, e.Elapsed = kind, time.Now(), time.Since(begin)
		e.Address, e.Verb = engine.Address{Owner: owner, Type: typ, Name: name}, engine.VerbCreate
		r.Event(e)
	}
	draw := func() {
		if o.Mode == progress.Live {
			tick <- time.Time{}
			synctest.Wait()
		}
	}
	send(engine.Started, env, "ec2.vpc", "main", engine.Event{})
	send(engine.Started, stack, "ecs.service", "web", engine.Event{})
	send(engine.Started, stack, "ecs.service", "api", engine.Event{})
	draw()
	time.Sleep(1500 * time.Millisecond)
	send(engine.Done, env, "ec2.vpc", "main", engine.Event{ID: "vpc-1"})
	send(engine.Waiting, stack, "ecs.service", "web", engine.Event{Detail: "0 of 1 tasks run"})
	send(engine.Waiting, stack, "ecs.service", "web", engine.Event{Detail: "0 of 1 tasks run"})
	send(engine.Retrying, stack, "ecs.service", "api", engine.Event{Detail: "too many calls"})
	draw()
	time.Sleep(time.Minute)
	send(engine.Done, stack, "ecs.service", "web", engine.Event{ID: "arn:aws:ecs:eu-central-1:1:service/c/web"})
	send(engine.Failed, stack, "ecs.service", "api", engine.Event{Detail: "no health", Err: errors.New("no health")})
	send(engine.Skipped, stack, "ecs.service", "worker", engine.Event{})
	draw()
	r.Say("the lock is renewed late")
	r.Stopping("stopping: calls under way finish first; Ctrl-C again ends at once")
	draw()
	r.Close()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
