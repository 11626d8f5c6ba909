package run

import (
	"context"
	"sync"

	"github.com/berthdev/berth/internal/engine"
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
	read := func(one func() error) { all.Go(func() { _ = engine.Safely(one) }) }
	read(func() error {
		zones, err := s.Clients.Zones(ctx)
		if err == nil {
			p.early.zoneNames = zones
		}
		return err
	})
	read(func() error {
		used, count, err := s.Clients.Ranges(ctx)
		if err == nil {
			p.early.used, p.early.vpcs = used, count
		}
		return err
	})
	if p.Request.ReadOnly {
		return all.Wait
	}
	read(func() error {
		n, err := s.Clients.Gateways(ctx)
		if err == nil {
			p.early.gateways = n
		}
		return err
	})
	if store, ok := s.Locker.Store.(interface{ Know(ctx context.Context) }); ok {
		read(func() error {
			store.Know(ctx)
			return nil
		})
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
