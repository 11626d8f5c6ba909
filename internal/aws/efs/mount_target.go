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

// MountTarget is where the tasks of one zone reach the file system. A file
// system has one per zone, all in one VPC. It has no tags: it is owned through
// its file system. Output: id.
type MountTarget struct {
	FileSystem engine.Ref `attr:"file_system,replace"`
	Subnet     engine.Ref `attr:"subnet,replace"`
	// Groups are its security groups, up to 5.
	Groups []engine.Ref `attr:"groups,set"`
}

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

// List implements engine.Type: one call for each file system, one for the
// names of their subnets, and one for their groups.
func (t MountTargets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	systems, err := t.FileSystems.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	interfaces := map[string]string{}
	for _, f := range systems {
		mark, _ := engine.MarkOf(tagMap(f.Tags))
		of, err := t.of(ctx, aws.ToString(f.FileSystemId))
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			l := mountTargetObject(m)
			l.Address.Owner = mark.Address.Owner
			interfaces[l.ID] = aws.ToString(m.NetworkInterfaceId)
			objects = append(objects, l)
		}
	}
	if err := t.name(ctx, q, objects); err != nil {
		return nil, err
	}
	return objects, nfs.ShowGroups(ctx, t.EC2, objects, interfaces, shownGroups)
}

func (t MountTargets) of(ctx context.Context, fileSystem string) ([]types.MountTargetDescription, error) {
	var all []types.MountTargetDescription
	pages := efs.NewDescribeMountTargetsPaginator(t.FileSystems.API, &efs.DescribeMountTargetsInput{FileSystemId: &fileSystem})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the mount targets of %s: %w", fileSystem, err)
		}
		all = append(all, page.MountTargets...)
	}
	return all, nil
}

// mountTargetObject is a mount target under the name of its zone.
func mountTargetObject(m types.MountTargetDescription) engine.Object {
	l := engine.Object{
		ID:      aws.ToString(m.MountTargetId),
		Address: engine.Address{Type: MountTarget{}.Type(), Name: aws.ToString(m.AvailabilityZoneName)},
		Attrs: engine.Shown(MountTarget{
			FileSystem: engine.Lit(aws.ToString(m.FileSystemId)), Subnet: engine.Lit(aws.ToString(m.SubnetId)),
		}, "groups"),
	}
	l.State, l.Detail = stateOf(m.LifeCycleState)
	return l
}

// Poll implements engine.Poller: one call for each file system.
func (t MountTargets) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	now := map[string]types.MountTargetDescription{}
	lastApplied := map[string]bool{}
	for _, l := range objects {
		id := l.Attrs["file_system"]
		if lastApplied[id] {
			continue
		}
		lastApplied[id] = true
		of, err := t.of(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			now[aws.ToString(m.MountTargetId)] = m
		}
	}
	var there []engine.Object
	for _, l := range objects {
		if m, ok := now[l.ID]; ok {
			l.State, l.Detail = stateOf(m.LifeCycleState)
			there = append(there, l)
		}
	}
	return there, nil
}

// Create implements engine.Type.
func (t MountTargets) Create(ctx context.Context, w engine.Desired[MountTarget]) (engine.Object, error) {
	out, err := t.FileSystems.API.CreateMountTarget(ctx, &efs.CreateMountTargetInput{
		FileSystemId: aws.String(w.Want.FileSystem.Value()), SubnetId: aws.String(w.Want.Subnet.Value()),
		SecurityGroups: engine.Values(w.Want.Groups),
	})
	var conflict *types.MountTargetConflict
	if errors.As(err, &conflict) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), err)
	}
	return asMade(w, aws.ToString(out.MountTargetId), out.LifeCycleState), nil
}

func asMade(w engine.Desired[MountTarget], id string, state types.LifeCycleState) engine.Object {
	l := engine.AsDesired(w, id, nil)
	l.Tags, l.LastApplied = nil, ""
	l.State, l.Detail = stateOf(state)
	return l
}

// take goes on with the mount target that an earlier call of this desired state made.
// One in another subnet of the zone, or in another VPC, is in the way until the
// engine gives up, for it cannot be told from one that is not listed yet;
// one that is being deleted goes by itself.
func (t MountTargets) take(ctx context.Context, w engine.Desired[MountTarget], conflict error) (engine.Object, error) {
	of, err := t.of(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	for _, m := range of {
		if aws.ToString(m.SubnetId) != w.Want.Subnet.Value() {
			continue
		}
		if state, _ := stateOf(m.LifeCycleState); state == engine.StateDeleting {
			return engine.Object{}, &leavingError{conflict}
		}
		object := asMade(w, aws.ToString(m.MountTargetId), m.LifeCycleState)
		return t.Update(ctx, w, object, []string{"groups"})
	}
	for _, m := range of {
		if state, _ := stateOf(m.LifeCycleState); state == engine.StateDeleting {
			return engine.Object{}, &leavingError{conflict}
		}
	}
	// That of another zone may be listed before the one that is in the way.
	return engine.Object{}, gate.Unseen(fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), conflict))
}

// leavingError says that an old mount target is in the way and on its way out.
type leavingError struct{ err error }

func (e *leavingError) Error() string { return e.err.Error() }
func (e *leavingError) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (*leavingError) Class() engine.Class { return engine.Conflict }

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
