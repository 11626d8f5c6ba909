package deploy

import (
	"context"
	"sync"

	"github.com/berthdev/berth/internal/concurrent"
)

// early is what the first run of a project reads while it asks whether there is
// anything yet. It needs all of it later, when each would be a round trip of its
// own. What could not be read is read again when it is needed, and fails there.
type early struct {
	zoneNames []string
	used      []string
	vpcs      int
}

// readEarly begins to read; what it returns waits for the end.
func (r *reader) readEarly(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	if r.req.Down || r.app.Settings.VPC.Value != "" {
		return all.Wait
	}
	read := func(one func() error) { all.Go(func() { _ = concurrent.Safely(one) }) }
	read(func() error {
		zones, err := r.clients.Zones(ctx)
		if err == nil {
			r.early.zoneNames = zones
		}
		return err
	})
	read(func() error {
		used, count, err := r.clients.Ranges(ctx)
		if err == nil {
			r.early.used, r.early.vpcs = used, count
		}
		return err
	})
	if r.req.ReadOnly {
		return all.Wait
	}
	read(func() error {
		n, err := r.clients.Gateways(ctx)
		if err == nil {
			r.gateways = n
		}
		return err
	})
	if store, ok := r.project.Target.Store.(interface{ Know(ctx context.Context) }); ok {
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
