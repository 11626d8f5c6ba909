package s3files

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// MountTarget is where the tasks of one zone reach the file system; see
// nfs.MountTarget.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-mount-targets-creating.html
type MountTarget nfs.MountTarget

// Type implements engine.Resource.
func (MountTarget) Type() string { return "s3files.mount-target" }

// MountTargets is the type of MountTarget.
type MountTargets struct {
	FileSystems FileSystems
	EC2         *ec2.Client
}

// Typical times; see the sandbox's table of durations.
const (
	mountTargetReady = 90 * time.Second
	mountTargetGone  = 45 * time.Second
)

// Spec implements engine.Type. Deleting a mount target breaks the mounts of
// tasks that still run.
func (MountTargets) Spec() engine.Spec {
	return engine.Spec{
		Name: MountTarget{}.Type(), Identity: engine.ByParent, Untagged: true, DeadWhenFailed: true, Alone: true,
		ReadyIn: mountTargetReady, GoneIn: mountTargetGone,
		DeletesAfter: []string{"ecs.service", "ecs.job"},
	}
}

// List implements engine.Type.
func (t MountTargets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	systems, err := t.FileSystems.systems(ctx, q)
	if err != nil {
		return nil, err
	}
	return nfs.ListTargets[MountTarget](ctx, q, t.EC2, systems, t.of)
}

// of lists the mount targets of a file system.
func (t MountTargets) of(ctx context.Context, fileSystem string) ([]nfs.Target, error) {
	var all []nfs.Target
	pages := s3files.NewListMountTargetsPaginator(t.FileSystems.API, &s3files.ListMountTargetsInput{FileSystemId: &fileSystem})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the mount targets of %s: %w", fileSystem, err)
		}
		for _, m := range page.MountTargets {
			all = append(all, nfs.Target{
				Status: statusOf(m.MountTargetId, m.Status, m.StatusMessage), FileSystem: aws.ToString(m.FileSystemId),
				Subnet: aws.ToString(m.SubnetId), Interface: aws.ToString(m.NetworkInterfaceId),
			})
		}
	}
	return all, nil
}

// Poll implements engine.Poller.
func (t MountTargets) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	return nfs.Poll(ctx, objects, t.of)
}

// Create implements engine.Type.
func (t MountTargets) Create(ctx context.Context, w engine.Desired[MountTarget]) (engine.Object, error) {
	out, err := t.FileSystems.API.CreateMountTarget(ctx, &s3files.CreateMountTargetInput{
		FileSystemId: aws.String(w.Want.FileSystem.Value()), SubnetId: aws.String(w.Want.Subnet.Value()),
		SecurityGroups: engine.Values(w.Want.Groups),
	})
	if isConflict(err) {
		return nfs.TakeTarget(ctx, w, t.of, t.Update, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), err)
	}
	return nfs.MadeTarget(w, statusOf(out.MountTargetId, out.Status, out.StatusMessage)), nil
}

// Update implements engine.Type. AWS refuses it until the mount target is
// available, with a conflict.
func (t MountTargets) Update(ctx context.Context, w engine.Desired[MountTarget], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "groups") {
		_, err := t.FileSystems.API.UpdateMountTarget(ctx, &s3files.UpdateMountTargetInput{
			MountTargetId: &object.ID, SecurityGroups: engine.Values(w.Want.Groups),
		})
		if isConflict(err) {
			return object, gate.Busy("mount target " + object.ID + " is busy: " + gate.Text(err))
		}
		if err != nil {
			return object, fmt.Errorf("setting the groups of %s: %w", object.ID, err)
		}
	}
	object.Attrs = engine.Shown(w.Want)
	return object, nil
}

// Delete implements engine.Type.
func (t MountTargets) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.FileSystems.API.DeleteMountTarget(ctx, &s3files.DeleteMountTargetInput{MountTargetId: &object.ID})
	if isConflict(err) {
		return gate.Busy("mount target " + object.ID + " is busy: " + gate.Text(err))
	}
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting mount target %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[MountTarget] = MountTargets{}
	_ engine.Poller            = MountTargets{}
)
