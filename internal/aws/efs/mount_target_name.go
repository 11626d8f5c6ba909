package efs

import (
	"context"

	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// name finds the addresses of mount targets: that of the wanted one in the
// same subnet, or in another subnet of the same zone, where it is in the way.
// What nothing wants keeps the name of its zone.
func (t MountTargets) name(ctx context.Context, q engine.Query, objects []engine.Object) error {
	if len(objects) == 0 || len(q.Wanted) == 0 {
		return nil
	}
	var ids []string
	for _, l := range objects {
		ids = append(ids, l.Attrs["subnet"])
	}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(MountTarget); ok && want.Subnet.Known() {
			ids = append(ids, want.Subnet.Value())
		}
	}
	places, err := nfs.Places(ctx, t.EC2, ids)
	if err != nil {
		return err
	}
	for i, l := range objects {
		for _, w := range q.Wanted {
			want, ok := w.Resource.(MountTarget)
			if ok && w.Address.Owner == l.Address.Owner && nfs.StandsFor(want.Subnet, l.Attrs["subnet"], places) {
				objects[i].Address = w.Address
			}
		}
	}
	return nil
}

// shownGroups are security groups as a mount target's attribute shows them.
func shownGroups(groups []engine.Ref) string {
	return engine.Shown(MountTarget{Groups: groups})["groups"]
}
