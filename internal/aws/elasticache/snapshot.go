package elasticache

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// finalSuffix ends the name of the one snapshot that a deleted group leaves.
const finalSuffix = "-final"

// FinalSnapshot is the name of the one snapshot that a deleted group of this
// name leaves. The next deletion replaces it.
func FinalSnapshot(group string) string { return group + finalSuffix }

// withStored adds the final snapshots of groups that do not exist. Snapshots are
// recognised by name: AWS shows neither their tags nor a description.
func (t ReplicationGroups) withStored(ctx context.Context, q engine.Query, objects []engine.Object, there map[string]bool) ([]engine.Object, error) {
	wanted := map[string]engine.Address{}
	missing := q.Whole || len(q.Wanted) == 0
	for _, w := range q.Wanted {
		if g, ok := w.Resource.(ReplicationGroup); ok {
			wanted[g.Name] = w.Address
			missing = missing || !there[g.Name]
		}
	}
	if !missing {
		return objects, nil
	}
	all, err := t.snapshots(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		group, final := strings.CutSuffix(aws.ToString(s.SnapshotName), finalSuffix)
		if !final || there[group] {
			continue
		}
		a, ok := wanted[group]
		if !ok {
			a, ok = t.addressOf(q, group)
		}
		if ok {
			l := storedObject(s, a)
			if !isOf(s, group) {
				l.State, l.Foreign = engine.StateReady, "it is a snapshot of another cache"
			}
			objects = append(objects, l)
		}
	}
	return objects, nil
}

// isOf says whether a snapshot was taken of a group: AWS names the group, or one
// of its nodes, which are called GROUP-001.
func isOf(s types.Snapshot, group string) bool {
	if id := aws.ToString(s.ReplicationGroupId); id != "" {
		return id == group
	}
	return strings.HasPrefix(aws.ToString(s.CacheClusterId), group+"-")
}

// addressOf is the address of a group that is no longer wanted, by its name.
func (t ReplicationGroups) addressOf(q engine.Query, group string) (engine.Address, bool) {
	for _, o := range q.Owners {
		if naming.HasMark(group, o, t.Region) {
			return engine.Address{Owner: o, Type: ReplicationGroup{}.Type(), Name: group[:strings.LastIndexByte(group, '-')]}, true
		}
	}
	return engine.Address{}, false
}

func storedObject(s types.Snapshot, a engine.Address) engine.Object {
	return engine.Object{
		Address: a, ID: aws.ToString(s.SnapshotName), State: engine.StateStored, Detail: snapshotDetail(s),
		Outputs: map[string]string{"arn": aws.ToString(s.ARN)},
	}
}

func snapshotDetail(s types.Snapshot) string { return "snapshot " + aws.ToString(s.SnapshotName) }

// snapshots are those of the account, or the one of a name.
func (t ReplicationGroups) snapshots(ctx context.Context, name *string) ([]types.Snapshot, error) {
	var all []types.Snapshot
	pages := elasticache.NewDescribeSnapshotsPaginator(t.API, &elasticache.DescribeSnapshotsInput{SnapshotName: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing snapshots of caches: %w", err)
		}
		all = append(all, page.Snapshots...)
	}
	return all, nil
}

func (t ReplicationGroups) snapshot(ctx context.Context, name string) (s types.Snapshot, found bool, err error) {
	all, err := t.snapshots(ctx, &name)
	if len(all) > 0 {
		return all[0], true, err
	}
	return types.Snapshot{}, false, err
}

// source is the snapshot that a new group begins with; empty for none.
func (t ReplicationGroups) source(ctx context.Context, g ReplicationGroup) (string, error) {
	name := FinalSnapshot(g.Name)
	s, found, err := t.snapshot(ctx, name)
	switch {
	case err != nil:
		return "", err
	case !found:
		return g.FromSnapshot, nil
	case !isOf(s, g.Name):
		return "", &otherCacheError{name}
	case aws.ToString(s.SnapshotStatus) != "available":
		return "", gate.Busy("snapshot " + name + " is " + aws.ToString(s.SnapshotStatus))
	}
	return name, nil
}

// Delete implements engine.Type: the group goes and its final snapshot stays.
// An older final snapshot goes first, while the group still has the data.
func (t ReplicationGroups) Delete(ctx context.Context, object engine.Object) error {
	if object.State == engine.StateStored {
		return t.Erase(ctx, object)
	}
	in := &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &object.ID}
	if object.State != engine.StateFailed {
		in.FinalSnapshotIdentifier = aws.String(FinalSnapshot(object.ID))
	}
	_, err := t.API.DeleteReplicationGroup(ctx, in)
	switch {
	case gate.IsExists(err):
		if err := t.dropSnapshot(ctx, FinalSnapshot(object.ID)); err != nil {
			return err
		}
		return gate.Busy("the older final snapshot of " + object.ID + " is being deleted, so that AWS can take the new one")
	case err != nil && !gate.IsNotFound(err):
		return t.unlessDeleting(ctx, object.ID, fmt.Errorf("deleting cache %s: %w", object.ID, err))
	}
	return nil
}

// unlessDeleting is nil if the group is already being deleted, by an earlier call;
// otherwise it is the error.
func (t ReplicationGroups) unlessDeleting(ctx context.Context, name string, failure error) error {
	groups, err := t.all(ctx, &name)
	if err == nil && (len(groups) == 0 || aws.ToString(groups[0].Status) == "deleting") {
		return nil
	}
	return failure
}

// Keeps implements engine.Keeper. ElastiCache answers
// SnapshotFeatureNotSupportedFault for a cache.t1.micro (types/errors.go of the
// SDK); a group whose creation failed has never held data.
func (ReplicationGroups) Keeps(object engine.Object) (leaves, lost string) {
	switch {
	case object.State == engine.StateFailed:
		return "it was never created and holds no data", ""
	case object.Attrs["node_type"] == "cache.t1.micro":
		return "", "AWS takes no snapshot of a cache.t1.micro"
	}
	return ReplicationGroups{}.Spec().Leaves, ""
}

// Begin implements engine.Beginner.
func (ReplicationGroups) Begin(want ReplicationGroup) string {
	if want.FromSnapshot == "" {
		return ""
	}
	return "restored from snapshot " + want.FromSnapshot
}

// Erase implements engine.Eraser. The snapshot goes first: while the group exists,
// the next run finds what a run that died has left.
func (t ReplicationGroups) Erase(ctx context.Context, object engine.Object) error {
	if object.State == engine.StateStored {
		return t.dropSnapshot(ctx, object.ID)
	}
	var other *otherCacheError
	if err := t.dropSnapshot(ctx, FinalSnapshot(object.ID)); err != nil && !errors.As(err, &other) {
		return err
	}
	_, err := t.API.DeleteReplicationGroup(ctx, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return t.unlessDeleting(ctx, object.ID, fmt.Errorf("deleting cache %s: %w", object.ID, err))
	}
	return nil
}

// otherCacheError says that a snapshot which has the name of berth's final snapshot
// is of another cache: it is neither restored nor deleted.
type otherCacheError struct{ name string }

func (e *otherCacheError) Error() string { return "snapshot " + e.name + " is of another cache" }

// Remedy is what the user can do.
func (e *otherCacheError) Remedy() string { return "copy it to another name, delete it, and try again" }

func (t ReplicationGroups) dropSnapshot(ctx context.Context, name string) error {
	s, found, err := t.snapshot(ctx, name)
	if err != nil || !found {
		return err
	}
	if !isOf(s, strings.TrimSuffix(name, finalSuffix)) {
		return &otherCacheError{name}
	}
	_, err = t.API.DeleteSnapshot(ctx, &elasticache.DeleteSnapshotInput{SnapshotName: &name})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting snapshot %s: %w", name, err)
	}
	return nil
}
