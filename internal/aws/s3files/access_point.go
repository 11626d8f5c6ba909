package s3files

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// AccessPoint is a volume: the file system as one user sees it, whatever a process's
// user in the container is.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-access-points-creating.html
// Outputs: id, arn.
type AccessPoint struct {
	FileSystem engine.Ref `attr:"file_system,replace,own"`
	// UID and GID are the user that every process acts as.
	UID int `attr:"uid,replace,own"`
	GID int `attr:"gid,replace,own"`
}

// Type implements engine.Resource.
func (AccessPoint) Type() string { return "s3files.access-point" }

// AccessPoints is the type of AccessPoint.
type AccessPoints struct{ FileSystems FileSystems }

// root is the directory that all access points show: the whole bucket, or the part of
// it below the prefix.
const root = "/"

// accessPointReady is the typical time until an access point is available; see
// the sandbox's table of durations.
const accessPointReady = 3 * time.Second

// Spec implements engine.Type.
func (AccessPoints) Spec() engine.Spec {
	return engine.Spec{
		Name: AccessPoint{}.Type(), Identity: engine.Token, DeadWhenFailed: true,
		ReadyIn: accessPointReady, GoneIn: accessPointReady,
		DeletesAfter: []string{"ecs.service", "ecs.job"},
		Leaves:       "its files stay in the bucket",
	}
}

// List implements engine.Type: one call for each file system, and one for each
// of their access points, because the list has no tags.
func (t AccessPoints) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	systems, err := t.FileSystems.systems(ctx, q)
	if err != nil {
		return nil, err
	}
	return nfs.ListPoints(ctx, q, systems, t.read)
}

// of lists the access points of a file system, without their tags.
func (t AccessPoints) of(ctx context.Context, fileSystem string) ([]nfs.Point, error) {
	var all []nfs.Point
	pages := s3files.NewListAccessPointsPaginator(t.FileSystems.API, &s3files.ListAccessPointsInput{FileSystemId: &fileSystem})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the access points of %s: %w", fileSystem, err)
		}
		for _, p := range page.AccessPoints {
			all = append(all, nfs.Point{Status: statusOf(p.AccessPointId, p.Status, nil)})
		}
	}
	return all, nil
}

// read reads the access points of a file system with their tags.
func (t AccessPoints) read(ctx context.Context, fileSystem string) ([]nfs.Point, error) {
	points, err := t.of(ctx, fileSystem)
	if err != nil {
		return nil, err
	}
	err = concurrent.Each(points, func(i int, p nfs.Point) error {
		out, err := t.FileSystems.API.GetAccessPoint(ctx, &s3files.GetAccessPointInput{AccessPointId: &p.ID})
		if gate.IsNotFound(err) {
			points[i] = nfs.Point{} // gone since
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading access point %s: %w", p.ID, err)
		}
		points[i] = pointOf(out)
		return nil
	})
	return slices.DeleteFunc(points, func(p nfs.Point) bool { return p.ID == "" }), err
}

func pointOf(p *s3files.GetAccessPointOutput) nfs.Point {
	point := nfs.Point{
		Status: statusOf(p.AccessPointId, p.Status, nil), ARN: aws.ToString(p.AccessPointArn),
		Token: aws.ToString(p.ClientToken), Tags: tagMap(p.Tags), Shown: AccessPoint{FileSystem: engine.Lit(aws.ToString(p.FileSystemId))},
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
	out, err := t.FileSystems.API.CreateAccessPoint(ctx, &s3files.CreateAccessPointInput{
		ClientToken: &w.Token, FileSystemId: aws.String(w.Want.FileSystem.Value()), Tags: tagList(w.Tags),
		PosixUser:     &types.PosixUser{Uid: aws.Int64(int64(w.Want.UID)), Gid: aws.Int64(int64(w.Want.GID))},
		RootDirectory: &types.RootDirectory{Path: aws.String(root)},
	})
	if isConflict(err) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating an access point of %s: %w", w.Want.FileSystem.Value(), err)
	}
	return nfs.MadePoint(w, statusOf(out.AccessPointId, out.Status, nil), aws.ToString(out.AccessPointArn)), nil
}

// take goes on with the access point that an earlier call of this desired state made.
func (t AccessPoints) take(ctx context.Context, w engine.Desired[AccessPoint], exists error) (engine.Object, error) {
	of, err := t.read(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	object, err := nfs.TakePoint(w, of, w.Token, nfs.User{UID: int64(w.Want.UID), GID: int64(w.Want.GID)}, exists)
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
	_, err := t.FileSystems.API.DeleteAccessPoint(ctx, &s3files.DeleteAccessPointInput{AccessPointId: &object.ID})
	if isConflict(err) {
		return gate.Busy("access point " + object.ID + " is busy: " + gate.Text(err))
	}
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting access point %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[AccessPoint] = AccessPoints{}
	_ engine.Poller            = AccessPoints{}
)
