package run

import (
	"context"
	"sync"
)

// early is what the first run of a project reads beside the question whether
// there is anything yet, because it will need it: each would be a round trip of
// its own later. What could not be read is read again when it is needed, and
// fails there.
type early struct {
	zoneNames []string
	used      []string
	vpcs      int
	gateways  int
}

// readEarly begins to read; what it returns waits for the end.
func (s *Session) readEarly(ctx context.Context, p *Prepared) (wait func()) {
	var all sync.WaitGroup
	if p.Request.Down || s.App.Settings.VPC.Value != "" {
		return all.Wait
	}
	all.Go(func() {
		if zones, err := s.Clients.Zones(ctx); err == nil {
			p.early.zoneNames = zones
		}
	})
	all.Go(func() {
		if used, count, err := s.Clients.Ranges(ctx); err == nil {
			p.early.used, p.early.vpcs = used, count
		}
	})
	if p.Request.ReadOnly {
		return all.Wait
	}
	all.Go(func() {
		if n, err := s.Clients.Gateways(ctx); err == nil {
			p.early.gateways = n
		}
	})
	if store, ok := s.Locker.Store.(interface{ Know(ctx context.Context) }); ok {
		all.Go(func() { store.Know(ctx) })
	}
	return all.Wait
}

func (e *early) zones(ctx context.Context, read func(context.Context) ([]string, error)) ([]string, error) {
	if len(e.zoneNames) > 0 {
		return e.zoneNames, nil
	}
	return read(ctx)
}

func (e *early) ranges(ctx context.Context, read func(context.Context) ([]string, int, error)) ([]string, int, error) {
	if e.vpcs > 0 {
		return e.used, e.vpcs, nil
	}
	return read(ctx)
}
