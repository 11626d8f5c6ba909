package s3files

import (
	"context"

	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// name finds the addresses of mount targets: that of the wanted one of the same
// file system in the same subnet or zone. What nothing wants keeps the names of
// its file system and subnet. parents are the file systems' addresses by id.
func (t MountTargets) name(ctx context.Context, q engine.Query, objects []engine.Object, parents map[string]engine.Address) error {
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
			if !ok || w.Address.Owner != l.Address.Owner {
				continue
			}
			of, _, _, bound := want.FileSystem.Of()
			parent := bound && of == parents[l.Attrs["file_system"]] || want.FileSystem.Value() == l.Attrs["file_system"]
			if parent && nfs.StandsFor(want.Subnet, l.Attrs["subnet"], places) {
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
