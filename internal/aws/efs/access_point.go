package efs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// AccessPoint is a volume: one directory of a file system. A task that mounts it
// sees the directory as the root, and every process acts as one user. The files
// outlive the access point: another one with the same path shows them again.
// Outputs: id, arn.
type AccessPoint struct {
	FileSystem engine.Ref `attr:"file_system,replace,own"`
	// Path is the directory, at most 4 levels deep and 100 characters long. The
	// first mount makes it, with UID and GID as owner and mode 0755.
	Path string `attr:"path,replace,own"`
	// UID and GID are the user that every process acts as, whatever its user in the
	// container is.
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
	systems, err := t.FileSystems.systems(ctx, q)
	if err != nil {
		return nil, err
	}
	return nfs.ListPoints(ctx, q, systems, t.of)
}

// of lists the access points of a file system.
func (t AccessPoints) of(ctx context.Context, fileSystem string) ([]nfs.Point, error) {
	var all []nfs.Point
	pages := efs.NewDescribeAccessPointsPaginator(t.FileSystems.API, &efs.DescribeAccessPointsInput{FileSystemId: &fileSystem})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the access points of %s: %w", fileSystem, err)
		}
		for _, p := range page.AccessPoints {
			all = append(all, pointOf(p))
		}
	}
	return all, nil
}

func pointOf(p types.AccessPointDescription) nfs.Point {
	shown := AccessPoint{FileSystem: engine.Lit(aws.ToString(p.FileSystemId))}
	if p.RootDirectory != nil {
		shown.Path = aws.ToString(p.RootDirectory.Path)
	}
	point := nfs.Point{
		Status: statusOf(p.AccessPointId, p.LifeCycleState), ARN: aws.ToString(p.AccessPointArn),
		Token: aws.ToString(p.ClientToken), Tags: tagMap(p.Tags), Shown: shown,
	}
	if p.PosixUser != nil {
		point.User = &nfs.User{UID: aws.ToInt64(p.PosixUser.Uid), GID: aws.ToInt64(p.PosixUser.Gid)}
	}
	return point
}

// Poll implements engine.Poller.
func (t AccessPoints) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	return nfs.Poll(ctx, objects, t.of)
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
	return nfs.MadePoint(w, statusOf(out.AccessPointId, out.LifeCycleState), aws.ToString(out.AccessPointArn)), nil
}

// take goes on with the access point that an earlier call of this desired state made.
func (t AccessPoints) take(ctx context.Context, w engine.Desired[AccessPoint], exists error) (engine.Object, error) {
	of, err := t.of(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	object, err := nfs.TakePoint(w, of, w.Want.Path, nfs.User{UID: int64(w.Want.UID), GID: int64(w.Want.GID)}, exists)
	if err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type: only the tags can change.
func (t AccessPoints) Update(ctx context.Context, w engine.Desired[AccessPoint], object engine.Object, _ []string) (engine.Object, error) {
	if err := setTags(ctx, t.FileSystems.API, object.ID, object.Tags, w.Tags); err != nil {
		return object, err
	}
	return nfs.MadePoint(w, nfs.Status{ID: object.ID, State: object.State, Detail: object.Detail}, object.Output("arn")), nil
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
