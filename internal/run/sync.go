package run

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

// AddressTTL is how long resolvers may remember the address of a task, in
// seconds: a task that is replaced is out of reach for that long.
const AddressTTL = 30

// NameChange is a record whose addresses a sync has changed.
type NameChange struct {
	Host   string   `json:"host"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// String is the change in a line: "app.example.com: 203.0.113.7, was 203.0.113.5".
func (c NameChange) String() string {
	words := func(list []string) string {
		if len(list) == 0 {
			return "no address"
		}
		return strings.Join(list, " ")
	}
	return fmt.Sprintf("%s: %s, was %s", c.Host, words(c.After), words(c.Before))
}

// SyncNames makes the records of the hosts hold exactly the public addresses of
// the tasks that work, where the internet reaches tasks without a load balancer;
// elsewhere it does nothing. A record that the last up did not make is left out.
func (s *Session) SyncNames(ctx context.Context) ([]NameChange, error) {
	if !s.App.Direct() || len(s.App.HostNames()) == 0 {
		return nil, nil
	}
	addresses, err := s.taskAddresses(ctx)
	if err != nil {
		return nil, err
	}
	zones, err := s.zones(ctx)
	if err != nil {
		return nil, err
	}
	kind, objects, err := s.hostRecords(ctx, zones)
	if err != nil {
		return nil, err
	}
	var changes []NameChange
	for _, svc := range s.App.Services {
		for _, h := range svc.Hosts {
			object, ok := objects[blueprint.HostRecord(s.App, s.App.Settings.DNSProvider.Value, h.Name)]
			if !ok {
				continue
			}
			before := slices.Sorted(slices.Values(addressesOf(object)))
			after := addresses[svc.Name]
			if slices.Equal(before, after) {
				continue
			}
			if err := kind.SetAddresses(ctx, object, AddressTTL, after); err != nil {
				return changes, err
			}
			changes = append(changes, NameChange{Host: h.Name, Before: before, After: after})
		}
	}
	return changes, nil
}

// taskAddresses are the public addresses of the tasks that work, by service.
func (s *Session) taskAddresses(ctx context.Context) (map[string][]string, error) {
	var wanted []status.Reachable
	for _, svc := range s.App.Services {
		if len(svc.Hosts) > 0 {
			wanted = append(wanted, status.Reachable{
				Wanted:  status.Wanted{Name: svc.Name, ECSName: blueprint.ServiceName(s.App, s.Region, svc.Name)},
				Checked: blueprint.Checked(svc),
			})
		}
	}
	return status.Addresses(ctx, status.Clients{ECS: s.Clients.ECS, EC2: s.Clients.EC2}, blueprint.ClusterName(s.App, s.Region), wanted)
}

// addressBook is a type of records whose values can be set from outside of a
// plan.
type addressBook interface {
	List(ctx context.Context, q engine.Query) ([]engine.Object, error)
	SetAddresses(ctx context.Context, object engine.Object, ttl int, addresses []string) error
}

// addressesOf are the values of a record that was listed.
func addressesOf(l engine.Object) []string {
	if v := l.Output("values"); v != "" {
		return strings.Split(v, ",")
	}
	return nil
}

// hostRecords are the records of the hosts that there are, and their type.
func (s *Session) hostRecords(ctx context.Context, zones map[string]blueprint.Zone) (addressBook, map[engine.Address]engine.Object, error) {
	var book addressBook = s.records()
	if s.App.Settings.DNSProvider.Value == app.DNSCloudflare {
		book = s.cloudflareRecords()
	}
	q := engine.Query{Owners: []engine.Owner{s.Stack()}}
	for host, zone := range zones {
		if zone.ID != "" {
			var want engine.Resource = route53.Record{Zone: engine.Lit(zone.ID), Name: engine.Lit(host), Kind: "A"}
			if zone.Provider == app.DNSCloudflare {
				want = cloudflare.Record{Zone: engine.Lit(zone.ID), Name: engine.Lit(host), Kind: "A"}
			}
			q.Wanted = append(q.Wanted, engine.Wanted{Address: blueprint.HostRecord(s.App, zone.Provider, host), Resource: want})
		}
	}
	found := map[engine.Address]engine.Object{}
	if len(q.Wanted) == 0 {
		return book, found, nil
	}
	objects, err := book.List(ctx, q)
	for _, l := range objects {
		found[l.Address] = l
	}
	return book, found, err
}

// WatchNames syncs again and again until ctx ends, with every and up to a fifth
// more in between, so that many watchers do not ask at once. tell gets what has
// changed or went wrong; an error ends nothing.
func (s *Session) WatchNames(ctx context.Context, every time.Duration, tell func([]NameChange, error)) {
	jitter := rand.Float64
	for {
		changes, err := s.SyncNames(ctx)
		if ctx.Err() != nil {
			return
		}
		if len(changes) > 0 || err != nil {
			tell(changes, err)
		}
		pause := every + time.Duration(jitter()*float64(every)/5)
		if s.Clock.Sleep(ctx, pause) != nil {
			return
		}
	}
}
