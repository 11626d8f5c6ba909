package s3files

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// AccessPoint is a volume: the file system as one user sees it, whoever a
// process is in its container.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-access-points-creating.html
// Outputs: id, arn.
type AccessPoint struct {
	FileSystem engine.Ref `attr:"file_system,replace,own"`
	// UID and GID are whom every process acts as.
	UID int `attr:"uid,replace,own"`
	GID int `attr:"gid,replace,own"`
}

// Type implements engine.Resource.
func (AccessPoint) Type() string { return "s3files.access-point" }

// AccessPoints is the type of AccessPoint.
type AccessPoints struct{ FileSystems FileSystems }

// root is the directory that all access points show: what is in the bucket, or
// below the prefix.
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
	systems, err := t.FileSystems.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, f := range systems {
		points, err := t.read(ctx, aws.ToString(f.FileSystemId))
		if err != nil {
			return nil, err
		}
		for _, p := range points {
			if l := accessPointObject(p); q.Has(l.Address.Owner) {
				objects = append(objects, l)
			}
		}
	}
	return objects, nil
}

func (t AccessPoints) of(ctx context.Context, fileSystem string) ([]types.ListAccessPointsDescription, error) {
	var all []types.ListAccessPointsDescription
	pages := s3files.NewListAccessPointsPaginator(t.FileSystems.API, &s3files.ListAccessPointsInput{FileSystemId: &fileSystem})
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

// read reads the access points of a file system with their tags.
func (t AccessPoints) read(ctx context.Context, fileSystem string) ([]*s3files.GetAccessPointOutput, error) {
	list, err := t.of(ctx, fileSystem)
	if err != nil {
		return nil, err
	}
	points := make([]*s3files.GetAccessPointOutput, len(list))
	err = engine.Each(list, func(i int, p types.ListAccessPointsDescription) error {
		out, err := t.FileSystems.API.GetAccessPoint(ctx, &s3files.GetAccessPointInput{AccessPointId: p.AccessPointId})
		if gate.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading access point %s: %w", aws.ToString(p.AccessPointId), err)
		}
		points[i] = out
		return nil
	})
	return slices.DeleteFunc(points, func(p *s3files.GetAccessPointOutput) bool { return p == nil }), err
}

func accessPointObject(p *s3files.GetAccessPointOutput) engine.Object {
	tags := tagMap(p.Tags)
	mark, _ := engine.MarkOf(tags)
	shown := AccessPoint{FileSystem: engine.Lit(aws.ToString(p.FileSystemId))}
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
	l.State, l.Detail = stateOf(p.Status, nil)
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
			now[aws.ToString(p.AccessPointId)] = p.Status
		}
	}
	var there []engine.Object
	for _, l := range objects {
		if state, ok := now[l.ID]; ok {
			l.State, l.Detail = stateOf(state, nil)
			there = append(there, l)
		}
	}
	return there, nil
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
	l := engine.AsDesired(w, aws.ToString(out.AccessPointId), map[string]string{"arn": aws.ToString(out.AccessPointArn)})
	l.State, l.Detail = stateOf(out.Status, nil)
	return l, nil
}

// take goes on with the access point that an earlier call of this desired state made.
func (t AccessPoints) take(ctx context.Context, w engine.Desired[AccessPoint], exists error) (engine.Object, error) {
	points, err := t.read(ctx, w.Want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	i := slices.IndexFunc(points, func(p *s3files.GetAccessPointOutput) bool { return aws.ToString(p.ClientToken) == w.Token })
	if i < 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	object := accessPointObject(points[i])
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Token, object.ID); err != nil {
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
