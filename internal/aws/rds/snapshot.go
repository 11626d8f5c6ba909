package rds

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// FinalSnapshot is the name of the one snapshot that a deleted instance of this
// name leaves. The next deletion replaces it.
func FinalSnapshot(instance string) string { return instance + "-final" }

// withStored adds the final snapshots at addresses without an instance. there has
// the addresses that may have one, with true for those that have an instance.
func (t Instances) withStored(ctx context.Context, q engine.Query, objects []engine.Object, there map[engine.Address]bool) ([]engine.Object, error) {
	missing := q.Whole
	for _, has := range there {
		missing = missing || !has
	}
	if !missing && len(q.Wanted) > 0 {
		return objects, nil
	}
	all, err := t.snapshots(ctx, &rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")})
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		mark, ok := engine.MarkOf(tagMap(s.TagList))
		own := ok && mark.Address.Type == (Instance{}).Type() && q.Has(mark.Address.Owner)
		if own && !there[mark.Address] && aws.ToString(s.DBSnapshotIdentifier) == FinalSnapshot(aws.ToString(s.DBInstanceIdentifier)) {
			objects = append(objects, storedObject(s, mark.Address))
		}
	}
	return objects, nil
}

func storedObject(s types.DBSnapshot, a engine.Address) engine.Object {
	return engine.Object{
		Address: a, ID: aws.ToString(s.DBSnapshotIdentifier), State: engine.StateStored, Detail: snapshotDetail(s),
		Tags: tagMap(s.TagList), Outputs: map[string]string{"arn": aws.ToString(s.DBSnapshotArn)},
	}
}

func snapshotDetail(s types.DBSnapshot) string {
	return "snapshot " + aws.ToString(s.DBSnapshotIdentifier)
}

func (t Instances) snapshots(ctx context.Context, in *rds.DescribeDBSnapshotsInput) ([]types.DBSnapshot, error) {
	var all []types.DBSnapshot
	pages := rds.NewDescribeDBSnapshotsPaginator(t.API, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing database snapshots: %w", err)
		}
		all = append(all, page.DBSnapshots...)
	}
	return all, nil
}

func (t Instances) snapshot(ctx context.Context, name string) (s types.DBSnapshot, found bool, err error) {
	all, err := t.snapshots(ctx, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &name})
	if len(all) > 0 {
		return all[0], true, err
	}
	return types.DBSnapshot{}, false, err
}

// source is the snapshot that a new instance begins with; empty for none.
func (t Instances) source(ctx context.Context, w engine.Desired[Instance]) (string, error) {
	name := FinalSnapshot(w.Want.Name)
	s, found, err := t.snapshot(ctx, name)
	if err != nil {
		return "", err
	}
	if !found {
		return w.Want.FromSnapshot, nil
	}
	mark, _ := engine.MarkOf(tagMap(s.TagList))
	if err := w.Claim(mark, name, aws.ToString(s.DBSnapshotArn)); err != nil {
		return "", err
	}
	if have := aws.ToString(s.Engine); have != w.Want.Engine {
		return "", &otherEngineError{snapshot: name, have: have, want: w.Want.Engine}
	}
	if status := aws.ToString(s.Status); status != "available" {
		return "", gate.Busy("snapshot " + name + " is " + status)
	}
	return name, nil
}

// otherEngineError says that the snapshot is of another engine.
type otherEngineError struct{ snapshot, have, want string }

func (e *otherEngineError) Error() string {
	return fmt.Sprintf("snapshot %s holds data of %s, which cannot be restored as %s", e.snapshot, e.have, e.want)
}

// Remedy is what the user can do.
func (e *otherEngineError) Remedy() string {
	return "give the service another name, or delete the snapshot with `berth down --delete-data`"
}

// restore makes an instance from a snapshot, waits until it can be changed, and
// sets the attributes that a restore cannot set.
func (t Instances) restore(ctx context.Context, w engine.Desired[Instance], snapshot string) (engine.Object, error) {
	out, err := t.API.RestoreDBInstanceFromDBSnapshot(ctx, restoreInput(w, snapshot))
	switch {
	case gate.IsExists(err):
		return t.existing(ctx, w)
	case err != nil:
		return engine.Object{}, fmt.Errorf("restoring database %s from snapshot %s: %w", w.Want.Name, snapshot, err)
	}
	object := instanceObject(*out.DBInstance, w.Want)
	object.State = engine.StatePending
	object, err = t.Update(ctx, w, object, afterRestore())
	if err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return object, nil
}

// Delete implements engine.Type: the instance goes and its final snapshot stays.
// An older final snapshot is deleted first, while the instance still has the data.
// If AWS takes no new one, the older one stays.
func (t Instances) Delete(ctx context.Context, object engine.Object) error {
	if object.State == engine.StateStored {
		return t.Erase(ctx, object)
	}
	d, found, err := t.one(ctx, object.ID)
	if err != nil || !found || aws.ToString(d.DBInstanceStatus) == "deleting" {
		return err
	}
	status := aws.ToString(d.DBInstanceStatus)
	in := &rds.DeleteDBInstanceInput{DBInstanceIdentifier: &object.ID}
	switch copyOf(status) {
	case copyNever:
		return &noCopyError{name: object.ID, status: status}
	case copyNeedless:
		in.SkipFinalSnapshot = aws.Bool(true)
	case copySure, copyDoubtful:
		in.FinalDBSnapshotIdentifier = aws.String(FinalSnapshot(object.ID))
	}
	_, err = t.API.DeleteDBInstance(ctx, in)
	switch {
	case gate.Code(err) == "InvalidDBInstanceState" && copyOf(status) == copyDoubtful:
		return &noCopyError{name: object.ID, status: status, err: err}
	case gate.IsExists(err):
		if err := t.dropSnapshot(ctx, FinalSnapshot(object.ID), object.Address); err != nil {
			return err
		}
		return gate.Busy("the older final snapshot of " + object.ID + " is being deleted, so that AWS can take the new one")
	case err != nil && !gate.IsNotFound(err):
		return fmt.Errorf("deleting database %s: %w", object.ID, err)
	}
	return nil
}

// Keeps implements engine.Keeper.
func (Instances) Keeps(object engine.Object) (leaves, lost string) {
	status := object.Detail
	switch copyOf(status) {
	case copyNever:
		return "", "its state is " + status + ", in which AWS takes no final snapshot"
	case copyNeedless:
		return "it is still being created and holds no data", ""
	case copyDoubtful:
		return "a final snapshot keeps its data; if AWS takes none while the database is " + status + ", the database stays", ""
	}
	return Instances{}.Spec().Leaves, ""
}

// noCopyError says that a database was not deleted, because no final snapshot
// of it can be taken.
type noCopyError struct {
	name, status string
	err          error
}

func (e *noCopyError) Error() string {
	return fmt.Sprintf("database %s stays: AWS takes no final snapshot while it is %s", e.name, e.status)
}

func (e *noCopyError) Unwrap() error { return e.err }

// Class implements engine.Classified: the state does not pass by itself.
func (e *noCopyError) Class() engine.Class { return engine.Terminal }

// Remedy is what the user can do.
func (e *noCopyError) Remedy() string {
	return "repair " + e.name + " in the RDS console and run `berth down` again, or run `berth down --delete-data` to delete it with its data"
}

// Begin implements engine.Beginner.
func (Instances) Begin(want Instance) string {
	if want.FromSnapshot == "" {
		return ""
	}
	return "restored from snapshot " + want.FromSnapshot
}

// Erase implements engine.Eraser. The snapshot goes first: while the instance
// exists, the next run finds what a run that died has left.
func (t Instances) Erase(ctx context.Context, object engine.Object) error {
	if object.State == engine.StateStored {
		return t.dropSnapshot(ctx, object.ID, object.Address)
	}
	if err := t.dropSnapshot(ctx, FinalSnapshot(object.ID), object.Address); err != nil {
		return err
	}
	_, err := t.API.DeleteDBInstance(ctx, &rds.DeleteDBInstanceInput{
		DBInstanceIdentifier: &object.ID, SkipFinalSnapshot: aws.Bool(true), DeleteAutomatedBackups: aws.Bool(true),
	})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting database %s: %w", object.ID, err)
	}
	return nil
}

// dropSnapshot deletes the final snapshot of an address. A snapshot of the name
// that carries another mark is somebody else's and stays.
func (t Instances) dropSnapshot(ctx context.Context, name string, a engine.Address) error {
	s, found, err := t.snapshot(ctx, name)
	if err != nil || !found {
		return err
	}
	if mark, _ := engine.MarkOf(tagMap(s.TagList)); mark.Address != a {
		return &engine.TakenError{Address: a, Name: name, ID: aws.ToString(s.DBSnapshotArn)}
	}
	_, err = t.API.DeleteDBSnapshot(ctx, &rds.DeleteDBSnapshotInput{DBSnapshotIdentifier: &name})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting snapshot %s: %w", name, err)
	}
	return nil
}
