package efs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// AccessPoint is a volume: one directory of a file system, which whoever mounts
// it sees as the root, and in which every process acts as one user. Its files
// outlive it: another access point with the same path shows them again.
// Outputs: id, arn.
type AccessPoint struct {
	FileSystem engine.Ref `attr:"file_system,replace,own"`
	// Path is the directory, at most 4 levels deep and 100 characters long. The
	// first mount makes it, with UID and GID as owner and mode 0755.
	Path string `attr:"path,replace,own"`
	// UID and GID are whom every process acts as, whoever it is in its container.
	UID int `attr:"uid,replace,own"`
	GID int `attr:"gid,replace,own"`
}

// Type implements engine.Resource.
func (AccessPoint) Type() string { return "efs.access-point" }

// AccessPoints is the type of AccessPoint.
type AccessPoints struct{ FileSystems FileSystems }

// rootMode is the mode of a new volume's root directory.
const rootMode = "0755"

// accessPointReady is the typical time until an access point is available; see
// the sandbox's table of durations.
const accessPointReady = 3 * time.Second

// Spec implements engine.Type.
func (AccessPoints) Spec() engine.Spec {
	return engine.Spec{
		Name: AccessPoint{}.Type(), Identity: engine.Token, DeadWhenFailed: true,
		ReadyIn: accessPointReady, GoneIn: accessPointReady,
		DeletesAfter: []string{"ecs.service", "ecs.job"},
		Leaves:       "its files stay in the file system",
	}
}

// List implements engine.Type: one call for each file system.
func (t AccessPoints) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	systems, err := t.FileSystems.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, f := range systems {
		of, err := t.of(ctx, aws.ToString(f.FileSystemId))
		if err != nil {
			return nil, err
		}
		for _, p := range of {
			if l := accessPointObject(p); q.Has(l.Address.Owner) {
				objects = append(objects, l)
			}
		}
	}
	return objects, nil
}

func (t AccessPoints) of(ctx context.Context, fileSystem string) ([]types.AccessPointDescription, error) {
	var all []types.AccessPointDescription
	pages := efs.NewDescribeAccessPointsPaginator(t.FileSystems.API, &efs.DescribeAccessPointsInput{FileSystemId: &fileSystem})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the access points of %s: %w", fileSystem, err)
		}
		all = append(all, page.AccessPoints...)
	}
	return all, nil
}

func accessPointObject(p types.AccessPointDescription) engine.Object {
	tags := tagMap(p.Tags)
	mark, _ := engine.MarkOf(tags)
	shown := AccessPoint{FileSystem: engine.Lit(aws.ToString(p.FileSystemId))}
	if p.RootDirectory != nil {
		shown.Path = aws.ToString(p.RootDirectory.Path)
	}
	if p.PosixUser != nil {
		shown.UID, shown.GID = int(aws.ToInt64(p.PosixUser.Uid)), int(aws.ToInt64(p.PosixUser.Gid))
	}
	l := engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, ID: aws.ToString(p.AccessPointId), Tags: tags, Attrs: engine.Shown(shown),
		Outputs: map[string]string{"arn": aws.ToString(p.AccessPointArn)},
	}
	if p.PosixUser == nil {
		// Made by somebody else, without a user: no uid is like it.
		l.Attrs["uid"], l.Attrs["gid"] = "", ""
	}
	l.State, l.Detail = stateOf(p.LifeCycleState)
	return l
}

// Poll implements engine.Poller: one call for each file system.
func (t AccessPoints) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	now, lastApplied := map[string]types.LifeCycleState{}, map[string]bool{}
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
		for _, p := range of {
			now[aws.ToString(p.AccessPointId)] = p.LifeCycleState
		}
	}
	var there []engine.Object
	for _, l := range objects {
		if state, ok := now[l.ID]; ok {
			l.State, l.Detail = stateOf(state)
			there = append(there, l)
		}
	}
	return there, nil
}

// Create implements engine.Type.
func (t AccessPoints) Create(ctx context.Context, w engine.Desired[AccessPoint]) (engine.Object, error) {
	uid, gid := aws.Int64(int64(w.Want.UID)), aws.Int64(int64(w.Want.GID))
	out, err := t.FileSystems.API.CreateAccessPoint(ctx, &efs.CreateAccessPointInput{
		ClientToken: &w.Token, FileSystemId: aws.String(w.Want.FileSystem.Value()), Tags: tagList(w.Tags),
		PosixUser: &types.PosixUser{Uid: uid, Gid: gid},
		RootDirectory: &types.RootDirectory{
			Path:         aws.String(w.Want.Path),
			CreationInfo: &types.CreationInfo{OwnerUid: uid, OwnerGid: gid, Permissions: aws.String(rootMode)},
		},
	})
	var exists *types.AccessPointAlreadyExists
	if errors.As(err, &exists) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating an access point for %s: %w", w.Want.Path, err)
	}
	l := engine.AsDesired(w, aws.ToString(out.AccessPointId), map[string]string{"arn": aws.ToString(out.AccessPointArn)})
	l.State, l.Detail = stateOf(out.LifeCycleState)
	return l, nil
}

// take goes on with the access point that an earlier call of this desired state made.
func (t AccessPoints) take(ctx context.Context, w engine.Desired[AccessPoint], exists error) (engine.Object, error) {
	of, err := t.of(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	i := slices.IndexFunc(of, func(p types.AccessPointDescription) bool { return aws.ToString(p.ClientToken) == w.Token })
	if i < 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	object := accessPointObject(of[i])
	mark, _ := engine.MarkOf(object.Tags)
	if err := w.Claim(mark, w.Want.Path, object.ID); err != nil {
		return engine.Object{}, err
	}
	if object.Attrs["uid"] != strconv.Itoa(w.Want.UID) || object.Attrs["gid"] != strconv.Itoa(w.Want.GID) {
		return engine.Object{}, fmt.Errorf("access point %s is for another user: %w", object.ID, exists)
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type: only the tags can change.
func (t AccessPoints) Update(ctx context.Context, w engine.Desired[AccessPoint], object engine.Object, _ []string) (engine.Object, error) {
	if err := setTags(ctx, t.FileSystems.API, object.ID, object.Tags, w.Tags); err != nil {
		return object, err
	}
	l := engine.AsDesired(w, object.ID, object.Outputs)
	l.State, l.Detail = object.State, object.Detail
	return l, nil
}

// Delete implements engine.Type.
func (t AccessPoints) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.FileSystems.API.DeleteAccessPoint(ctx, &efs.DeleteAccessPointInput{AccessPointId: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting access point %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[AccessPoint] = AccessPoints{}
	_ engine.Poller            = AccessPoints{}
)
