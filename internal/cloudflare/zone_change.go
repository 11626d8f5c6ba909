package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
)

// NewZoneError says why Cloudflare, or berth, makes no zone of a name.
type NewZoneError struct {
	Name, What string
	Steps      string
	class      engine.Class
	err        error
}

func (e *NewZoneError) Error() string {
	text := "zone " + e.Name + ": " + e.What
	if e.err != nil {
		text += ": " + e.err.Error()
	}
	return text
}

func (e *NewZoneError) Unwrap() error { return e.err }

// Remedy is what the user can do.
func (e *NewZoneError) Remedy() string { return e.Steps }

// Class implements engine.Classified.
func (e *NewZoneError) Class() engine.Class { return e.class }

// Create implements engine.Type. Cloudflare has one zone of a name in an
// account, so that a zone is looked for first: the own one of a creation that
// was cut short is finished, any other is left alone.
func (t NewZones) Create(ctx context.Context, w engine.Desired[NewZone]) (engine.Object, error) {
	name := w.Want.Name
	there, err := t.Client.Zones(ctx, name)
	if err != nil {
		return engine.Object{}, err
	}
	if len(there) > 0 {
		return t.existing(ctx, w, there[0])
	}
	z, err := t.Client.newZone(ctx, name)
	if err == nil || engine.ClassOf(err) == engine.Unknown {
		knownIn(w.Memory).send(name)
	}
	if err != nil {
		return engine.Object{}, refused(name, err, knownIn(w.Memory))
	}
	object, err := t.Update(ctx, w, engine.Object{ID: z.ID, Outputs: zoneOutputs(z)}, nil)
	return object, half(err)
}

// existing completes a zone that berth made, and takes over any other only if the
// user asks for that.
func (t NewZones) existing(ctx context.Context, w engine.Desired[NewZone], z Zone) (engine.Object, error) {
	all, err := t.Client.sets(ctx, z.ID)
	if err != nil {
		return engine.Object{}, err
	}
	if _, _, own := t.ownedBy(w.Address.Owner, z, all, knownIn(w.Memory)); !own && !w.Adopt {
		return engine.Object{}, &NewZoneError{
			Name: z.Name, What: "somebody else has made it in the meantime",
			Steps: "run this again: berth then uses the zone as an existing one",
		}
	}
	object, err := t.Update(ctx, w, engine.Object{ID: z.ID, Outputs: zoneOutputs(z)}, nil)
	return object, half(err)
}

// refused says what a refusal to make a zone means.
func refused(name string, err error, k *known) error {
	e := refusal(err)
	switch {
	case isRefusal(err):
		return &NewZoneError{
			Name: name, What: "the Cloudflare API token may not make it", class: engine.Denied, err: err,
			Steps: "give the token the permission Zone / Zone / Edit for all zones of the account, or add the domain to the account yourself; " +
				AccountVariable + " names the account",
		}
	case e != nil && e.Code == codeZoneExists && k.sentFor(name):
		return &NewZoneError{Name: name, What: "it was made, but is not listed yet", class: engine.NotYet, err: err}
	case e != nil && e.Code == codeZoneExists:
		return &NewZoneError{
			Name: name, What: "it is in the account, but the Cloudflare API token cannot see it", err: err,
			Steps: "give the token the permissions Zone / Zone / Read and Zone / DNS / Edit for it; berth then uses it as an existing zone",
		}
	}
	return fmt.Errorf("making zone %s: %w", name, err)
}

// half marks the error of the step after the one that has made the zone: what
// passes becomes a doubt, so that the engine tries the creation again, which
// then finds the zone.
func half(err error) error {
	if err == nil {
		return nil
	}
	switch engine.ClassOf(err) {
	case engine.Throttled, engine.NotYet, engine.Conflict, engine.NotFound:
		return &halfError{err}
	}
	return err
}

type halfError struct{ err error }

func (e *halfError) Error() string { return e.err.Error() }
func (e *halfError) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (*halfError) Class() engine.Class { return engine.Unknown }

// mostNamed is how many records an error names.
const mostNamed = 3

// Delete implements engine.Type. Cloudflare deletes a zone with all that is in
// it, so that a zone with records that are not this environment's stays, with an
// error.
func (t NewZones) Delete(ctx context.Context, object engine.Object) error {
	name := object.Address.Name
	all, err := t.Client.sets(ctx, object.ID)
	if err != nil {
		return t.unlessGone(ctx, object, err)
	}
	mark, others := t.markName(object.Address.Owner, name), []string{}
	for _, s := range content(all, name) {
		m, _, marked := dnsowner.Read(s.values)
		switch {
		case s.name == mark:
		case marked:
			others = append(others, s.name+" "+s.kind+" of "+m.Address.Owner.String())
		default:
			others = append(others, s.name+" "+s.kind)
		}
	}
	if len(others) > 0 {
		slices.Sort(others)
		text := strings.Join(others[:min(len(others), mostNamed)], ", ")
		if more := len(others) - mostNamed; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return &NewZoneError{
			Name: name, What: "it holds records that this environment did not make: " + text,
			Steps: "delete them first, or delete the zone in Cloudflare's dashboard",
		}
	}
	if err := t.Client.dropZone(ctx, object.ID); err != nil {
		return t.unlessGone(ctx, object, err)
	}
	return nil
}

// unlessGone is the error of a call for a zone that is still there. Cloudflare
// answers a token for what is gone as for what it may not see.
func (t NewZones) unlessGone(ctx context.Context, object engine.Object, err error) error {
	var missing *TokenError
	switch class := engine.ClassOf(err); {
	case class == engine.NotFound:
		return nil
	case class == engine.Throttled, class == engine.Unknown, refusal(err) == nil, errors.As(err, &missing):
		return err
	}
	left, listErr := t.Client.Zones(ctx, object.Address.Name)
	if listErr == nil && !slices.ContainsFunc(left, func(z Zone) bool { return z.ID == object.ID }) {
		return nil
	}
	if isRefusal(err) {
		return &NewZoneError{
			Name: object.Address.Name, What: "the Cloudflare API token may not delete it", class: engine.Denied, err: err,
			Steps: "give the token the permissions Zone / Zone / Edit and Zone / DNS / Edit for it, or delete the zone in Cloudflare's dashboard",
		}
	}
	return fmt.Errorf("deleting zone %s: %w", object.Address.Name, err)
}
