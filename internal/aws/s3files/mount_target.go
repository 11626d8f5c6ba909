package s3files

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// MountTarget is where the tasks of one zone reach the file system. A file
// system has one per zone, all in one VPC. It has no tags: it is owned through
// its file system. Output: id.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-mount-targets-creating.html
type MountTarget struct {
	FileSystem engine.Ref `attr:"file_system,replace"`
	Subnet     engine.Ref `attr:"subnet,replace"`
	// Groups are its security groups.
	Groups []engine.Ref `attr:"groups,set"`
}

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

// List implements engine.Type: one call for each file system, one for the
// names of their subnets, and one for their groups.
func (t MountTargets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	systems, err := t.FileSystems.found(ctx, q)
	if err != nil {
		return nil, err
	}
	parents := map[string]engine.Address{}
	interfaces := map[string]string{}
	var objects []engine.Object
	for _, f := range systems {
		id := aws.ToString(f.FileSystemId)
		mark, _ := engine.MarkOf(tagMap(f.Tags))
		parents[id] = mark.Address
		of, err := t.of(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			l := mountTargetObject(m)
			l.Address.Owner = mark.Address.Owner
			l.Address.Name = mark.Address.Name + "/" + aws.ToString(m.SubnetId)
			interfaces[l.ID] = aws.ToString(m.NetworkInterfaceId)
			objects = append(objects, l)
		}
	}
	if err := t.name(ctx, q, objects, parents); err != nil {
		return nil, err
	}
	return objects, nfs.ShowGroups(ctx, t.EC2, objects, interfaces, shownGroups)
}

func (t MountTargets) of(ctx context.Context, fileSystem string) ([]types.ListMountTargetsDescription, error) {
	var all []types.ListMountTargetsDescription
	pages := s3files.NewListMountTargetsPaginator(t.FileSystems.API, &s3files.ListMountTargetsInput{FileSystemId: &fileSystem})
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

func mountTargetObject(m types.ListMountTargetsDescription) engine.Object {
	l := engine.Object{
		ID: aws.ToString(m.MountTargetId), Address: engine.Address{Type: MountTarget{}.Type()},
		Attrs: engine.Shown(MountTarget{
			FileSystem: engine.Lit(aws.ToString(m.FileSystemId)), Subnet: engine.Lit(aws.ToString(m.SubnetId)),
		}, "groups"),
	}
	l.State, l.Detail = stateOf(m.Status, m.StatusMessage)
	return l
}

// Poll implements engine.Poller: one call for each file system.
func (t MountTargets) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	now, lastApplied := map[string]types.ListMountTargetsDescription{}, map[string]bool{}
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
			l.State, l.Detail = stateOf(m.Status, m.StatusMessage)
			there = append(there, l)
		}
	}
	return there, nil
}

// Create implements engine.Type.
func (t MountTargets) Create(ctx context.Context, w engine.Desired[MountTarget]) (engine.Object, error) {
	out, err := t.FileSystems.API.CreateMountTarget(ctx, &s3files.CreateMountTargetInput{
		FileSystemId: aws.String(w.Want.FileSystem.Value()), SubnetId: aws.String(w.Want.Subnet.Value()),
		SecurityGroups: engine.Values(w.Want.Groups),
	})
	if isConflict(err) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), err)
	}
	return asMade(w, aws.ToString(out.MountTargetId), out.Status), nil
}

func asMade(w engine.Desired[MountTarget], id string, state types.LifeCycleState) engine.Object {
	l := engine.AsDesired(w, id, nil)
	l.Tags, l.LastApplied = nil, ""
	l.State, l.Detail = stateOf(state, nil)
	return l
}

// take goes on with the mount target that an earlier call of this desired state made.
// One in another subnet of the zone, or in another VPC, is in the way for good;
// one that is being deleted goes by itself.
func (t MountTargets) take(ctx context.Context, w engine.Desired[MountTarget], conflict error) (engine.Object, error) {
	of, err := t.of(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	leaving := false
	for _, m := range of {
		if state, _ := stateOf(m.Status, nil); state == engine.StateDeleting {
			leaving = true
			continue
		}
		if aws.ToString(m.SubnetId) == w.Want.Subnet.Value() {
			return t.Update(ctx, w, asMade(w, aws.ToString(m.MountTargetId), m.Status), []string{"groups"})
		}
	}
	switch {
	case leaving:
		return engine.Object{}, gate.Busy("the zone's old mount target is being deleted: " + gate.Text(conflict))
	case len(of) == 0:
		return engine.Object{}, gate.Unseen(conflict)
	}
	return engine.Object{}, fmt.Errorf("creating a mount target in %s: %w", w.Want.Subnet.Value(), conflict)
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
