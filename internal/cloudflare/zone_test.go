package cloudflare_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

var env = engine.Owner{Environment: "shop-dev"}

const newName = "example.net"

// zones is the type in a world, as a process has it that was told these notes.
func zones(w *sandbox.World, notes ...string) cloudflare.NewZones {
	known := &cloudflare.Known{}
	known.Set(notes, false)
	return cloudflare.NewZones{
		Client:  cloudflare.New(cloudflare.Options{Token: "token", Transport: w.CloudflareTransport()}),
		Account: "123456789012", Region: "eu-central-1", Known: known,
	}
}

func newWorld(t *testing.T) *sandbox.World {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// zoneWish is a wish for the zone example.net.
func zoneWish(adopt bool) engine.Wish[cloudflare.NewZone] {
	z := cloudflare.NewZone{Name: newName}
	return engine.Wish[cloudflare.NewZone]{
		Address: engine.Address{Owner: env, Type: z.Type(), Name: newName}, Want: z, Adopt: adopt,
		Tags: map[string]string{engine.TagAsked: engine.Asked(engine.AttrsOf(z))},
	}
}

// query asks for the environment's objects, with the zone wanted or not.
func query(wanted bool) engine.Query {
	q := engine.Query{Owners: []engine.Owner{env, stack}}
	if w := zoneWish(false); wanted {
		q.Wanted = []engine.Wanted{{Address: w.Address, Resource: w.Want}}
	}
	return q
}

func listed(t *testing.T, typ cloudflare.NewZones, wanted bool) []engine.Live {
	t.Helper()
	lives, err := typ.List(t.Context(), query(wanted))
	if err != nil {
		t.Fatal(err)
	}
	return lives
}

// intended is the note of a run that began some time ago.
func intended(ago time.Duration) string {
	from := time.Now().Add(-ago)
	return cloudflare.NoteIntent(newName, from, from.Add(15*time.Minute))
}

func TestLifeOfAZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ, ctx := zones(w), t.Context()
	made, err := typ.Create(ctx, zoneWish(false))
	if err != nil || made.Output("servers") != "ada.ns.cloudflare.com,bob.ns.cloudflare.com" {
		t.Fatalf("made %+v, error %v", made, err)
	}
	again, err := zones(w).Create(ctx, zoneWish(false)) // blindly, as another process
	if err != nil || again.ID != made.ID {
		t.Fatalf("made again %v, error %v; want the same zone", again.ID, err)
	}
	lives := listed(t, zones(w), true)
	if len(lives) != 1 || lives[0].ID != made.ID || lives[0].State != engine.StateReady ||
		lives[0].Asked != zoneWish(false).Tags[engine.TagAsked] || lives[0].Output("servers") != made.Output("servers") {
		t.Fatalf("listed %+v", lives)
	}
	if lives := listed(t, zones(w), false); len(lives) > 0 {
		t.Errorf("listed %v for owners of whom nothing is known", lives)
	}
	if lives := listed(t, zones(w, cloudflare.NoteZone(made.ID)), false); len(lives) != 1 {
		t.Error("a zone that is not wanted any more, and that a note tells of, is not listed")
	}
	for range 2 {
		if err := typ.Delete(ctx, lives[0]); err != nil {
			t.Fatal(err)
		}
	}
	if lives := listed(t, zones(w, cloudflare.NoteZone(made.ID)), true); len(lives) > 0 {
		t.Errorf("left: %v", lives)
	}
}

// A zone of somebody else is not listed, not marked and not deleted.
func TestAForeignZoneIsNotTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ := zones(w, intended(time.Minute))
	id := w.AddCloudflareZone(newName)
	if lives := listed(t, typ, true); len(lives) > 0 {
		t.Fatalf("listed %v", lives)
	}
	var refused *cloudflare.NewZoneError
	if _, err := typ.Create(t.Context(), zoneWish(false)); !errors.As(err, &refused) || refused.Remedy() == "" {
		t.Fatalf("got %v, want a NewZoneError", err)
	}
	if left := w.CloudflareRecords(newName); len(left) > 0 {
		t.Errorf("marked: %v", left)
	}
	live, err := typ.Create(t.Context(), zoneWish(true))
	if err != nil || live.ID != id {
		t.Errorf("adopted %v, error %v", live.ID, err)
	}
}

// A run that died before the mark was written leaves a zone that the next one
// knows by what it meant to do; nobody else's looks like that.
func TestAZoneWithoutItsMark(t *testing.T) {
	t.Parallel()
	const foreign, own = false, true
	for name, c := range map[string]struct {
		note string
		// used says that somebody has made a record in it.
		used bool
		want bool
	}{
		"intended":               {note: intended(time.Minute), want: own},
		"intended a day before":  {note: intended(24 * time.Hour), want: foreign},
		"another zone":           {note: strings.ReplaceAll(intended(time.Minute), newName, "example.org"), want: foreign},
		"not intended":           {note: "", want: foreign},
		"a note that is garbled": {note: "cloudflare-new:" + newName, want: foreign},
		"put to use":             {note: intended(time.Minute), used: true, want: foreign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Inject(after("CreateCloudflareZone", sandbox.KillAfter))
			if _, err := zones(w).Create(t.Context(), zoneWish(false)); err == nil {
				t.Fatal("the creation was not cut short")
			}
			w.Inject(nil)
			w.Revive()
			if c.used {
				w.AddCloudflareRecord(newName, "mail."+newName, "203.0.113.9")
			}
			typ := zones(w, c.note)
			lives := listed(t, typ, true)
			if (len(lives) == 1) != c.want {
				t.Fatalf("listed %v", lives)
			}
			if c.want == foreign {
				return
			}
			if lives[0].State != engine.StateFailed {
				t.Errorf("state %s: nothing would write the mark before the records", lives[0].State)
			}
			live, err := typ.Update(t.Context(), zoneWish(false), lives[0], []string{engine.AttrState})
			if err != nil || live.State != engine.StateReady {
				t.Fatalf("%+v, error %v", live, err)
			}
			if lives := listed(t, zones(w), true); len(lives) != 1 || lives[0].State != engine.StateReady {
				t.Errorf("after the mark: %v", lives)
			}
		})
	}
}

// after goes wrong at the first call of an operation.
func after(operation string, kind sandbox.FaultKind) func(sandbox.Call) sandbox.Fault {
	done := false
	return func(c sandbox.Call) sandbox.Fault {
		if c.Operation != operation || done {
			return sandbox.Fault{}
		}
		done = true
		return sandbox.Fault{Kind: kind}
	}
}

// What passes is a doubt or a throttling, and the creation that is tried again
// finds its own zone.
func TestACreationThatIsDisturbed(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"ListCloudflareZones", "ListCloudflareAccounts", "CreateCloudflareZone", "ListCloudflareRecords", "BatchCloudflareRecords"} {
		for _, kind := range []sandbox.FaultKind{sandbox.FailBefore, sandbox.FailAfter, sandbox.Throttle} {
			t.Run(fmt.Sprint(op, kind), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				typ := zones(w)
				w.Inject(after(op, kind))
				_, err := typ.Create(t.Context(), zoneWish(false))
				if class := engine.ClassOf(err); class != engine.Doubt && class != engine.Throttled {
					t.Fatalf("class %v of %v", class, err)
				}
				if _, err := typ.Create(t.Context(), zoneWish(false)); err != nil {
					t.Fatalf("again: %v", err)
				}
				if lives := listed(t, zones(w), true); len(lives) != 1 {
					t.Errorf("listed %v, want the one zone", lives)
				}
			})
		}
	}
}

func TestAZoneInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ, ctx := zones(w), t.Context()
	live, err := typ.Create(ctx, zoneWish(false))
	if err != nil {
		t.Fatal(err)
	}
	other := engine.Owner{Environment: "other-dev", Project: "other"}
	theirs := (&place{Records: cloudflare.Records(typ), world: w, zone: live.ID}).wish(other, false, "203.0.113.1")
	theirs.Want.Name = engine.Lit("app." + newName)
	record, err := cloudflare.Records(typ).Create(ctx, theirs)
	if err != nil {
		t.Fatal(err)
	}
	err = typ.Delete(ctx, live)
	if err == nil || !strings.Contains(err.Error(), "TXT of stack/other-dev/other") || !strings.Contains(err.Error(), "app.example.net A") {
		t.Errorf("got %v, want what is in the zone and whose it is", err)
	}
	if err := cloudflare.Records(typ).Delete(ctx, record); err != nil {
		t.Fatal(err)
	}
	w.SetCloudflareToken([]string{"Example"}, false)
	var refused *cloudflare.NewZoneError
	if err := typ.Delete(ctx, live); !errors.As(err, &refused) || refused.Class() != engine.Denied {
		t.Errorf("got %v, want a denial", err)
	}
	w.SetCloudflareToken([]string{"Example"}, true)
	if err := typ.Delete(ctx, live); err != nil {
		t.Error(err)
	}
}

// Records in a zone that is yet to be made are found when it is there, and a
// zone that Cloudflare took away is missed by nobody.
func TestRecordsOfAMadeZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ, ctx := zones(w), t.Context()
	live, err := typ.Create(ctx, zoneWish(false))
	if err != nil {
		t.Fatal(err)
	}
	wish := (&place{zone: live.ID}).wish(stack, false, "203.0.113.1")
	wish.Want.Name = engine.Lit("app." + newName)
	if _, err := cloudflare.Records(typ).Create(ctx, wish); err != nil {
		t.Fatal(err)
	}
	g := engine.NewGraph()
	node := g.Add(env, newName, cloudflare.NewZone{Name: newName})
	want := wish.Want
	want.Zone = node.ID()
	g.Add(stack, wish.Address.Name, want)
	q := engine.Query{Owners: []engine.Owner{env, stack}, Wanted: g.Wanted("cloudflare.record")}
	lives, err := cloudflare.Records(zones(w)).List(ctx, q)
	if err != nil || len(lives) != 1 || lives[0].Attrs["zone"] != live.ID {
		t.Fatalf("listed %v, error %v", lives, err)
	}
	w.DropCloudflareZone(newName)
	notes := []string{cloudflare.NoteZone(live.ID), cloudflare.NoteRecords(live.ID)}
	if lives, err := cloudflare.Records(zones(w, notes...)).List(ctx, q); err != nil || len(lives) > 0 {
		t.Errorf("after the zone went: %v, error %v", lives, err)
	}
}

// A refusal says what the token lacks, whichever of Cloudflare's numbers it has.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		class  engine.Class
		says   string
	}{
		"permission":   {403, `{"code":0,"message":"Requires permission"}`, engine.Denied, "may not make it"},
		"auth error":   {403, `{"code":10000,"message":"Authentication error"}`, engine.Denied, "may not make it"},
		"unauthorized": {403, `{"code":9109,"message":"Unauthorized to access requested resource"}`, engine.Denied, "may not make it"},
		"old number":   {400, `{"code":1068,"message":"Permission denied"}`, engine.Denied, "may not make it"},
		"unseen":       {400, `{"code":1061,"message":"example.net already exists"}`, engine.Terminal, "does not see it"},
		"not a domain": {400, `{"code":1116,"message":"Please ensure you are providing the root domain"}`, engine.Terminal, "root domain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			typ := zones(w)
			typ.Client = cloudflare.New(cloudflare.Options{Token: "token", Account: "acc", Transport: refusing{
				inner: w.CloudflareTransport(), status: c.status, body: `{"success":false,"errors":[` + c.body + `]}`,
			}})
			_, err := typ.Create(t.Context(), zoneWish(false))
			if engine.ClassOf(err) != c.class || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("class %v of %v", engine.ClassOf(err), err)
			}
		})
	}
}

// refusing answers every POST with a refusal.
type refusing struct {
	inner  http.RoundTripper
	status int
	body   string
}

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost {
		return r.inner.RoundTrip(req)
	}
	return &http.Response{StatusCode: r.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.body)), Request: req}, nil
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, accounts := range [][]string{{}, {"Bob", "Ann"}} {
		w.SetCloudflareToken(accounts, true)
		var unclear *cloudflare.AccountError
		_, err := zones(w).Create(t.Context(), zoneWish(false))
		if !errors.As(err, &unclear) || len(unclear.Accounts) != len(accounts) || !slices.IsSorted(unclear.Accounts) {
			t.Errorf("%d accounts: %v", len(accounts), err)
		}
	}
}
