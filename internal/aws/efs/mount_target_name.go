package efs

import (
	"context"

	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// name finds the addresses of mount targets: that of the wanted one in the
// same subnet, or in another subnet of the same zone, where it is in the way.
// What nothing wants keeps the name of its zone.
func (t MountTargets) name(ctx context.Context, q engine.Query, lives []engine.Live) error {
	if len(lives) == 0 || len(q.Wanted) == 0 {
		return nil
	}
	var ids []string
	for _, l := range lives {
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
	for i, l := range lives {
		for _, w := range q.Wanted {
			want, ok := w.Resource.(MountTarget)
			if ok && w.Address.Owner == l.Address.Owner && nfs.StandsFor(want.Subnet, l.Attrs["subnet"], places) {
				lives[i].Address = w.Address
			}
		}
	}
	return nil
}

// showGroups fills in the mount targets' security groups, which are those of
// their network interfaces: EFS itself tells them in a call for each. An
// interface that is not listed yet hides them.
func (t MountTargets) showGroups(ctx context.Context, lives []engine.Live, interfaces map[string]string) error {
	if len(lives) == 0 {
		return nil
	}
	var ids []string
	for _, id := range interfaces {
		ids = append(ids, id)
	}
	groups, err := nfs.Groups(ctx, t.EC2, ids)
	if err != nil {
		return err
	}
	for _, l := range lives {
		if list, ok := groups[interfaces[l.ID]]; ok {
			l.Attrs["groups"] = engine.Shown(MountTarget{Groups: list})["groups"]
		}
	}
	return nil
}
