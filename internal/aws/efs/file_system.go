package efs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// FileSystem is an EFS file system, encrypted, whose throughput follows the
// load. None of its attributes ever replaces it: its files would stay behind.
// Outputs: id, arn.
type FileSystem struct {
	// Maker begins the creation token: it says who made the file system, and for what.
	// Backups and people copy tags; the creation token never changes.
	// https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
	Maker string `attr:"maker,own"`
	// Backup takes automatic backups: daily, each kept for 35 days.
	// https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
	Backup bool `attr:"backup"`
	// Guarded refuses clients without TLS and clients without an IAM identity.
	// Without it, every client that reaches a mount target is root.
	Guarded bool `attr:"guarded"`
}

// Type implements engine.Resource.
func (FileSystem) Type() string { return "efs.file-system" }

// FileSystems is the type of FileSystem.
//
// Backups and the policy cost two calls to read and are hidden from a shallow
// List. TagAsked is written last: a file system without it shows them.
type FileSystems struct {
	API     *efs.Client
	Tagging *resourcegroupstaggingapi.Client
	Clock   clock.Clock
}

// Typical times; see the sandbox's table of durations.
const (
	fileSystemReady = 6 * time.Second
	fileSystemGone  = 5 * time.Second
)

// Spec implements engine.Type.
func (FileSystems) Spec() engine.Spec {
	return engine.Spec{
		InUse: "its mount targets go first",
		Holds: "data", Restores: true,
		Name: FileSystem{}.Type(), Identity: engine.Token, Keep: "files stay; --delete-data deletes them",
		ReadyIn: fileSystemReady, GoneIn: fileSystemGone,
		DeletesAfter: []string{MountTarget{}.Type(), AccessPoint{}.Type()},
	}
}

// List implements engine.Type.
func (t FileSystems) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	found, err := t.found(ctx, q)
	if err != nil {
		return nil, err
	}
	objects := make([]engine.Object, len(found))
	return objects, concurrent.Each(found, func(i int, f types.FileSystemDescription) (err error) {
		objects[i], err = t.shown(ctx, f, q.Deep)
		return err
	})
}

// shown is a file system, with its backups and policy if the reading is deep or the
// file system has not been finished.
func (t FileSystems) shown(ctx context.Context, f types.FileSystemDescription, deep bool) (engine.Object, error) {
	l := fileSystemObject(f)
	if l.LastApplied != "" && !deep || l.State != engine.StateReady {
		return l, nil
	}
	backup, err := t.backup(ctx, l.ID)
	if err != nil {
		return engine.Object{}, err
	}
	guarded, err := t.guarded(ctx, l.ID)
	if err != nil {
		return engine.Object{}, err
	}
	maker := l.Attrs
	l.Attrs = engine.Shown(FileSystem{Backup: backup, Guarded: guarded}, attrMaker)
	maps.Copy(l.Attrs, maker)
	return l, nil
}

func fileSystemObject(f types.FileSystemDescription) engine.Object {
	tags := tagMap(f.Tags)
	mark, _ := engine.MarkOf(tags)
	return engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, ID: aws.ToString(f.FileSystemId), Tags: tags,
		Attrs:   makerAttr(f, tags),
		Outputs: map[string]string{"arn": aws.ToString(f.FileSystemArn)}, Created: aws.ToTime(f.CreationTime),
		State: nfs.StateOf(f.LifeCycleState), Detail: string(f.LifeCycleState),
	}
}

// backup says whether automatic backups are on.
func (t FileSystems) backup(ctx context.Context, id string) (bool, error) {
	out, err := t.API.DescribeBackupPolicy(ctx, &efs.DescribeBackupPolicyInput{FileSystemId: &id})
	if gate.Code(err) == "PolicyNotFound" {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the backup policy of %s: %w", id, err)
	}
	switch out.BackupPolicy.Status {
	case types.StatusEnabled, types.StatusEnabling:
		return true, nil
	default:
		return false, nil
	}
}

// Poll implements engine.Poller.
func (t FileSystems) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	all, err := t.all(ctx, &efs.DescribeFileSystemsInput{})
	if err != nil {
		return nil, err
	}
	var there []engine.Object
	for _, l := range objects {
		i := slices.IndexFunc(all, func(f types.FileSystemDescription) bool { return aws.ToString(f.FileSystemId) == l.ID })
		if i >= 0 {
			l.State, l.Detail = nfs.StateOf(all[i].LifeCycleState), string(all[i].LifeCycleState)
			there = append(there, l)
		}
	}
	return there, nil
}

// Create implements engine.Type. The policy can be set only on a file system
// that is ready, so Create waits for that, some seconds.
func (t FileSystems) Create(ctx context.Context, w engine.Desired[FileSystem]) (engine.Object, error) {
	unfinished := maps.Clone(w.Tags)
	delete(unfinished, engine.TagLastApplied)
	out, err := t.API.CreateFileSystem(ctx, &efs.CreateFileSystemInput{
		CreationToken: aws.String(tokenOf(w)), Encrypted: aws.Bool(true), Backup: aws.Bool(w.Want.Backup),
		PerformanceMode: types.PerformanceModeGeneralPurpose, ThroughputMode: types.ThroughputModeElastic,
		Tags: tagList(unfinished),
	})
	var exists *types.FileSystemAlreadyExists
	if errors.As(err, &exists) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a file system: %w", err)
	}
	id := aws.ToString(out.FileSystemId)
	if err := t.await(ctx, id); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	object := engine.Object{ID: id, Tags: unfinished, Outputs: map[string]string{"arn": aws.ToString(out.FileSystemArn)}}
	done, err := t.Update(ctx, w, object, []string{"guarded"})
	return done, gate.Half(err)
}

// take goes on with the file system that an earlier call of this desired state made.
func (t FileSystems) take(ctx context.Context, w engine.Desired[FileSystem], exists error) (engine.Object, error) {
	token := tokenOf(w)
	all, err := t.all(ctx, &efs.DescribeFileSystemsInput{CreationToken: &token})
	if err != nil {
		return engine.Object{}, err
	}
	if len(all) == 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	object := fileSystemObject(all[0])
	mark, _ := engine.MarkOf(object.Tags)
	if err := w.Claim(mark, token, object.ID); err != nil {
		return engine.Object{}, err
	}
	if err := t.await(ctx, object.ID); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return t.Update(ctx, w, object, []string{"guarded", "backup"})
}

// await waits until a new file system is available.
func (t FileSystems) await(ctx context.Context, id string) error {
	const pace = time.Second
	for {
		out, err := t.API.DescribeFileSystems(gate.JustMade(ctx), &efs.DescribeFileSystemsInput{FileSystemId: &id})
		if err != nil {
			return fmt.Errorf("waiting for file system %s: %w", id, err)
		}
		for _, f := range out.FileSystems {
			switch nfs.StateOf(f.LifeCycleState) {
			case engine.StateReady:
				return nil
			case engine.StatePending:
			default:
				return fmt.Errorf("file system %s is in state %s", id, f.LifeCycleState)
			}
		}
		if err := t.Clock.Sleep(ctx, pace); err != nil {
			return err
		}
	}
}

// Update implements engine.Type. The tags come last, so that an update that was
// cut short is planned again. Backups that are as desired are left alone: not every
// region has the call that sets them.
func (t FileSystems) Update(ctx context.Context, w engine.Desired[FileSystem], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, attrMaker) {
		changed = append(changed[:len(changed):len(changed)], "guarded", "backup") // berth did not make it, so its settings are unknown
	}
	if slices.Contains(changed, "guarded") {
		if err := t.setGuard(ctx, object.ID, w.Want.Guarded); err != nil {
			return object, err
		}
	}
	if slices.Contains(changed, "backup") {
		if err := t.setBackup(ctx, object.ID, w.Want.Backup); err != nil {
			return object, err
		}
	}
	w.Tags = withAdopted(w.Tags, object, changed)
	if err := setTags(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return object, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func (t FileSystems) setBackup(ctx context.Context, id string, want bool) error {
	have, err := t.backup(ctx, id)
	if err != nil || have == want {
		return err
	}
	status := types.StatusDisabled
	if want {
		status = types.StatusEnabled
	}
	_, err = t.API.PutBackupPolicy(ctx, &efs.PutBackupPolicyInput{
		FileSystemId: &id, BackupPolicy: &types.BackupPolicy{Status: status},
	})
	if err != nil {
		return fmt.Errorf("setting the backups of %s: %w", id, err)
	}
	return nil
}

// Delete implements engine.Type.
func (t FileSystems) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteFileSystem(ctx, &efs.DeleteFileSystemInput{FileSystemId: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting file system %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[FileSystem] = FileSystems{}
	_ engine.Poller           = FileSystems{}
)
