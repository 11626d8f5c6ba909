package crash

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/sandbox"
)

// wrongAnswers replace AWS's answers, in this order: with the last one the
// change is made, and the operation may not be called again.
var wrongAnswers = []struct {
	sandbox.Fault
	// ends says that the run cannot go on.
	ends bool
}{
	{Fault: between(200, "text/html", "<!DOCTYPE html><html><body>Log in</body></html>")},
	{Fault: between(403, "text/html", "<html><body>Access denied by policy</body></html>"), ends: true},
	{Fault: between(404, "text/plain", "404 page not found"), ends: true},
	{Fault: between(501, "text/html", "<html>no</html>"), ends: true},
	{Fault: sandbox.Fault{Instead: &sandbox.Answer{Status: 200}}},
}

// between is an answer from something between berth and AWS that passes nothing
// on.
func between(status int, kind, body string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FailBefore, Instead: &sandbox.Answer{Status: status, Type: kind, Body: body}}
}

// TestWrongAnswersToChanges gives each wrong answer to every operation by which
// the types change something, again and again on the same world. Each run
// survives it, or ends with an error that names the operation; the lock is free
// each time, and in the end the world is the same as without wrong answers.
func TestWrongAnswersToChanges(t *testing.T) {
	t.Parallel()
	for _, s := range stories(t, "dns")[:3] {
		p := prepare(t, s, 1)
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, p.answeredWrongly)
		})
	}
}

// written matches how often berth has written a secret that it assembles: once
// more after an unknown outcome.
var written = regexp.MustCompile(`(/shop/\w+/\w+) \d+`)

func rewritten(world string) string { return written.ReplaceAllString(anywhere(world), "$1 N") }

// mostRuns bounds the number of runs of a story, each of which gets a wrong
// answer.
const mostRuns = 200

func (p prepared) answeredWrongly(t *testing.T) {
	b := p.begin(t)
	g := given{times: map[string]int{}}
	for range mostRuns {
		g.begin()
		b.World.Inject(g.next)
		_, err := b.Run(t.Context(), p.app, p.req)
		b.World.Inject(nil)
		var panicked *concurrent.PanicError
		if errors.As(err, &panicked) {
			t.Fatalf("%v\n%s", err, panicked.Stack)
		}
		for op, ends := range g.now {
			name := op[strings.LastIndex(op, " ")+1:]
			if ends && (err == nil || !strings.Contains(err.Error(), name)) {
				t.Errorf("%s was answered wrongly, and the run says: %v", op, err)
			}
		}
		p.unlocked(t, b)
		if len(g.now) > 0 {
			continue
		}
		if err != nil {
			t.Fatalf("a run without wrong answers: %v", err)
		}
		g.checkAll(t, p.calls)
		if got, want := rewritten(settled(b)), rewritten(p.want); got != want {
			t.Errorf("the world differs:\n%s", differences(want, got))
		}
		return
	}
	t.Errorf("still answered wrongly after %d runs: %v", mostRuns, g.now)
}

// given are the wrong answers that operations have had, and those of this run,
// with whether they end it.
type given struct {
	mu    sync.Mutex
	times map[string]int
	now   map[string]bool
}

func (g *given) begin() { g.now = map[string]bool{} }

// next returns the next wrong answer to a change.
func (g *given) next(c sandbox.Call) sandbox.Fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	op := c.Service + " " + c.Operation
	if !ofTypes(c) || g.times[op] == len(wrongAnswers) {
		return sandbox.Fault{}
	}
	a := wrongAnswers[g.times[op]]
	g.times[op]++
	g.now[op] = g.now[op] || a.ends
	return a.Fault
}

// seldom are operations that no later run calls after they have ended one: they
// would write AWS's own default, or tags whose content the parameter's
// description has too.
var seldom = []string{"RDS ModifyDBParameterGroup", "SSM AddTagsToResource"}

// checkAll fails for an operation of the undisturbed story that has not had every
// wrong answer.
func (g *given) checkAll(t *testing.T, calls []sandbox.Call) {
	t.Helper()
	for _, c := range calls {
		op := c.Service + " " + c.Operation
		if n := g.times[op]; ofTypes(c) && n != len(wrongAnswers) && (n < 2 || !slices.Contains(seldom, op)) {
			t.Errorf("%s has had %d of %d wrong answers", op, n, len(wrongAnswers))
			g.times[op] = len(wrongAnswers) // report it once
		}
	}
}

// ofTypes says that a call changes something for a type: the lock and the
// releases are the state's.
func ofTypes(c sandbox.Call) bool {
	return c.Mutating && c.Service != "S3"
}
