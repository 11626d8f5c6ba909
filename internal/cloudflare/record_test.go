package cloudflare_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

const zoneName = "example.com"

// place is a server that speaks Cloudflare's API, and a type that uses it.
type place struct {
	cloudflare.Records
	world *sandbox.World
	zone  string
	// refuse is a status for the next requests.
	refuse atomic.Int32
	calls  atomic.Int32
}

func newPlace(t *testing.T) *place {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{world: w, zone: w.AddCloudflareZone(zoneName)}
	api := w.CloudflareTransport()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		if status := int(p.refuse.Load()); status != 0 {
			rw.WriteHeader(status)
			_, _ = fmt.Fprintf(rw, `{"success":false,"errors":[{"code":10013,"message":"no luck"}]}`)
			return
		}
		resp, err := api.RoundTrip(r)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }() // it is in memory
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(rw, resp.Body) // the client has gone
	}))
	t.Cleanup(server.Close)
	p.Records = cloudflare.Records{
		Client:  cloudflare.New(cloudflare.Options{Token: "token", BaseURL: server.URL + "/client/v4/"}),
		Account: "123456789012", Region: "eu-central-1",
	}
	return p
}

var stack = engine.Owner{Environment: "shop-dev", Project: "shop"}

// desired is a desired state for an A record of app.example.com.
func (p *place) desired(o engine.Owner, adopt bool, values ...string) engine.Desired[cloudflare.Record] {
	a := engine.Address{Owner: o, Type: "cloudflare.record", Name: "app.example.com"}
	r := cloudflare.Record{Zone: engine.Lit(p.zone), Name: engine.Lit("app.example.com"), Kind: "A", TTL: 60, Values: engine.Lits(values...)}
	return engine.Desired[cloudflare.Record]{
		Address: a, Want: r, Adopt: adopt, Tags: map[string]string{engine.TagLastApplied: engine.LastApplied(engine.AttrsOf(r))},
	}
}

// only is the one record that the stack has.
func (p *place) only(t *testing.T) engine.Object {
	t.Helper()
	objects, err := p.List(t.Context(), engine.Query{Owners: []engine.Owner{stack}, Whole: true})
	if err != nil || len(objects) != 1 {
		t.Fatalf("listed %v, error %v; want one record", objects, err)
	}
	return objects[0]
}

// answers are the addresses of app.example.com.
func (p *place) answers() []string {
	var out []string
	for _, r := range p.world.CloudflareRecords(zoneName) {
		if v, ok := strings.CutPrefix(r, "app.example.com A "); ok {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func TestLife(t *testing.T) {
	t.Parallel()
	p, ctx := newPlace(t), t.Context()
	w := p.desired(stack, false, "203.0.113.1")
	for range 2 { // an answer that was lost
		if _, err := p.Create(ctx, w); err != nil {
			t.Fatal(err)
		}
	}
	object := p.only(t)
	if object.LastApplied != w.Tags[engine.TagLastApplied] || object.Attrs["values"] != `["203.0.113.1"]` || object.Attrs["ttl"] != "60" {
		t.Errorf("listed %+v", object)
	}
	more := p.desired(stack, false, "203.0.113.3", "203.0.113.2")
	if _, err := p.Update(ctx, more, object, []string{"values"}); err != nil {
		t.Fatal(err)
	}
	if got := p.answers(); !slices.Equal(got, []string{"203.0.113.2", "203.0.113.3"}) {
		t.Errorf("answers %v", got)
	}
	for range 2 {
		if err := p.Delete(ctx, object); err != nil {
			t.Fatal(err)
		}
	}
	if left := p.world.CloudflareRecords(zoneName); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAForeignRecordIsNotTouched(t *testing.T) {
	t.Parallel()
	p, ctx := newPlace(t), t.Context()
	other := engine.Owner{Environment: "other-dev", Project: "other"}
	if _, err := p.Create(ctx, p.desired(other, false, "203.0.113.50")); err != nil {
		t.Fatal(err)
	}
	var taken *engine.TakenError
	if _, err := p.Create(ctx, p.desired(stack, false, "203.0.113.1")); !errors.As(err, &taken) || taken.Owner != other.String() {
		t.Fatalf("got %v, want a TakenError that names the owner", err)
	}
	if got := p.answers(); !slices.Equal(got, []string{"203.0.113.50"}) {
		t.Errorf("answers %v", got)
	}
	if _, err := p.Create(ctx, p.desired(stack, true, "203.0.113.1")); err != nil {
		t.Fatal(err)
	}
	if got := p.answers(); !slices.Equal(got, []string{"203.0.113.1"}) {
		t.Errorf("after the adoption: answers %v", got)
	}
}

func TestSetAddresses(t *testing.T) {
	t.Parallel()
	p, ctx := newPlace(t), t.Context()
	w := p.desired(stack, false)
	w.Want.Addresses, w.Want.Values, w.Want.TTL = true, nil, 0
	if _, err := p.Create(ctx, w); err != nil {
		t.Fatal(err)
	}
	for _, addresses := range [][]string{{"203.0.113.1"}, {"203.0.113.2", "203.0.113.3"}, {}, {"203.0.113.4"}} {
		object := p.only(t)
		if _, shown := object.Attrs["values"]; shown {
			t.Error("the plan would see the addresses")
		}
		if err := p.SetAddresses(ctx, object, 30, addresses); err != nil {
			t.Fatal(err)
		}
		if got := p.answers(); !slices.Equal(got, addresses) {
			t.Errorf("answers %v, want %v", got, addresses)
		}
	}
	object := p.only(t)
	if err := p.Delete(ctx, object); err != nil {
		t.Fatal(err)
	}
	if err := p.SetAddresses(ctx, object, 30, []string{"203.0.113.9"}); err != nil || len(p.answers()) > 0 {
		t.Errorf("a sync after the teardown: %v, answers %v", err, p.answers())
	}
}

// A zone of more records than a page holds is read whole.
func TestPages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for i := range 3 {
		w := p.desired(stack, false)
		w.Want.Name = engine.Lit(fmt.Sprintf("n%d.example.com", i))
		w.Address.Name = w.Want.Name.Value()
		for j := range 250 {
			w.Want.Values = append(w.Want.Values, engine.Lit(fmt.Sprintf("10.%d.0.%d", i, j)))
		}
		if _, err := p.Create(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 60 {
		p.world.AddCloudflareZone(fmt.Sprintf("z%d.example.net", i))
	}
	objects, err := p.List(t.Context(), engine.Query{Owners: []engine.Owner{stack}, Whole: true})
	if err != nil || len(objects) != 3 {
		t.Fatalf("%d records, error %v; want 3", len(objects), err)
	}
	for _, l := range objects {
		if n := strings.Count(l.Attrs["values"], ","); n != 249 {
			t.Errorf("%s has %d values", l.ID, n+1)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]engine.Class{
		http.StatusTooManyRequests: engine.Throttled, http.StatusBadGateway: engine.Unknown, http.StatusForbidden: engine.Denied,
		http.StatusUnauthorized: engine.Expired, http.StatusBadRequest: engine.Terminal,
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.refuse.Store(int32(status))
			_, err := p.Create(t.Context(), p.desired(stack, false, "203.0.113.1"))
			if engine.ClassOf(err) != want {
				t.Errorf("class %v of %v, want %v", engine.ClassOf(err), err, want)
			}
			if n := p.calls.Load(); n != 1 {
				t.Errorf("%d calls: the engine repeats, the client must not", n)
			}
			if err == nil || !strings.Contains(err.Error(), "no luck") {
				t.Errorf("error %v does not say what Cloudflare said", err)
			}
		})
	}
}

func TestWithoutAToken(t *testing.T) {
	t.Parallel()
	none := cloudflare.Records{Client: cloudflare.New(cloudflare.Options{})}
	if objects, err := none.List(t.Context(), engine.Query{Whole: true}); err != nil || len(objects) > 0 {
		t.Errorf("where nothing is known of Cloudflare: %v, %v", objects, err)
	}
	var missing *cloudflare.TokenError
	_, err := none.Create(context.Background(), (&place{zone: "z"}).desired(stack, false, "203.0.113.1"))
	if !errors.As(err, &missing) || missing.Remedy() == "" {
		t.Errorf("got %v, want a TokenError", err)
	}
}

func TestTheGuardStopsChanges(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	lost := errors.New("the lease is lost")
	p.Client = cloudflare.New(cloudflare.Options{
		Token: "token", Transport: p.world.CloudflareTransport(), Guard: func(context.Context) error { return lost },
	})
	if _, err := p.Create(t.Context(), p.desired(stack, false, "203.0.113.1")); !errors.Is(err, lost) {
		t.Errorf("got %v, want the guard's error", err)
	}
	if left := p.world.CloudflareRecords(zoneName); len(left) > 0 {
		t.Errorf("a change went through: %v", left)
	}
}
