package efs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// MountTarget is where the tasks of one zone reach the file system; see
// nfs.MountTarget.
type MountTarget nfs.MountTarget

// Type implements engine.Resource.
func (MountTarget) Type() string { return "efs.mount-target" }

// MountTargets is the type of MountTarget.
type MountTargets struct {
	FileSystems FileSystems
	EC2         *ec2.Client
}

// Typical times; see the sandbox's table of durations.
const (
	mountTargetReady = 90 * time.Second
	mountTargetBy    = 12 * time.Minute // terraform-provider-aws#15278: over 10 min at times
	mountTargetGone  = 45 * time.Second
)

// mountTargetResolves is how long AWS says to wait before the first mount of a
// new mount target: its DNS records take that long to spread in the region, and
// tasks that mount earlier do not start.
// https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
const mountTargetResolves = 90 * time.Second

// Spec implements engine.Type. Deleting a mount target breaks the mounts of
// tasks that still run.
func (MountTargets) Spec() engine.Spec {
	return engine.Spec{
		Name: MountTarget{}.Type(), Identity: engine.ByParent, Untagged: true, DeadWhenFailed: true, Alone: true,
		ReadyIn: mountTargetReady, GoneIn: mountTargetGone, ReadyBy: mountTargetBy,
		SettleIn: mountTargetResolves, Settling: "available; tasks can resolve its name about 90 s later",
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
	pages := efs.NewDescribeMountTargetsPaginator(t.FileSystems.API, &efs.DescribeMountTargetsInput{FileSystemId: &fileSystem})
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
				Status: statusOf(m.MountTargetId, m.LifeCycleState), FileSystem: aws.ToString(m.FileSystemId),
				Subnet: aws.ToString(m.SubnetId), Interface: aws.ToString(m.NetworkInterfaceId), Zone: aws.ToString(m.AvailabilityZoneName),
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
	out, err := t.FileSystems.API.CreateMountTarget(ctx, &efs.CreateMountTargetInput{
		FileSystemId: aws.String(w.Want.FileSystem.Value()), SubnetId: aws.String(w.Want.Subnet.Value()),
		SecurityGroups: engine.Values(w.Want.Groups),
	})
	var conflict *types.MountTargetConflict
	if errors.As(err, &conflict) {
		return nfs.TakeTarget(ctx, w, t.of, t.Update, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), err)
	}
	return nfs.MadeTarget(w, statusOf(out.MountTargetId, out.LifeCycleState)), nil
}

// Update implements engine.Type. AWS refuses it until the mount target is
// available, with a conflict.
func (t MountTargets) Update(ctx context.Context, w engine.Desired[MountTarget], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "groups") {
		_, err := t.FileSystems.API.ModifyMountTargetSecurityGroups(ctx, &efs.ModifyMountTargetSecurityGroupsInput{
			MountTargetId: &object.ID, SecurityGroups: engine.Values(w.Want.Groups),
		})
		if err != nil {
			return object, fmt.Errorf("setting the groups of %s: %w", object.ID, err)
		}
	}
	object.Attrs = engine.Shown(w.Want)
	return object, nil
}

// Delete implements engine.Type.
func (t MountTargets) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.FileSystems.API.DeleteMountTarget(ctx, &efs.DeleteMountTargetInput{MountTargetId: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting mount target %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[MountTarget] = MountTargets{}
	_ engine.Poller            = MountTargets{}
)
