package crash

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// disturbance is a way in which calls fail from the k-th on.
type disturbance struct {
	name string
	kind sandbox.FaultKind
	// lasts is how long it goes on; zero is one call, negative for ever.
	lasts time.Duration
	// aws says that the state bucket is spared.
	aws bool
	// survives says that the run itself must overcome it.
	survives bool
}

var disturbances = []disturbance{
	{name: "answer lost", kind: sandbox.FailAfter, survives: true},
	{name: "connection broken", kind: sandbox.FailBefore, survives: true},
	{name: "throttled", kind: sandbox.Throttle, survives: true},
	{name: "throttled for 20 s", kind: sandbox.Throttle, lasts: 20 * time.Second, aws: true, survives: true},
	{name: "network gone for a minute", kind: sandbox.FailBefore, lasts: time.Minute},
	{name: "network gone", kind: sandbox.FailBefore, lasts: -1},
	{name: "denied", kind: sandbox.Deny, lasts: -1},
	{name: "credentials expired", kind: sandbox.Expire, lasts: -1},
}

// TestDisturbances makes calls fail in every way except death. The run itself
// must survive faults that pass; after the others the next run must reach the
// desired world.
func TestDisturbances(t *testing.T) {
	t.Parallel()
	each := 426 // the distance in calls
	if os.Getenv("BERTH_CRASH") == "all" {
		each = 71
	}
	for seed := uint64(1); seed <= 3; seed++ {
		for _, s := range stories(t, []string{"dns", "connect", "dns"}[seed-1]) {
			p := prepare(t, s, seed)
			for i, d := range disturbances {
				for k := 5*i%each + int(seed); k < len(p.calls); k += each {
					t.Run(fmt.Sprintf("%s/seed %d/call %d/%s", p.name, seed, k, d.name), func(t *testing.T) {
						t.Parallel()
						p.disturb(t, k, d)
					})
				}
			}
		}
	}
}

func (p prepared) disturb(t *testing.T, k int, d disturbance) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := p.begin(t)
		first := make(chan sandbox.Call, 1)
		var until time.Time
		b.World.Inject(func(c sandbox.Call) sandbox.Fault {
			switch {
			case c.Index < k, d.lasts == 0 && c.Index > k, d.lasts > 0 && c.Index > k && c.At.After(until):
				return sandbox.Fault{}
			case d.aws && c.Service == "S3" && c.Index != k:
				return sandbox.Fault{}
			case c.Index == k:
				first <- c
				until = c.At.Add(d.lasts)
			}
			return sandbox.Fault{Kind: d.kind}
		})
		_, err := b.Run(t.Context(), p.app, p.req)
		var at sandbox.Call
		select {
		case at = <-first:
		default:
			return
		}
		where := fmt.Sprintf("%s at call %d, %s %s", d.name, k, at.Service, at.Operation)
		if err != nil && d.survives {
			t.Errorf("%s: the run fails: %v", where, err)
			return
		}
		b.World.Inject(nil)
		if _, again := b.Run(t.Context(), p.app, p.req); again != nil {
			t.Errorf("%s (%v): the next run fails: %v", where, err, again)
			return
		}
		if got := settled(b); got != p.want {
			t.Errorf("%s: the world differs:\n%s", where, differences(p.want, got))
		}
		p.end(t, b, where)
	})
}

// TestEveryDenial removes one permission at a time. The run must name it and
// say what to add; with the permission the next run must reach the desired
// world.
func TestEveryDenial(t *testing.T) {
	t.Parallel()
	s := stories(t, "dns")
	for _, story := range []story{s[0], s[2]} {
		p := prepare(t, story, 1)
		for _, action := range sandbox.Actions(p.calls) {
			t.Run(p.name+"/"+action, func(t *testing.T) {
				t.Parallel()
				p.deny(t, action)
			})
		}
	}
}

// spared are permissions without which berth still works: it then does not report
// the state bucket's settings, gives a notice that a policy, a queue or a topic in the file
// was not checked, and a teardown does not need the lists of a service that the project
// never used.
var spared = []string{
	"tag:GetResources", "servicequotas:GetServiceQuota", "codebuild:ListProjects",
	"iam:GetPolicy", "sns:GetTopicAttributes", "sqs:GetQueueUrl", "s3:GetBucketVersioning", "s3:GetBucketPublicAccessBlock", "s3:GetBucketPolicy", "s3:GetBucketOwnershipControls",
}

func (p prepared) deny(t *testing.T, action string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := p.begin(t)
		without := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"*","Resource":"*"},
			{"Effect":"Deny","Action":%q,"Resource":"*"}]}`, action)
		if err := b.World.SetPolicy([]byte(without)); err != nil {
			t.Fatal(err)
		}
		_, err := b.Run(t.Context(), p.app, p.req)
		if err == nil && !slices.Contains(spared, action) {
			t.Errorf("without %s the run succeeds", action)
		}
		if err != nil && !denied(err) {
			t.Errorf("without %s: not a denial: %v", action, err)
		}
		if err := b.World.SetPolicy(nil); err != nil {
			t.Fatal(err)
		}
		if _, again := b.Run(t.Context(), p.app, p.req); again != nil {
			t.Errorf("without %s (%v): the next run fails: %v", action, err, again)
			return
		}
		if got := settled(b); got != p.want {
			t.Errorf("without %s: the world differs:\n%s", action, differences(p.want, got))
		}
		p.end(t, b, "without "+action)
	})
}

// denied looks for a denial anywhere in a tree of errors.
func denied(err error) bool {
	var classified engine.Classified
	if errors.As(err, &classified) && classified.Class() == engine.Denied {
		return true
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // every branch of the tree is visited
		return slices.ContainsFunc(many.Unwrap(), denied)
	}
	if inner := errors.Unwrap(err); inner != nil {
		return denied(inner)
	}
	return false
}
