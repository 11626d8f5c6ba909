package cloudflare_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

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
				_, err := typ.Create(t.Context(), desiredZone(false))
				if class := engine.ClassOf(err); class != engine.Unknown && class != engine.Throttled {
					t.Fatalf("class %v of %v", class, err)
				}
				if _, err := typ.Create(t.Context(), desiredZone(false)); err != nil {
					t.Fatalf("again: %v", err)
				}
				if objects := listed(t, zones(w), true); len(objects) != 1 {
					t.Errorf("listed %v, want the one zone", objects)
				}
			})
		}
	}
}

func TestAZoneInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ, ctx := zones(w), t.Context()
	object, err := typ.Create(ctx, desiredZone(false))
	if err != nil {
		t.Fatal(err)
	}
	other := engine.Owner{Environment: "other-dev", Project: "other"}
	theirs := (&place{Records: cloudflare.Records(typ.NewZones), world: w, zone: object.ID}).desired(other, false, "203.0.113.1")
	theirs.Want.Name = engine.Lit("app." + newName)
	record, err := cloudflare.Records(typ.NewZones).Create(ctx, theirs)
	if err != nil {
		t.Fatal(err)
	}
	err = typ.Delete(ctx, object)
	if err == nil || !strings.Contains(err.Error(), "TXT of stack/other-dev/other") || !strings.Contains(err.Error(), "app.example.net A") {
		t.Errorf("got %v, want what is in the zone and whose it is", err)
	}
	if err := cloudflare.Records(typ.NewZones).Delete(ctx, record); err != nil {
		t.Fatal(err)
	}
	w.Cloudflare().SetToken([]string{"Example"}, false)
	var refused *cloudflare.NewZoneError
	if err := typ.Delete(ctx, object); !errors.As(err, &refused) || refused.Class() != engine.Denied {
		t.Errorf("got %v, want a denial", err)
	}
	w.Cloudflare().SetToken([]string{"Example"}, true)
	if err := typ.Delete(ctx, object); err != nil {
		t.Error(err)
	}
}

// Records in a zone that is yet to be made are found when it is there, and a
// zone that Cloudflare took away is missed by nobody.
func TestRecordsOfAMadeZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ, ctx := zones(w), t.Context()
	object, err := typ.Create(ctx, desiredZone(false))
	if err != nil {
		t.Fatal(err)
	}
	desired := (&place{zone: object.ID}).desired(stack, false, "203.0.113.1")
	desired.Want.Name = engine.Lit("app." + newName)
	if _, err := cloudflare.Records(typ.NewZones).Create(ctx, desired); err != nil {
		t.Fatal(err)
	}
	g := engine.NewGraph()
	node := g.Add(env, newName, cloudflare.NewZone{Name: newName})
	want := desired.Want
	want.Zone = node.ID()
	g.Add(stack, desired.Address.Name, want)
	q := engine.Query{Owners: []engine.Owner{env, stack}, Wanted: g.Wanted("cloudflare.record")}
	objects, err := zones(w).listRecords(ctx, q)
	if err != nil || len(objects) != 1 || objects[0].Attrs["zone"] != object.ID {
		t.Fatalf("listed %v, error %v", objects, err)
	}
	w.Cloudflare().DropZone(newName)
	notes := []string{cloudflare.NoteZone(object.ID), cloudflare.NoteRecords(object.ID)}
	if objects, err := zones(w, notes...).listRecords(ctx, q); err != nil || len(objects) > 0 {
		t.Errorf("after the zone went: %v, error %v", objects, err)
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
		"unseen":       {400, `{"code":1061,"message":"example.net already exists"}`, engine.Terminal, "cannot see it"},
		"not a domain": {400, `{"code":1116,"message":"Please ensure you are providing the root domain"}`, engine.Terminal, "root domain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			typ := zones(w)
			typ.Client = cloudflare.New(cloudflare.Options{Token: "token", Account: "acc", Transport: refusing{
				inner: w.Cloudflare().Transport(), status: c.status, body: `{"success":false,"errors":[` + c.body + `]}`,
			}})
			_, err := typ.Create(t.Context(), desiredZone(false))
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
		w.Cloudflare().SetToken(accounts, true)
		var unclear *cloudflare.AccountError
		_, err := zones(w).Create(t.Context(), desiredZone(false))
		if !errors.As(err, &unclear) || len(unclear.Accounts) != len(accounts) || !slices.IsSorted(unclear.Accounts) {
			t.Errorf("%d accounts: %v", len(accounts), err)
		}
	}
}
