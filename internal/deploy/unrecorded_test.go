package deploy_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/why"
	"github.com/berthdev/berth/test/bed"
)

// TestUnrecorded: where an endpoint has no records of deployments, DescribeServices decides
// and the user is told so; a refusal is an error with its remedy.
func TestUnrecorded(t *testing.T) {
	t.Parallel()
	first, second := canaryApp(t, "shop:1", twoSteps), canaryApp(t, "shop:2", twoSteps)
	bad := canaryApp(t, "sandbox/crash:1s", twoSteps)
	absent := sandbox.Fault{Kind: sandbox.FailBefore, Instead: &sandbox.Answer{Status: 500, Type: "text/html", Body: "<h1>Internal Server Error</h1>"}}
	for name, c := range map[string]struct {
		fault  sandbox.Fault
		denied bool
	}{
		"there is no such call": {absent, false},
		"it is refused":         {sandbox.Fault{Kind: sandbox.Deny}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, first, deploy.Request{})
				var calls attempts
				b.World.Inject(func(call sandbox.Call) sandbox.Fault {
					if strings.HasSuffix(call.Operation, "ServiceDeployments") {
						calls.add()
						return c.fault
					}
					return sandbox.Fault{}
				})
				p, err := b.Start(t.Context(), second)
				if err != nil {
					t.Fatal(err)
				}
				told := false
				p.Observe = bed.Events(func(e engine.Event) { told = told || strings.Contains(e.Detail, ecs.NoRecords) })
				_, _, err = p.Do(t.Context(), deploy.Request{})
				if c.denied {
					refused(t, err)
					_, err = deploy.Why(t.Context(), p.Project, "web")
					refused(t, err)
					return
				}
				if err != nil || !told {
					t.Errorf("error %v; the user was told: %v", err, told)
				}
				before := calls.count()
				answers, err := deploy.Why(t.Context(), p.Project, "web")
				if err != nil || len(answers) != 1 || answers[0].State != why.Well {
					t.Errorf("answers %+v, error %v", answers, err)
				}
				if n := calls.count() - before; n != 1 {
					t.Errorf("%d attempts, want 1", n)
				}
				if _, err = b.Run(t.Context(), bad, deploy.Request{}); !deploy.Unhealthy(err) {
					t.Errorf("a bad version: %v", err)
				}
				answers, err = deploy.Why(t.Context(), p.Project, "web")
				if err != nil || answers[0].State == why.Well || !strings.Contains(strings.Join(answers[0].Evidence, "\n"), ecs.NoRecords) {
					t.Errorf("answers %+v, error %v", answers, err)
				}
			})
		})
	}
}

// attempts counts calls.
type attempts struct {
	mu sync.Mutex
	n  int
}

func (a *attempts) add() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
}

func (a *attempts) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}

// refused fails unless an error names the permission that is missing.
func refused(t *testing.T, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "ServiceDeployments") || engine.ClassOf(err) != engine.Denied {
		t.Errorf("error %v, want one about a permission", err)
	}
}
