package route53

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
)

// notFitting is AWS's code for a batch that does not fit the zone: a CREATE of
// a record that exists, a DELETE of one that does not exist in this form, a
// CNAME beside another record. AWS then does nothing of the batch.
const notFitting = "InvalidChangeBatch"

// Create implements engine.Type. Record and mark are made in one batch, which
// AWS refuses if the name is in use, so that nothing is ever overwritten.
func (t Records) Create(ctx context.Context, w engine.Desired[Record]) (engine.Object, error) {
	p := t.pen(w)
	done, err := t.Turns.Take(ctx, turnOf(p.zone))
	if err != nil {
		return engine.Object{}, err
	}
	defer done()
	var batch []types.Change
	if p.valued {
		batch = append(batch, change(types.ChangeActionCreate, p.set))
	}
	id, err := t.apply(ctx, p.zone, append(batch, change(types.ChangeActionCreate, p.mark)))
	if gate.Code(err) == notFitting {
		return t.occupied(ctx, w, p, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating record %s: %w", p, err)
	}
	return p.object(w, id), nil
}

// turnOf returns the key under which changes of a zone take turns.
func turnOf(zone string) string { return "route53 " + zone }

// pen is what is needed to write one desired state.
type pen struct {
	zone, name string
	kind       types.RRType
	set, mark  types.ResourceRecordSet
	// valued says that the record set has a value.
	valued bool
}

func (p pen) String() string { return p.name + " " + string(p.kind) }

func (t Records) pen(w engine.Desired[Record]) pen {
	p := pen{zone: w.Want.Zone.Value(), name: bareName(w.Want.Name.Value()), kind: types.RRType(w.Want.Kind)}
	p.set, p.valued = setOf(w.Want, p.name)
	p.valued = p.valued && !w.Want.Addresses
	var words []string
	if w.Want.Addresses {
		words = append(words, dnsowner.Live)
	}
	p.mark = markSet(t.markOf(w.Address.Owner, p.name, p.kind), w.Mark(), words...)
	return p
}

// markOf returns the name of the TXT record with an owner's mark.
func (t Records) markOf(o engine.Owner, name string, kind types.RRType) string {
	return dnsowner.Name(dnsowner.Label(o, t.Account, t.Region, string(kind)), name)
}

// object returns a record that is as desired and may not be on all name servers
// yet.
func (p pen) object(w engine.Desired[Record], changeID string) engine.Object {
	l := engine.AsDesired(w, recordID(p.zone, p.name, p.kind), map[string]string{outChange: changeID})
	if changeID != "" {
		l.State, l.Detail = engine.StatePending, underWay
	}
	return l
}

func change(action types.ChangeAction, s types.ResourceRecordSet) types.Change {
	return types.Change{Action: action, ResourceRecordSet: &s}
}

// apply sends a batch, which Route 53 does as a whole or not at all.
func (t Records) apply(ctx context.Context, zone string, batch []types.Change) (string, error) {
	out, err := t.API.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: &zone, ChangeBatch: &types.ChangeBatch{Changes: batch},
	})
	if err != nil {
		return "", err
	}
	return bareID(aws.ToString(out.ChangeInfo.Id)), nil
}

// occupied handles a name that is in use already: by the desired state's own record, by
// a record that may be shared, or by somebody else's.
func (t Records) occupied(ctx context.Context, w engine.Desired[Record], p pen, refused error) (engine.Object, error) {
	all, err := sets(ctx, t.API, p.zone)
	if err != nil {
		return engine.Object{}, err
	}
	mine, _ := find(all, aws.ToString(p.mark.Name), types.RRTypeTxt)
	if m, words, ok := readMark(mine); ok && m.Address == w.Address {
		return t.write(ctx, w, p, all, words, nil)
	}
	marks := marksOf(all, p.name, p.kind)
	if have, ok := find(all, p.name, p.kind); ok && w.Want.Shared && sameValues(have, p.set) {
		return t.share(ctx, w, p, foreign(marks))
	}
	inTheWay := blocking(all, p.name, p.kind)
	if len(inTheWay) == 0 && len(mine.ResourceRecords) == 0 {
		return engine.Object{}, fmt.Errorf("creating record %s: %w", p, refused)
	}
	var holder engine.Mark
	if len(marks) > 0 {
		holder, _, _ = readMark(marks[0])
	}
	if err := w.Claim(holder, p.String(), recordID(p.zone, p.name, p.kind)); err != nil {
		return engine.Object{}, err
	}
	var gone []types.Change
	for _, s := range append(inTheWay, marks...) {
		if s.Type != p.kind || bareName(aws.ToString(s.Name)) != p.name {
			gone = append(gone, change(types.ChangeActionDelete, s))
		}
	}
	return t.write(ctx, w, p, all, nil, gone)
}

// marksOf returns the marks of all owners on a record.
func marksOf(all []types.ResourceRecordSet, name string, kind types.RRType) []types.ResourceRecordSet {
	return slices.DeleteFunc(slices.Clone(all), func(s types.ResourceRecordSet) bool {
		_, _, ok := readMark(s)
		label, marked, _ := dnsowner.Marked(bareName(aws.ToString(s.Name)))
		return !ok || marked != name || dnsowner.Kind(label) != string(kind)
	})
}

// foreign says that none of the marks is that of the owner who made the record.
func foreign(marks []types.ResourceRecordSet) bool {
	return !slices.ContainsFunc(marks, func(s types.ResourceRecordSet) bool {
		_, words, _ := readMark(s)
		return !slices.Contains(words, dnsowner.Shared)
	})
}

// blocking returns the record sets that AWS does not allow beside the desired
// one: sets of its own type, and a CNAME beside any other.
func blocking(all []types.ResourceRecordSet, name string, kind types.RRType) []types.ResourceRecordSet {
	return slices.DeleteFunc(slices.Clone(all), func(s types.ResourceRecordSet) bool {
		at := bareName(aws.ToString(s.Name)) == name
		return !at || s.Type != kind && s.Type != types.RRTypeCname && kind != types.RRTypeCname
	})
}

// share marks somebody else's record as used. A record that another of berth's
// owners made is deleted with the last of its marks; a foreign record stays.
func (t Records) share(ctx context.Context, w engine.Desired[Record], p pen, stays bool) (engine.Object, error) {
	mark := p.mark
	if stays {
		mark = markSet(aws.ToString(p.mark.Name), w.Mark(), dnsowner.Shared)
	}
	id, err := t.apply(ctx, p.zone, []types.Change{change(types.ChangeActionUpsert, mark)})
	if err != nil {
		return engine.Object{}, fmt.Errorf("marking record %s: %w", p, err)
	}
	return p.object(w, id), nil
}

// write changes an owned record and its mark to the desired state.
func (t Records) write(
	ctx context.Context, w engine.Desired[Record], p pen, all []types.ResourceRecordSet, words []string, batch []types.Change,
) (engine.Object, error) {
	have, there := find(all, p.name, p.kind)
	same := there && (sameValues(have, p.set) && aws.ToInt64(have.TTL) == aws.ToInt64(p.set.TTL) || w.Want.Addresses && len(have.ResourceRecords) > 0)
	switch {
	case slices.Contains(words, dnsowner.Shared) && same:
		return t.share(ctx, w, p, true)
	case slices.Contains(words, dnsowner.Shared) && there:
		if err := w.Claim(engine.Mark{}, p.String(), recordID(p.zone, p.name, p.kind)); err != nil {
			return engine.Object{}, err
		}
		batch = append(batch, change(types.ChangeActionUpsert, p.set))
	case same:
	case p.valued:
		batch = append(batch, change(types.ChangeActionUpsert, p.set))
	case there:
		batch = append(batch, change(types.ChangeActionDelete, have))
	}
	id, err := t.apply(ctx, p.zone, append(batch, change(types.ChangeActionUpsert, p.mark)))
	if err != nil {
		return engine.Object{}, fmt.Errorf("writing record %s: %w", p, passing(err))
	}
	return p.object(w, id), nil
}

// Update implements engine.Type. A new name is written in the same batch that
// removes the old one.
func (t Records) Update(ctx context.Context, w engine.Desired[Record], object engine.Object, _ []string) (engine.Object, error) {
	p := t.pen(w)
	done, err := t.Turns.Take(ctx, turnOf(p.zone))
	if err != nil {
		return engine.Object{}, err
	}
	defer done()
	all, err := sets(ctx, t.API, p.zone)
	if err != nil {
		return engine.Object{}, err
	}
	var batch []types.Change
	if _, name, kind := splitID(object.ID); name != p.name {
		batch = t.removal(all, w.Address.Owner, name, kind)
		if _, taken := find(all, p.name, p.kind); taken {
			return t.occupied(ctx, w, p, nil)
		}
	}
	mark, _ := find(all, aws.ToString(p.mark.Name), types.RRTypeTxt)
	_, words, _ := readMark(mark)
	return t.write(ctx, w, p, all, words, batch)
}

// removal removes an owner's mark, and the record too unless somebody else has
// marked or made it.
func (t Records) removal(all []types.ResourceRecordSet, o engine.Owner, name string, kind types.RRType) []types.Change {
	mark, ok := find(all, t.markOf(o, name, kind), types.RRTypeTxt)
	if !ok {
		return nil
	}
	batch := []types.Change{change(types.ChangeActionDelete, mark)}
	_, words, _ := readMark(mark)
	have, there := find(all, name, kind)
	if there && !slices.Contains(words, dnsowner.Shared) && len(marksOf(all, name, kind)) == 1 {
		batch = append(batch, change(types.ChangeActionDelete, have))
	}
	return batch
}

// Delete implements engine.Type.
func (t Records) Delete(ctx context.Context, object engine.Object) error {
	zone, name, kind := splitID(object.ID)
	done, err := t.Turns.Take(ctx, turnOf(zone))
	if err != nil {
		return err
	}
	defer done()
	all, err := sets(ctx, t.API, zone)
	if gate.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	batch := t.removal(all, object.Address.Owner, name, kind)
	if len(batch) == 0 {
		return nil
	}
	if _, err = t.apply(ctx, zone, batch); err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting record %s %s: %w", name, kind, passing(err))
	}
	return nil
}

// passing marks the refusal of a batch that was made from an outdated state of
// the zone: repeating it helps.
func passing(err error) error {
	if gate.Code(err) == notFitting {
		return &movedError{err}
	}
	return err
}

// movedError says that somebody changed the zone in between.
type movedError struct{ err error }

func (e *movedError) Error() string { return e.err.Error() }
func (e *movedError) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (*movedError) Class() engine.Class { return engine.Conflict }
