package s3files

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Principal is who assumes the roles of file systems on buckets.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
const Principal = "elasticfilesystem.amazonaws.com"

// FileSystem is an S3 Files file system on a bucket, or on what is below a
// prefix of it. Files written to it reach the bucket about a minute later, as
// new versions of objects; what changes in the bucket is seen within seconds.
// Where both sides change a file, the bucket's version wins, and the other one
// is moved to a lost-and-found directory that never reaches the bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-synchronization.html
// Outputs: id, arn.
type FileSystem struct {
	// Bucket is the ARN of a bucket of the same region with versioning.
	Bucket string `attr:"bucket,replace,own"`
	// Prefix limits it to the objects below; empty, or it ends in a slash.
	Prefix string `attr:"prefix,replace,own"`
	// Role is the ARN of the role by which S3 Files reads and writes the bucket.
	// It is one of berth's: List knows berth's file systems by its path.
	Role engine.Ref `attr:"role,replace"`
}

// Type implements engine.Resource.
func (FileSystem) Type() string { return "s3files.file-system" }

// FileSystems is the type of FileSystem.
type FileSystems struct {
	API *s3files.Client
	// IAM tells whether there are roles for file systems.
	IAM   *iam.Client
	Clock clock.Clock
}

// Typical times; see the sandbox's table of durations.
const (
	fileSystemReady = 30 * time.Second
	fileSystemGone  = 20 * time.Second
)

// fresh is the age up to which a file system is one of this call or of its
// first try: AWS may not show it yet, and nobody has deleted it.
const fresh = 20 * time.Second

// Spec implements engine.Type. A teardown leaves the file system, because files
// that lost a conflict are only there. Its role stays too: without it, the changes of
// the last minute would never reach the bucket. AWS says that a file system in state
// ERROR is lost; it is made again, and its objects are in the bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-file-systems-creating.html
func (FileSystems) Spec() engine.Spec {
	return engine.Spec{
		Holds: "data",
		Name:  FileSystem{}.Type(), Identity: engine.Token, DeadWhenFailed: true,
		Keep:    "it may hold files that are not in the bucket; --delete-data deletes it, and never the bucket",
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
	var objects []engine.Object
	for _, f := range found {
		objects = append(objects, fileSystemObject(f))
	}
	return objects, nil
}

func fileSystemObject(f *s3files.GetFileSystemOutput) engine.Object {
	tags, status := tagMap(f.Tags), statusOf(f.FileSystemId, f.Status, f.StatusMessage)
	mark, _ := engine.MarkOf(tags)
	return engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, ID: status.ID, Tags: tags, State: status.State, Detail: status.Detail,
		Attrs: engine.Shown(FileSystem{
			Bucket: aws.ToString(f.Bucket), Prefix: aws.ToString(f.Prefix), Role: engine.Lit(aws.ToString(f.RoleArn)),
		}),
		Outputs: map[string]string{"arn": aws.ToString(f.FileSystemArn)}, Created: aws.ToTime(f.CreationTime),
	}
}

// Poll implements engine.Poller: one call for all of them.
func (t FileSystems) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	all, err := t.all(ctx, &s3files.ListFileSystemsInput{})
	if err != nil {
		return nil, err
	}
	var there []engine.Object
	for _, l := range objects {
		i := slices.IndexFunc(all, func(f types.ListFileSystemsDescription) bool { return aws.ToString(f.FileSystemId) == l.ID })
		if i >= 0 {
			status := statusOf(all[i].FileSystemId, all[i].Status, all[i].StatusMessage)
			l.State, l.Detail = status.State, status.Detail
			there = append(there, l)
		}
	}
	return there, nil
}

// Create implements engine.Type. Where a bucket has many objects, AWS would only
// warn that directories are slow to rename: AcceptBucketWarning makes the file system.
func (t FileSystems) Create(ctx context.Context, w engine.Desired[FileSystem]) (engine.Object, error) {
	out, err := t.API.CreateFileSystem(ctx, &s3files.CreateFileSystemInput{
		Bucket: &w.Want.Bucket, Prefix: gate.Optional(w.Want.Prefix), RoleArn: aws.String(w.Want.Role.Value()),
		ClientToken: &w.Token, Tags: tagList(w.Tags), AcceptBucketWarning: aws.Bool(true),
	})
	if isConflict(err) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating a file system on %s: %w", w.Want.Bucket, err)
	}
	status := statusOf(out.FileSystemId, out.Status, out.StatusMessage)
	l := engine.AsDesired(w, status.ID, map[string]string{"arn": aws.ToString(out.FileSystemArn)})
	l.State, l.Detail = status.State, status.Detail
	if t.Clock.Now().Sub(aws.ToTime(out.CreationTime)) < fresh {
		return l, nil
	}
	// An earlier call made it, and it may have been deleted since. AWS does not document
	// what it answers then.
	_, err = t.API.GetFileSystem(ctx, &s3files.GetFileSystemInput{FileSystemId: &l.ID})
	if gate.IsNotFound(err) {
		l.State = engine.StateDeleting
		return l, nil
	}
	return l, gate.Half(err)
}

// take goes on with the file system that an earlier call of this desired state made.
func (t FileSystems) take(ctx context.Context, w engine.Desired[FileSystem], exists error) (engine.Object, error) {
	all, err := t.all(ctx, &s3files.ListFileSystemsInput{Bucket: &w.Want.Bucket})
	if err != nil {
		return engine.Object{}, err
	}
	systems, err := t.each(ctx, all)
	if err != nil {
		return engine.Object{}, err
	}
	i := slices.IndexFunc(systems, func(f *s3files.GetFileSystemOutput) bool { return aws.ToString(f.ClientToken) == w.Token })
	if i < 0 {
		return engine.Object{}, gate.Unseen(fmt.Errorf("creating a file system on %s: %w", w.Want.Bucket, exists))
	}
	object := fileSystemObject(systems[i])
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Token, object.ID); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type: only the tags can change.
func (t FileSystems) Update(ctx context.Context, w engine.Desired[FileSystem], object engine.Object, _ []string) (engine.Object, error) {
	if err := setTags(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return object, err
	}
	l := engine.AsDesired(w, object.ID, object.Outputs)
	l.State, l.Detail = object.State, object.Detail
	return l, nil
}

// Delete implements engine.Type. It is never forced: AWS refuses as long as a
// change has not reached the bucket, and the engine asks again until it has.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-file-systems-deleting.html
func (t FileSystems) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteFileSystem(ctx, &s3files.DeleteFileSystemInput{FileSystemId: &object.ID})
	switch {
	case err == nil, gate.IsNotFound(err):
		return nil
	case isConflict(err):
		return gate.Busy("file system " + object.ID + " is deleted once its changes are in the bucket: " + gate.Text(err))
	}
	return fmt.Errorf("deleting file system %s: %w", object.ID, err)
}

var (
	_ engine.Type[FileSystem] = FileSystems{}
	_ engine.Poller           = FileSystems{}
)
