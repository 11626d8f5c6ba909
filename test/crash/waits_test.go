package crash

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// untold is how long a wait may last before an event gives its reason.
const untold = 10 * time.Second

// neverSlow are the types for which no run waits here, with the reason.
var neverSlow = map[string]string{
	"route53.hosted-zone": "the zone is somebody else's",
	"cloudflare.zone":     "the names are in Route 53",
	"cloudflare.record":   "the names are in Route 53",
}

// TestEveryWaitOfEveryTypeIsTold brings up, changes and tears down a project
// with every resource type, on a bad day and with an AWS whose answers are slow.
// An event must say within ten seconds what an action waits for.
func TestEveryWaitOfEveryTypeIsTold(t *testing.T) {
	t.Parallel()
	first, changed := project(t, "dns")
	waited := map[string]bool{}
	var types []string
	for name, opt := range map[string]sandbox.Options{
		"a bad day":    {Seed: 1, Profile: sandbox.Slow, Latency: 40 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true},
		"slow answers": {Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true, Durations: short},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bed.New(t, opt)
			b.InAccount = true
			b.SetSecret(t, "shop-dev", "PW", "one")
			zoned(t, b.World)
			if name == "slow answers" {
				b.World.Inject(slowChanges)
			}
			for _, s := range []story{
				{name: "up", app: first},
				{name: "update", app: changed},
				{name: "down", app: changed, req: deploy.Request{Down: true, DeleteData: true}},
			} {
				p, err := b.Start(t.Context(), s.app)
				if err != nil {
					t.Fatal(err)
				}
				l := listener{waits: map[string]*wait{}, waited: waited, where: name + ", " + s.name}
				p.Observe = bed.Events(l.hear)
				s.req.Timeout = 10 * time.Hour
				plan, _, err := p.Do(t.Context(), s.req)
				if err != nil {
					t.Fatalf("%s: %v", l.where, err)
				}
				for _, silent := range l.silent {
					t.Error(silent)
				}
				types = plan.Types().Names()
				time.Sleep(bed.Quiet)
			}
		})
	}
	for _, name := range types {
		if reason := neverSlow[name]; waited[name] == (reason != "") {
			t.Errorf("%s: waited %v, exception %q", name, waited[name], reason)
		}
	}
}

// slowChanges delays the answer to every change, except to writes of the lock,
// whose holder would lose it.
func slowChanges(c sandbox.Call) sandbox.Fault {
	if !c.Mutating || c.Service == "S3" {
		return sandbox.Fault{}
	}
	return sandbox.Fault{Delay: untold + time.Second}
}

// listener receives the events of a run and notes the waits without an event.
type listener struct {
	where string
	waits map[string]*wait
	// waited are the types with an action that waited for long.
	waited map[string]bool
	silent []string
}

// wait is what one action is doing: since when, and whether an event has said
// so.
type wait struct {
	since time.Time
	told  bool
}

// hear handles an event. A wait begins when an action starts and when it has
// made its object.
func (l *listener) hear(e engine.Event) {
	if e.Time.IsZero() || e.Address.IsZero() {
		return
	}
	key := fmt.Sprintf("%s %s", e.Verb, e.Address)
	w := l.waits[key]
	if w != nil {
		lasted := e.Time.Sub(w.since)
		if lasted > untold {
			l.waited[e.Address.Type] = true
		}
		if lasted > untold && !w.told {
			l.silent = append(l.silent, fmt.Sprintf("%s: %s: nothing told for %v, until it was %s: %s", l.where, key, lasted, e.Kind, e.Detail))
		}
	}
	switch e.Kind {
	case engine.Started, engine.Made:
		l.waits[key] = &wait{since: e.Time, told: e.Detail != ""}
	case engine.Waiting, engine.Retrying:
		if w != nil {
			w.told = w.told || e.Detail != ""
		}
	default:
		delete(l.waits, key)
	}
}
