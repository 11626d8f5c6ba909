package hosts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// AddressTTL is how long resolvers may remember the address of a task, in seconds.
// After AWS replaces a task, clients may not reach the service for that long.
const AddressTTL = 30

// Change is a record whose addresses a sync has changed.
type Change struct {
	Host   string   `json:"host"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// String is the change in a line: "app.example.com: 203.0.113.7, was 203.0.113.5".
func (c Change) String() string {
	words := func(list []string) string {
		if len(list) == 0 {
			return "no address"
		}
		return strings.Join(list, " ")
	}
	return fmt.Sprintf("%s: %s, was %s", c.Host, words(c.After), words(c.Before))
}

// Sync makes the records of the hosts hold exactly the public addresses of the
// tasks that work, where the internet reaches tasks without a load balancer;
// elsewhere it does nothing. A record that the last up did not make is left out.
func (h *Hosts) Sync(ctx context.Context) ([]Change, error) {
	if !h.App.Direct() || len(h.App.HostNames()) == 0 {
		return nil, nil
	}
	addresses, err := h.Addresses(ctx)
	if err != nil {
		return nil, err
	}
	zones, err := h.Zones(ctx, Notes{}) // which of them berth made does not matter here
	if err != nil {
		return nil, err
	}
	records, err := h.records(ctx, zones)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, svc := range h.App.Services {
		for _, host := range svc.Hosts {
			record, ok := records[blueprint.HostRecord(h.App, h.App.Settings.DNSProvider.Value, host.Name)]
			if !ok {
				continue
			}
			before := slices.Sorted(slices.Values(record.Addresses))
			after := addresses[svc.Name]
			if slices.Equal(before, after) {
				continue
			}
			if err := h.provider().SetAddresses(ctx, record, AddressTTL, after); err != nil {
				return changes, err
			}
			changes = append(changes, Change{Host: host.Name, Before: before, After: after})
		}
	}
	return changes, nil
}

// records are the records of the hosts that there are.
func (h *Hosts) records(ctx context.Context, zones map[string]blueprint.Zone) (map[engine.Address]AddressRecord, error) {
	var places []Place
	for host, zone := range zones {
		if zone.ID != "" {
			places = append(places, Place{Address: blueprint.HostRecord(h.App, zone.Provider, host), Zone: zone.ID, Host: host})
		}
	}
	found := map[engine.Address]AddressRecord{}
	if len(places) == 0 {
		return found, nil
	}
	list, err := h.provider().AddressRecords(ctx, h.stack(), places)
	for _, r := range list {
		found[r.Address] = r
	}
	return found, err
}

// Watch syncs repeatedly until ctx ends. It pauses for every, plus up to a fifth of
// it so that many watchers do not call at the same moment. tell gets changes and
// errors; no error ends Watch.
func (h *Hosts) Watch(ctx context.Context, every time.Duration, tell func([]Change, error)) {
	jitter := h.Jitter
	if jitter == nil {
		jitter = rand.Float64
	}
	for {
		changes, err := h.Sync(ctx)
		if ctx.Err() != nil {
			return
		}
		if len(changes) > 0 || err != nil {
			tell(changes, err)
		}
		pause := every + time.Duration(jitter()*float64(every)/5)
		if h.Clock.Sleep(ctx, pause) != nil {
			return
		}
	}
}
