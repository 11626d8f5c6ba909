package deploy_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// elsewhere is an app as it is in another place.
func elsewhere(a *app.App, remote, path string) *app.App {
	b := *a
	b.Source = app.Source{Remote: remote, Path: path}
	return &b
}

// wantRefused runs a request that must be refused because the stack is that of
// a source, and must change nothing.
func wantRefused(t *testing.T, b *bed.Bed, a *app.App, req deploy.Request, theirs string) {
	t.Helper()
	before := b.World.Dump()
	f, err := b.Run(t.Context(), a, req)
	var other *deploy.OtherSourceError
	if !errors.As(err, &other) || other.Claim.Theirs != theirs || !strings.Contains(other.Remedy(), "--take-over") {
		t.Errorf("%+v: error %v, want one that names %s and --take-over", req, err, theirs)
	}
	if f.Changing > 0 {
		t.Errorf("%+v: %d changing calls", req, f.Changing)
	}
	if b.World.Dump() != before {
		t.Errorf("%+v: the world has changed", req)
	}
}

// forget deletes the objects of the state whose key has a prefix, as somebody
// who cleans up a bucket does.
func forget(t *testing.T, b *bed.Bed, prefix string) {
	t.Helper()
	eachRecord(t, b, prefix, func(c *s3.Client, bucket, key *string) error {
		_, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: key})
		return err
	})
}

// eachRecord does something to the objects of the state whose key has a prefix.
func eachRecord(t *testing.T, b *bed.Bed, prefix string, do func(c *s3.Client, bucket, key *string) error) {
	t.Helper()
	c := s3.NewFromConfig(b.World.Config())
	bucket := aws.String("berth-" + b.World.Account() + "-" + b.World.Region())
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket, Prefix: &prefix})
	if err != nil || len(list.Contents) == 0 {
		t.Fatalf("nothing at %s: %v", prefix, err)
	}
	for _, o := range list.Contents {
		if err := do(c, bucket, o.Key); err != nil {
			t.Fatal(err)
		}
	}
}

// records are all objects of the state, as text.
func records(t *testing.T, b *bed.Bed) string {
	t.Helper()
	var text strings.Builder
	eachRecord(t, b, "", func(c *s3.Client, bucket, key *string) error {
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key})
		if err != nil {
			return err
		}
		_, err = io.Copy(&text, out.Body)
		return err
	})
	return text.String()
}

// services are the names of the services that there are.
func services(t *testing.T, b *bed.Bed, a *app.App) string {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := p.Plan(t.Context(), deploy.Request{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range prepared.Observed.Objects("ecs.service") {
		if l.State != engine.StateDeleting {
			names = append(names, l.Address.Name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestAnotherSourceChangesNothing brings a stack up and comes with a project of
// the same name from elsewhere.
func TestAnotherSourceChangesNothing(t *testing.T) {
	t.Parallel()
	mine := bed.App(t, pair)
	theirs := elsewhere(bed.App(t, alone), "git@github.com:acme/other.git", ".")
	same := elsewhere(mine, "git@github.com:acme/other.git", ".")
	const me, they = "example.com/shop//compose.yaml", "github.com/acme/other"
	for name, lose := range map[string]string{"with its lock": "", "its lock is lost": "locks/"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, mine, deploy.Request{})
				time.Sleep(bed.Quiet)
				if lose != "" {
					forget(t, b, lose)
				}
				for _, req := range []deploy.Request{{}, {Services: []string{"web"}}, {RemoveOrphans: true}, {Down: true}, {Down: true, DeleteData: true, RemoveOrphans: true}} {
					wantRefused(t, b, theirs, req, me)
				}
				wantRefused(t, b, same, deploy.Request{}, me) // even with nothing to do
				mustRun(t, b, theirs, deploy.Request{TakeOver: true})
				time.Sleep(bed.Quiet)
				if has := services(t, b, mine); has != "web" {
					t.Errorf("after the take-over there are %s, want only web", has)
				}
				wantRefused(t, b, mine, deploy.Request{}, they)
				wantRefused(t, b, mine, deploy.Request{Down: true}, they)
				// What a teardown leaves is still theirs, until that goes, too.
				mustRun(t, b, theirs, deploy.Request{Down: true})
				time.Sleep(bed.Quiet)
				wantRefused(t, b, mine, deploy.Request{}, they)
				mustRun(t, b, theirs, deploy.Request{Down: true, DeleteData: true})
				time.Sleep(bed.Quiet)
				mustRun(t, b, mine, deploy.Request{})
			})
		})
	}
}

// TestTakeOverWithNothingToDo writes down whose the stack is now.
func TestTakeOverWithNothingToDo(t *testing.T) {
	t.Parallel()
	mine := bed.App(t, pair)
	same := elsewhere(mine, "git@github.com:acme/other.git", ".")
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, mine, deploy.Request{})
		f := mustRun(t, b, same, deploy.Request{TakeOver: true})
		if !f.Plan.Empty() {
			t.Errorf("the take-over changes something:\n%s", f.Plan)
		}
		mustRun(t, b, same, deploy.Request{})
		wantRefused(t, b, mine, deploy.Request{}, "github.com/acme/other")
	})
}

// TestTheSameSourceElsewhere runs one project from a laptop, a moved folder and
// a CI system, each with its own form of the remote's URL.
func TestTheSameSourceElsewhere(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, elsewhere(a, "git@github.com:acme/shop.git", "deploy"), deploy.Request{})
		for _, remote := range []string{"https://github.com/acme/shop", "https://x:ghs_s3cret@github.com/acme/shop.git", "ssh://git@github.com:22/Acme/shop"} {
			if f := mustRun(t, b, elsewhere(a, remote, "deploy/"), deploy.Request{}); !f.Plan.Empty() {
				t.Errorf("%s changes something:\n%s", remote, f.Plan)
			}
		}
		const they = "github.com/acme/shop//deploy"
		wantRefused(t, b, elsewhere(a, "git@github.com:acme/shop.git", "staging"), deploy.Request{}, they)
		wantRefused(t, b, elsewhere(a, "", "/home/ana/shop"), deploy.Request{}, they)
		if strings.Contains(records(t, b), "s3cret") {
			t.Error("the state has the password of a remote")
		}
	})
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, elsewhere(a, "", "/home/ana/shop"), deploy.Request{})
		mustRun(t, b, elsewhere(a, "", "/home/ana/shop"), deploy.Request{})
		wantRefused(t, b, elsewhere(a, "", "/home/ana/moved"), deploy.Request{}, "/home/ana/shop")
	})
}

// TestAFirstRunThatDied kills the first run at every call and comes with a
// project of the same name from elsewhere, which must change and delete nothing
// of what the dead run has made.
func TestAFirstRunThatDied(t *testing.T) {
	t.Parallel()
	mine := bed.App(t, pair)
	theirs := elsewhere(bed.App(t, alone), "git@github.com:acme/other.git", ".")
	const stride = 6
	calls := 0
	inSandbox(t, func(t *testing.T, b *bed.Bed) { calls = len(mustRun(t, b, mine, deploy.Request{}).Record) })
	found := 0
	for k := 0; k < calls; k += stride {
		for _, kind := range []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter} {
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond, MaxLag: 3 * time.Second})
				b.World.Inject(func(c sandbox.Call) sandbox.Fault {
					if c.Index == k {
						return sandbox.Fault{Kind: kind}
					}
					return sandbox.Fault{}
				})
				if _, err := b.Run(t.Context(), mine, deploy.Request{}); err == nil {
					return
				}
				b.World.Inject(nil)
				b.World.Revive()
				time.Sleep(bed.Quiet)
				if len(b.World.Leftovers()) == 0 {
					return
				}
				found++
				wantRefused(t, b, theirs, deploy.Request{}, "example.com/shop//compose.yaml")
				wantRefused(t, b, theirs, deploy.Request{Down: true, DeleteData: true}, "example.com/shop//compose.yaml")
				if t.Failed() {
					t.Fatalf("killed at call %d of %d", k, calls)
				}
				mustRun(t, b, mine, deploy.Request{Down: true, DeleteData: true})
			})
		}
	}
	if found < 15 {
		t.Errorf("only %d of the deaths left something", found)
	}
}

// TestNoRecordSaysWhose loses locks and releases: the project goes on as before,
// and one of the same name deletes nothing that is not in its file, however
// often it runs, until it is told to.
func TestNoRecordSaysWhose(t *testing.T) {
	t.Parallel()
	mine, less := bed.App(t, pair), bed.App(t, alone)
	lost := func(t *testing.T, f func(t *testing.T, b *bed.Bed)) {
		t.Helper()
		inSandbox(t, func(t *testing.T, b *bed.Bed) {
			mustRun(t, b, mine, deploy.Request{})
			time.Sleep(bed.Quiet)
			forget(t, b, "locks/")
			forget(t, b, "releases/")
			f(t, b)
		})
	}
	lost(t, func(t *testing.T, b *bed.Bed) {
		if f := mustRun(t, b, mine, deploy.Request{}); !f.Plan.Empty() {
			t.Errorf("the same project changes something:\n%s", f.Plan)
		}
		mustRun(t, b, mine, deploy.Request{Down: true, DeleteData: true})
		time.Sleep(bed.Quiet)
		if left := b.World.Leftovers(); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
	for name, losesAgain := range map[string]bool{"": false, "and the locks are lost again": true} {
		lost(t, func(t *testing.T, b *bed.Bed) {
			other := *less
			for i := range 3 {
				other.Services[0].Image = fmt.Sprintf("nginx:1.%d", i)
				mustRun(t, b, &other, deploy.Request{})
				time.Sleep(bed.Quiet)
				if losesAgain {
					forget(t, b, "locks/")
				}
			}
			if has := services(t, b, mine); has != "web worker" {
				t.Errorf("%s: there are %s, want worker as well", name, has)
			}
			_, err := b.Run(t.Context(), &other, deploy.Request{Down: true})
			var refused *deploy.OtherSourceError
			if !errors.As(err, &refused) || fmt.Sprint(refused.Claim.Strangers) != "[worker]" {
				t.Errorf("%s: down: %v, want a refusal that names worker", name, err)
			}
			mustRun(t, b, &other, deploy.Request{RemoveOrphans: true})
			time.Sleep(bed.Quiet)
			if has := services(t, b, mine); has != "web" {
				t.Errorf("%s: there are %s, want only web", name, has)
			}
			mustRun(t, b, &other, deploy.Request{Down: true, DeleteData: true})
		})
	}
}

// damage writes over the objects of the state whose key has a prefix.
func damage(t *testing.T, b *bed.Bed, prefix string) {
	t.Helper()
	eachRecord(t, b, prefix, func(c *s3.Client, bucket, key *string) error {
		_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("<html>")})
		return err
	})
}

// TestDamagedRecordsSayNothing: where the record of whose a stack is was damaged,
// nobody deletes any of it without saying that it is his, neither at once nor
// after an up that changed only what is there.
func TestDamagedRecordsSayNothing(t *testing.T) {
	t.Parallel()
	mine, less := bed.App(t, pair), bed.App(t, alone)
	same := elsewhere(mine, "git@github.com:acme/other.git", ".")
	for name, spoil := range map[string]func(t *testing.T, b *bed.Bed, o engine.Owner){
		"both": func(t *testing.T, b *bed.Bed, o engine.Owner) {
			t.Helper()
			damage(t, b, "locks/"+o.String())
			damage(t, b, "releases/")
		},
		"the releases, and the lock is lost": func(t *testing.T, b *bed.Bed, o engine.Owner) {
			t.Helper()
			forget(t, b, "locks/"+o.String())
			damage(t, b, "releases/")
		},
		"the lock, and the releases are lost": func(t *testing.T, b *bed.Bed, o engine.Owner) {
			t.Helper()
			damage(t, b, "locks/"+o.String())
			forget(t, b, "releases/")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, mine, deploy.Request{})
				time.Sleep(bed.Quiet)
				p, err := b.Start(t.Context(), mine)
				if err != nil {
					t.Fatal(err)
				}
				spoil(t, b, p.Stack())
				if _, err := p.Locker().Break(t.Context(), p.Stack()); err != nil {
					t.Fatal(err)
				}
				down := deploy.Request{Down: true, DeleteData: true, RemoveOrphans: true}
				wantRefused(t, b, same, down, "")
				wantRefused(t, b, elsewhere(less, "git@github.com:acme/other.git", "."), deploy.Request{RemoveOrphans: true}, "")
				mustRun(t, b, mine, deploy.Request{})
				time.Sleep(bed.Quiet)
				for _, a := range []*app.App{same, mine} {
					if _, err := b.Run(t.Context(), a, down); err == nil {
						t.Fatal("a teardown needs no --take-over after an up without one")
					}
				}
				mustRun(t, b, mine, deploy.Request{TakeOver: true})
				time.Sleep(bed.Quiet)
				wantRefused(t, b, same, down, "example.com/shop//compose.yaml")
				mustRun(t, b, mine, down)
				time.Sleep(bed.Quiet)
				if left := b.World.Leftovers(); len(left) > 0 {
					t.Errorf("left behind: %q", left)
				}
			})
		})
	}
}
