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

// Record is all records of one name and type in a zone of Cloudflare. Outputs:
// id.
type Record struct {
	// Zone is the zone's id.
	Zone engine.Ref `attr:"zone,replace"`
	// Name is without a dot at its end.
	Name engine.Ref `attr:"name"`
	// Kind is A, AAAA, CNAME or TXT.
	Kind string `attr:"type"`
	// TTL is in seconds: at least 60.
	TTL    int          `attr:"ttl"`
	Values []engine.Ref `attr:"values,set"`
	// Proxied sends the traffic by way of Cloudflare.
	Proxied bool `attr:"proxied"`
	// Shared and Addresses mean what they mean for route53.Record.
	Shared    bool `attr:"shared,create"`
	Addresses bool `attr:"addresses,create"`
}

// Type implements engine.Resource.
func (Record) Type() string { return "cloudflare.record" }

// Records is the type of Record.
type Records struct {
	Client *Client
	// Account and Region tell owners of one name apart.
	Account, Region string
}

// Spec implements engine.Type.
func (Records) Spec() engine.Spec {
	return engine.Spec{Name: Record{}.Type(), Identity: engine.ByParent}
}

// List implements engine.Type: one call for each 500 records of every zone in
// which the owners have or want any. Without a token it lists nothing where
// nothing is known of Cloudflare.
func (t Records) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	zones, err := t.zones(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, zone := range zones {
		all, err := setsIn(ctx, t.Client, q, zone)
		if engine.ClassOf(err) == engine.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		objects = append(objects, t.in(q, zone, all)...)
	}
	return objects, nil
}

// zones are the ids of the zones to read.
func (t Records) zones(ctx context.Context, q engine.Query) ([]string, error) {
	have := knownIn(q.Memory).list()
	ids := have.records
	var made []string
	for _, w := range q.Wanted {
		r, ok := w.Resource.(Record)
		if of, _, _, bound := r.Zone.Of(); ok && r.Zone.Known() {
			ids = append(ids, r.Zone.Value())
		} else if bound {
			made = append(made, of.Name)
		}
	}
	own, err := NewZones(t).own(ctx, q, made)
	if err != nil {
		return nil, err
	}
	for _, z := range own.zones {
		ids = append(ids, z.zone.ID)
	}
	if have.all && q.Whole {
		list, err := allZones(ctx, t.Client, q)
		var missing *TokenError
		if err != nil && (!errors.As(err, &missing) || len(ids) > 0) {
			return nil, err
		}
		for _, z := range list {
			ids = append(ids, z.ID)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(own.gone, id) })
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// in are the owners' records in a zone, by their marks.
func (t Records) in(q engine.Query, zone string, all zoneSets) []engine.Object {
	var objects []engine.Object
	for _, s := range all {
		label, name, ok := dnsowner.Marked(s.name)
		m, words, is := dnsowner.Read(s.values)
		kind := dnsowner.Kind(label)
		if !ok || !is || s.kind != "TXT" || m.Address.Type != (Record{}).Type() || !q.Has(m.Address.Owner) ||
			label != dnsowner.Label(m.Address.Owner, t.Account, t.Region, kind) {
			continue
		}
		have, _ := all.find(name, kind)
		object := engine.Object{
			Address: m.Address, ID: recordID(zone, name, kind), LastApplied: m.LastApplied, State: engine.StateReady,
			Outputs: map[string]string{outValues: strings.Join(have.values, ",")},
			Attrs: engine.Shown(Record{
				Zone: engine.Lit(zone), Name: engine.Lit(name), Kind: kind, TTL: have.ttl, Values: engine.Lits(have.values...), Proxied: have.proxied,
			}),
		}
		if slices.Contains(words, dnsowner.Live) {
			delete(object.Attrs, "values")
			delete(object.Attrs, "ttl")
			delete(object.Attrs, "proxied")
		}
		objects = append(objects, object)
	}
	return objects
}

// outValues is the output with a record's values.
const outValues = "values"

// AddressesOf returns the values of a Record's object that was listed.
func AddressesOf(o engine.Object) []string { return splitList(o.Output(outValues)) }

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func recordID(zone, name, kind string) string { return zone + "/" + name + "/" + kind }

func splitID(id string) (zone, name, kind string) {
	parts := strings.SplitN(id, "/", 3)
	if len(parts) < 3 {
		return "", "", ""
	}
	return parts[0], parts[1], parts[2]
}

// pen is what writing one desired state takes.
type pen struct {
	zone  string
	set   set
	mark  set
	wants engine.Desired[Record]
}

func (p pen) String() string { return p.set.name + " " + p.set.kind }

func (t Records) pen(w engine.Desired[Record]) pen {
	r := w.Want
	p := pen{zone: r.Zone.Value(), wants: w, set: set{name: strings.ToLower(r.Name.Value()), kind: r.Kind, ttl: r.TTL, proxied: r.Proxied}}
	var words []string
	if r.Addresses {
		words = append(words, dnsowner.Live)
	} else {
		p.set.values = engine.Values(r.Values)
	}
	p.mark = markSet(t.markOf(w.Address.Owner, p.set.name, r.Kind), w.Mark(), words...)
	return p
}

func (t Records) markOf(o engine.Owner, name, kind string) string {
	return dnsowner.Name(dnsowner.Label(o, t.Account, t.Region, kind), name)
}

func (p pen) object() engine.Object {
	return engine.AsDesired(p.wants, recordID(p.zone, p.set.name, p.set.kind), nil)
}

// comment tells people who look at the dashboard.
func comment(o engine.Owner) string { return "made by berth for " + o.String() }

// Create implements engine.Type. Cloudflare accepts several records of one name, so
// Create reads the zone first: it must not overwrite another's records or add to
// them.
func (t Records) Create(ctx context.Context, w engine.Desired[Record]) (engine.Object, error) {
	p := t.pen(w)
	all, err := t.Client.sets(ctx, p.zone)
	if err != nil {
		return engine.Object{}, err
	}
	mine, _ := all.find(p.mark.name, "TXT")
	if m, words, ok := dnsowner.Read(mine.values); ok && m.Address == w.Address {
		return t.write(ctx, p, all, words, batch{})
	}
	marks, inTheWay := all.marks(p.set.name, p.set.kind), all.blocking(p.set.name, p.set.kind)
	var b batch
	switch have, ok := all.find(p.set.name, p.set.kind); {
	case len(inTheWay) == 0:
	case ok && w.Want.Shared && have.same(p.set):
		return t.share(ctx, p, all, foreign(marks))
	default:
		var holder engine.Mark
		if len(marks) > 0 {
			holder, _, _ = dnsowner.Read(marks[0].values)
		}
		if err := w.Claim(holder, p.String(), recordID(p.zone, p.set.name, p.set.kind)); err != nil {
			return engine.Object{}, err
		}
		for _, s := range append(inTheWay, marks...) {
			if s.kind != p.set.kind {
				b.remove(s)
			}
		}
	}
	return t.write(ctx, p, all, nil, b)
}

// foreign says that none of the marks is that of the record's maker.
func foreign(marks []set) bool {
	return !slices.ContainsFunc(marks, func(s set) bool {
		_, words, _ := dnsowner.Read(s.values)
		return !slices.Contains(words, dnsowner.Shared)
	})
}

// share marks a record of somebody else as used; a foreign one stays when the
// mark goes.
func (t Records) share(ctx context.Context, p pen, all zoneSets, stays bool) (engine.Object, error) {
	var b batch
	mark := p.mark
	if stays {
		mark = markSet(p.mark.name, p.wants.Mark(), dnsowner.Shared)
	}
	old, _ := all.find(mark.name, "TXT")
	b.remove(old)
	b.posts = append(b.posts, mark)
	if err := t.Client.apply(ctx, p.zone, b, comment(p.wants.Address.Owner)); err != nil {
		return engine.Object{}, fmt.Errorf("marking record %s: %w", p, err)
	}
	return p.object(), nil
}

// write brings an owned record and its mark to the desired state.
func (t Records) write(ctx context.Context, p pen, all zoneSets, words []string, b batch) (engine.Object, error) {
	have, there := all.find(p.set.name, p.set.kind)
	same := there && (have.same(p.set) && have.ttl == p.set.ttl || p.wants.Want.Addresses && slices.Contains(words, dnsowner.Live))
	if slices.Contains(words, dnsowner.Shared) && there {
		if have.same(p.set) {
			return t.share(ctx, p, all, true)
		}
		if err := p.wants.Claim(engine.Mark{}, p.String(), recordID(p.zone, p.set.name, p.set.kind)); err != nil {
			return engine.Object{}, err
		}
	}
	if !same {
		b.remove(have)
		b.posts = append(b.posts, p.set)
	}
	old, _ := all.find(p.mark.name, "TXT")
	b.remove(old)
	b.posts = append(b.posts, p.mark)
	if err := t.Client.apply(ctx, p.zone, b, comment(p.wants.Address.Owner)); err != nil {
		return engine.Object{}, fmt.Errorf("writing record %s: %w", p, err)
	}
	return p.object(), nil
}

// Update implements engine.Type. A new name or type is written in the batch that
// takes the old one out.
func (t Records) Update(ctx context.Context, w engine.Desired[Record], object engine.Object, _ []string) (engine.Object, error) {
	p := t.pen(w)
	all, err := t.Client.sets(ctx, p.zone)
	if err != nil {
		return engine.Object{}, err
	}
	var b batch
	if _, name, kind := splitID(object.ID); name != p.set.name || kind != p.set.kind {
		b = t.removal(all, w.Address.Owner, name, kind)
		all = slices.DeleteFunc(all, func(s set) bool { return len(s.ids) > 0 && slices.Contains(b.deletes, s.ids[0]) })
		for _, s := range all.blocking(p.set.name, p.set.kind) {
			if w.Want.Shared && s.same(p.set) {
				if err := t.Client.apply(ctx, p.zone, b, ""); err != nil {
					return engine.Object{}, fmt.Errorf("writing record %s: %w", p, err)
				}
				return t.share(ctx, p, all, foreign(all.marks(s.name, s.kind)))
			}
			if err := w.Claim(engine.Mark{}, p.String(), recordID(p.zone, p.set.name, p.set.kind)); err != nil {
				return engine.Object{}, err
			}
			if s.kind != p.set.kind {
				b.remove(s)
			}
		}
	}
	mark, _ := all.find(p.mark.name, "TXT")
	_, words, _ := dnsowner.Read(mark.values)
	return t.write(ctx, p, all, words, b)
}

// removal takes an owner's mark out, and the record too unless somebody else
// marks or made it.
func (t Records) removal(all zoneSets, o engine.Owner, name, kind string) batch {
	var b batch
	mark, ok := all.find(t.markOf(o, name, kind), "TXT")
	if !ok {
		return b
	}
	b.remove(mark)
	_, words, _ := dnsowner.Read(mark.values)
	have, there := all.find(name, kind)
	if there && !slices.Contains(words, dnsowner.Shared) && len(all.marks(name, kind)) == 1 {
		b.remove(have)
	}
	return b
}

// Delete implements engine.Type.
func (t Records) Delete(ctx context.Context, object engine.Object) error {
	zone, name, kind := splitID(object.ID)
	all, err := t.Client.sets(ctx, zone)
	if engine.ClassOf(err) == engine.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	b := t.removal(all, object.Address.Owner, name, kind)
	if len(b.deletes) == 0 {
		return nil
	}
	if err := t.Client.apply(ctx, zone, b, ""); err != nil {
		return fmt.Errorf("deleting record %s %s: %w", name, kind, err)
	}
	return nil
}

var _ engine.Type[Record] = Records{}
