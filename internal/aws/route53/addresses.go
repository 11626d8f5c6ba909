package route53

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// SetAddresses sets the values of an A record whose mark says that they are the
// addresses of tasks; without addresses it removes the record and keeps the
// mark. It changes nothing if the mark is gone by then, for example after a
// teardown: the mark is part of the batch.
func (t Records) SetAddresses(ctx context.Context, object engine.Object, ttl int, addresses []string) error {
	zone, name, kind := splitID(object.ID)
	done, err := t.Turns.Take(ctx, turnOf(zone))
	if err != nil {
		return err
	}
	defer done()
	all, err := sets(ctx, t.API, zone)
	if err != nil {
		return err
	}
	mark, ok := find(all, t.markOf(object.Address.Owner, name, kind), types.RRTypeTxt)
	if !ok {
		return nil
	}
	batch := []types.Change{change(types.ChangeActionDelete, mark), change(types.ChangeActionCreate, mark)}
	have, there := find(all, name, kind)
	want, valued := setOf(Record{Kind: string(kind), TTL: ttl, Values: engine.Lits(addresses...)}, name)
	switch {
	case valued:
		batch = append(batch, change(types.ChangeActionUpsert, want))
	case there:
		batch = append(batch, change(types.ChangeActionDelete, have))
	default:
		return nil
	}
	_, err = t.apply(ctx, zone, batch)
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("setting the addresses of %s: %w", aws.ToString(want.Name), passing(err))
	}
	return nil
}
