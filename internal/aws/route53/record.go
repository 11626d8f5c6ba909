package route53

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Record is one record set of a zone, with the mark beside it that says who
// owns it. Outputs: id.
type Record struct {
	Zone engine.Ref `attr:"zone,replace"`
	// Name is without a dot at its end.
	Name engine.Ref `attr:"name"`
	// Kind is A, AAAA, CNAME or TXT.
	Kind string `attr:"type,replace"`
	// TTL is in seconds; an alias has none.
	TTL    int          `attr:"ttl"`
	Values []engine.Ref `attr:"values,set"`
	// Alias is the host name of a load balancer and AliasZone the zone of that
	// name: an alias costs nothing and works where a CNAME is not allowed.
	Alias     engine.Ref `attr:"alias"`
	AliasZone engine.Ref `attr:"alias_zone"`
	// Shared says that somebody else's record with the same values may be used
	// instead: berth then never changes or deletes it.
	Shared bool `attr:"shared,create"`
	// Addresses says that the values are the public addresses of running tasks,
	// which SetAddresses keeps up to date.
	Addresses bool `attr:"addresses,create"`
}

// Type implements engine.Resource.
func (Record) Type() string { return "route53.record" }

// Records is the type of Record.
type Records struct {
	API *route53.Client
	// Account and Region distinguish owners with the same name.
	Account, Region string
	// Turns serialises changes of a zone: Route 53 refuses a change while it works
	// on another (PriorRequestNotComplete).
	Turns *gate.Turns
}

// insync is how long Route 53 takes until all its name servers give a new
// answer: "generally within 60 seconds"
// (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html).
const insync = 35 * time.Second

// Spec implements engine.Type.
func (Records) Spec() engine.Spec {
	return engine.Spec{Name: Record{}.Type(), Identity: engine.ByParent, ReadyIn: insync}
}

// List implements engine.Type: it makes one call for each 300 records of every
// zone in which the owners have or desire any.
func (t Records) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	zones, err := t.zones(ctx, q)
	if err != nil {
		return nil, err
	}
	found := make([][]engine.Object, len(zones))
	err = concurrent.Each(zones, func(i int, zone string) (err error) {
		found[i], err = t.in(ctx, q, zone)
		if gate.IsNotFound(err) {
			return nil
		}
		return err
	})
	return slices.Concat(found...), err
}

// zones returns the ids of the zones to read.
func (t Records) zones(ctx context.Context, q engine.Query) ([]string, error) {
	ids, all := knownIn(q.Memory)
	made := false
	for _, w := range q.Wanted {
		if r, ok := w.Resource.(Record); ok && r.Zone.Known() {
			ids = append(ids, r.Zone.Value())
		} else {
			made = true
		}
	}
	var more []Zone
	var err error
	switch {
	case all && q.Whole:
		more, err = Zones(ctx, t.API)
		if len(ids) == 0 && engine.ClassOf(err) == engine.Denied {
			return nil, nil // a caller without the permission has made none
		}
	case made:
		more, err = HostedZones{API: t.API}.own(ctx, q)
	}
	for _, z := range more {
		ids = append(ids, z.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// in returns the owners' records in a zone, by their marks. If only the mark is
// left of a record, the record is shown without values.
func (t Records) in(ctx context.Context, q engine.Query, zone string) ([]engine.Object, error) {
	all, err := sets(ctx, t.API, zone)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, s := range all {
		m, words, ok := readMark(s)
		if !ok || m.Address.Type != (Record{}).Type() || !q.Has(m.Address.Owner) {
			continue
		}
		label, name, _ := dnsowner.Marked(bareName(aws.ToString(s.Name)))
		kind := types.RRType(dnsowner.Kind(label))
		if label != dnsowner.Label(m.Address.Owner, t.Account, t.Region, string(kind)) {
			continue
		}
		set, _ := find(all, name, kind)
		set.Type = kind
		r := shownRecord(zone, name, set)
		object := engine.Object{
			Address: m.Address, ID: recordID(zone, name, kind), LastApplied: m.LastApplied, State: engine.StateReady,
			Attrs: engine.Shown(r), Outputs: map[string]string{outValues: strings.Join(engine.Values(r.Values), ",")},
		}
		if slices.Contains(words, dnsowner.Live) {
			delete(object.Attrs, "values")
			delete(object.Attrs, "ttl")
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// The outputs of a record besides its id.
const (
	outChange = "change"
	outValues = "values"
)

// AddressesOf returns the values of a Record's object that was listed.
func AddressesOf(o engine.Object) []string { return splitList(o.Output(outValues)) }

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func recordID(zone, name string, kind types.RRType) string {
	return zone + "/" + name + "/" + string(kind)
}

func splitID(id string) (zone, name string, kind types.RRType) {
	parts := strings.SplitN(id, "/", 3)
	if len(parts) < 3 {
		return "", "", ""
	}
	return parts[0], parts[1], types.RRType(parts[2])
}

// Poll implements engine.Poller: a change is pending until all name servers
// answer with it. Records without a change are looked for by their marks.
func (t Records) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	found := make([][]engine.Object, len(objects))
	calls := engine.Query{Memory: &memory.Memory{}}
	err := concurrent.Each(objects, func(i int, l engine.Object) error {
		there, err := true, error(nil)
		if change := l.Output(outChange); change != "" && l.State == engine.StatePending {
			l.State, l.Detail, err = t.changeState(ctx, change)
		} else if l.State != engine.StateReady || change == "" {
			there, err = t.isMarked(ctx, calls, l)
		}
		if there {
			found[i] = []engine.Object{l}
		}
		return err
	})
	return slices.Concat(found...), err
}

// changeState returns how far a change is. Route 53 forgets old changes.
func (t Records) changeState(ctx context.Context, id string) (engine.State, string, error) {
	got, err := t.API.GetChange(ctx, &route53.GetChangeInput{Id: &id})
	if err != nil && !gate.IsNotFound(err) {
		return engine.StatePending, "", fmt.Errorf("reading change %s: %w", id, err)
	}
	if err == nil && got.ChangeInfo.Status != types.ChangeStatusInsync {
		return engine.StatePending, underWay, nil
	}
	return engine.StateReady, "", nil
}

// underWay is the detail of a record whose change is pending.
const underWay = "not on all name servers yet"

// isMarked says whether the owner's mark of a record exists.
func (t Records) isMarked(ctx context.Context, calls engine.Query, l engine.Object) (bool, error) {
	zone, name, kind := splitID(l.ID)
	all, err := memory.Once(calls.Memory, zone, func() ([]types.ResourceRecordSet, error) { return sets(ctx, t.API, zone) })
	if gate.IsNotFound(err) {
		return false, nil
	}
	_, ok := find(all, t.markOf(l.Address.Owner, name, kind), types.RRTypeTxt)
	return ok, err
}

var (
	_ engine.Type[Record] = Records{}
	_ engine.Poller       = Records{}
)
