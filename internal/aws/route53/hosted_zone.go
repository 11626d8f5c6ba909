package route53

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// HostedZone is a public zone that berth made. Outputs: id, servers (its name
// servers, separated by commas).
type HostedZone struct {
	// Name is without a dot at its end.
	Name string `attr:"name,replace,own"`
}

// Type implements engine.Resource.
func (HostedZone) Type() string { return "route53.hosted-zone" }

// HostedZones is the type of HostedZone.
type HostedZones struct{ API *route53.Client }

// Spec implements engine.Type. A teardown keeps zones: a new zone would have
// other name servers than those set at the registrar.
func (HostedZones) Spec() engine.Spec {
	return engine.Spec{
		Holds: "data",
		Name:  HostedZone{}.Type(), Identity: engine.Token,
		Keep: "its name servers are set at the registrar", DeletesAfter: []string{Record{}.Type()},
	}
}

// List implements engine.Type: it makes one call, and one for each of the
// owners' zones. The comment carries berth's mark.
func (t HostedZones) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	zones, err := t.own(ctx, q)
	if err != nil {
		return nil, err
	}
	objects := make([]engine.Object, len(zones))
	return objects, concurrent.Each(zones, func(i int, z Zone) error {
		mark, _ := engine.ParseMark(z.Comment)
		servers, err := NameServers(ctx, t.API, z.ID)
		objects[i] = engine.Object{
			Address: mark.Address, ID: z.ID, LastApplied: mark.LastApplied, State: engine.StateReady,
			Attrs: engine.Shown(HostedZone{Name: z.Name}), Outputs: zoneOutputs(z.ID, servers),
		}
		return err
	})
}

func zoneOutputs(id string, servers []string) map[string]string {
	return map[string]string{"id": id, outServers: strings.Join(servers, ",")}
}

const outServers = "servers"

// ServersOf returns the name servers of a HostedZone's object.
func ServersOf(o engine.Object) []string { return splitList(o.Output(outServers)) }

// own returns the owners' zones, read once for zones and records.
func (t HostedZones) own(ctx context.Context, q engine.Query) ([]Zone, error) {
	known, all := knownIn(q.Memory)
	if len(q.Wanted) == 0 && len(known) == 0 && (!all || !q.Whole) {
		return nil, nil
	}
	return memory.Once(q.Memory, "route53.zones", func() ([]Zone, error) {
		zones, err := Zones(ctx, t.API)
		if err != nil && engine.ClassOf(err) == engine.Denied && len(q.Wanted)+len(known) == 0 {
			return nil, nil // a caller without the permission has made none
		}
		return slices.DeleteFunc(zones, func(z Zone) bool {
			mark, _ := engine.ParseMark(z.Comment)
			return mark.Address.Type != HostedZone{}.Type() || !q.Has(mark.Address.Owner)
		}), err
	})
}

// Create implements engine.Type. The mark is complete only when the zone has its tags.
func (t HostedZones) Create(ctx context.Context, w engine.Desired[HostedZone]) (engine.Object, error) {
	out, err := t.API.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{
		Name: &w.Want.Name, CallerReference: &w.Token,
		HostedZoneConfig: &types.HostedZoneConfig{Comment: aws.String(engine.Mark{Address: w.Address}.String())},
	})
	if gate.IsExists(err) {
		return t.existing(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating zone %s: %w", w.Want.Name, err)
	}
	id := bareID(aws.ToString(out.HostedZone.Id))
	var servers []string
	if out.DelegationSet != nil {
		servers = out.DelegationSet.NameServers
	}
	object, err := t.Update(gate.JustMade(ctx), w, engine.Object{ID: id, Outputs: zoneOutputs(id, servers)}, nil)
	return object, gate.Half(err)
}

// existing returns the zone that an earlier creation with this token made.
func (t HostedZones) existing(ctx context.Context, w engine.Desired[HostedZone]) (engine.Object, error) {
	zones, err := Zones(ctx, t.API, w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	for _, z := range zones {
		mark, _ := engine.ParseMark(z.Comment)
		if z.Name != w.Want.Name || mark.Address != w.Address {
			continue
		}
		servers, err := NameServers(ctx, t.API, z.ID)
		if err != nil {
			return engine.Object{}, err
		}
		return t.Update(ctx, w, engine.Object{ID: z.ID, Outputs: zoneOutputs(z.ID, servers)}, nil)
	}
	return engine.Object{}, gate.Unlisted("zone " + w.Want.Name)
}

// Update implements engine.Type: only tags and the mark can change.
func (t HostedZones) Update(ctx context.Context, w engine.Desired[HostedZone], object engine.Object, _ []string) (engine.Object, error) {
	in := &route53.ChangeTagsForResourceInput{ResourceId: &object.ID, ResourceType: types.TagResourceTypeHostedzone}
	for k, v := range w.Tags {
		in.AddTags = append(in.AddTags, types.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	slices.SortFunc(in.AddTags, func(a, b types.Tag) int { return strings.Compare(*a.Key, *b.Key) })
	if _, err := t.API.ChangeTagsForResource(ctx, in); err != nil {
		return object, fmt.Errorf("tagging zone %s: %w", object.ID, err)
	}
	_, err := t.API.UpdateHostedZoneComment(ctx, &route53.UpdateHostedZoneCommentInput{
		Id: &object.ID, Comment: aws.String(w.Mark().String()),
	})
	if err != nil {
		return object, fmt.Errorf("marking zone %s: %w", object.ID, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type. A zone with records that berth did not make
// stays, with an error.
func (t HostedZones) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteHostedZone(ctx, &route53.DeleteHostedZoneInput{Id: &object.ID})
	if err == nil || gate.IsNotFound(err) {
		return nil
	}
	if gate.Code(err) == "HostedZoneNotEmpty" {
		return fmt.Errorf("zone %s has records that berth did not make: delete them first: %w", object.ID, err)
	}
	return fmt.Errorf("deleting zone %s: %w", object.ID, err)
}

var _ engine.Type[HostedZone] = HostedZones{}
