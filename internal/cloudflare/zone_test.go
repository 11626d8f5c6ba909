package cloudflare_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
	"github.com/berthdev/berth/internal/sandbox"
)

var env = engine.Owner{Environment: "shop-dev"}

const newName = "example.net"

// process is the type as one run has it, with the notes that it was told.
type process struct {
	cloudflare.NewZones
	notes  []string
	memory *memory.Memory
}

// zones is a run in a world that was told these notes.
func zones(w *sandbox.World, notes ...string) process {
	p := process{notes: notes, NewZones: cloudflare.NewZones{
		Client:  cloudflare.New(cloudflare.Options{Token: "token", Transport: w.Cloudflare().Transport()}),
		Account: "123456789012", Region: "eu-central-1",
	}}
	p.memory = p.told()
	return p
}

func (p process) told() *memory.Memory {
	m := &memory.Memory{}
	cloudflare.KnowZones(m, p.notes, false)
	return m
}

// Create creates as a part of the run.
func (p process) Create(ctx context.Context, w engine.Desired[cloudflare.NewZone]) (engine.Object, error) {
	w.Memory = p.memory
	return p.NewZones.Create(ctx, w)
}

// List lists as another run does that was told the same.
func (p process) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	q.Memory = p.told()
	return p.NewZones.List(ctx, q)
}

// listRecords lists the records as List lists the zones.
func (p process) listRecords(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	q.Memory = p.told()
	return cloudflare.Records(p.NewZones).List(ctx, q)
}

func newWorld(t *testing.T) *sandbox.World {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// desiredZone is a desired state for the zone example.net.
func desiredZone(adopt bool) engine.Desired[cloudflare.NewZone] {
	z := cloudflare.NewZone{Name: newName}
	return engine.Desired[cloudflare.NewZone]{
		Address: engine.Address{Owner: env, Type: z.Type(), Name: newName}, Want: z, Adopt: adopt,
		Tags: map[string]string{engine.TagLastApplied: engine.LastApplied(engine.AttrsOf(z))},
	}
}

// query asks for the environment's objects, with the zone wanted or not.
func query(wanted bool) engine.Query {
	q := engine.Query{Owners: []engine.Owner{env, stack}}
	if w := desiredZone(false); wanted {
		q.Wanted = []engine.Wanted{{Address: w.Address, Resource: w.Want}}
	}
	return q
}

func listed(t *testing.T, typ process, wanted bool) []engine.Object {
	t.Helper()
	objects, err := typ.List(t.Context(), query(wanted))
	if err != nil {
		t.Fatal(err)
	}
	return objects
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
	made, err := typ.Create(ctx, desiredZone(false))
	if err != nil || made.Output("servers") != "ada.ns.cloudflare.com,bob.ns.cloudflare.com" {
		t.Fatalf("made %+v, error %v", made, err)
	}
	again, err := zones(w).Create(ctx, desiredZone(false)) // blindly, as another process
	if err != nil || again.ID != made.ID {
		t.Fatalf("made again %v, error %v; want the same zone", again.ID, err)
	}
	objects := listed(t, zones(w), true)
	if len(objects) != 1 || objects[0].ID != made.ID || objects[0].State != engine.StateReady ||
		objects[0].LastApplied != desiredZone(false).Tags[engine.TagLastApplied] || objects[0].Output("servers") != made.Output("servers") {
		t.Fatalf("listed %+v", objects)
	}
	if objects := listed(t, zones(w), false); len(objects) > 0 {
		t.Errorf("listed %v for owners of whom nothing is known", objects)
	}
	if objects := listed(t, zones(w, cloudflare.NoteZone(made.ID)), false); len(objects) != 1 {
		t.Error("a zone that is no longer needed, and that a note tells of, is not listed")
	}
	for range 2 {
		if err := typ.Delete(ctx, objects[0]); err != nil {
			t.Fatal(err)
		}
	}
	if objects := listed(t, zones(w, cloudflare.NoteZone(made.ID)), true); len(objects) > 0 {
		t.Errorf("left: %v", objects)
	}
}

// A zone of somebody else is not listed, not marked and not deleted.
func TestAForeignZoneIsNotTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typ := zones(w, intended(time.Minute))
	id := w.Cloudflare().AddZone(newName)
	if objects := listed(t, typ, true); len(objects) > 0 {
		t.Fatalf("listed %v", objects)
	}
	var refused *cloudflare.NewZoneError
	if _, err := typ.Create(t.Context(), desiredZone(false)); !errors.As(err, &refused) || refused.Remedy() == "" {
		t.Fatalf("got %v, want a NewZoneError", err)
	}
	if left := w.Cloudflare().Records(newName); len(left) > 0 {
		t.Errorf("marked: %v", left)
	}
	object, err := typ.Create(t.Context(), desiredZone(true))
	if err != nil || object.ID != id {
		t.Errorf("adopted %v, error %v", object.ID, err)
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
			if _, err := zones(w).Create(t.Context(), desiredZone(false)); err == nil {
				t.Fatal("the creation was not cut short")
			}
			w.Inject(nil)
			w.Revive()
			if c.used {
				w.Cloudflare().AddRecord(newName, "mail."+newName, "203.0.113.9")
			}
			typ := zones(w, c.note)
			objects := listed(t, typ, true)
			if (len(objects) == 1) != c.want {
				t.Fatalf("listed %v", objects)
			}
			if c.want == foreign {
				return
			}
			if objects[0].State != engine.StateFailed {
				t.Errorf("state %s: nothing would write the mark before the records", objects[0].State)
			}
			object, err := typ.Update(t.Context(), desiredZone(false), objects[0], []string{engine.AttrState})
			if err != nil || object.State != engine.StateReady {
				t.Fatalf("%+v, error %v", object, err)
			}
			if objects := listed(t, zones(w), true); len(objects) != 1 || objects[0].State != engine.StateReady {
				t.Errorf("after the mark: %v", objects)
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
