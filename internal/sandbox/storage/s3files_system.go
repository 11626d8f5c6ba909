package storage

import (
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// filesPrincipal is the service that assumes the roles of file systems on buckets.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
const filesPrincipal = "elasticfilesystem.amazonaws.com"

func (p *S3Files) systemRoutes(r *world.Router) {
	world.On(r, p.createFileSystem)
	world.On(r, p.getFileSystem)
	world.On(r, p.listFileSystems)
	world.On(r, p.deleteFileSystem)
	p.systems.events(r, p.systemTried)
}

func (p *S3Files) newSystems() objects[bucketSystem, types.LifeCycleState] {
	return objects[bucketSystem, types.LifeCycleState]{
		account: p.account, table: &p.s.Systems, kind: "s3files.system", comes: world.BucketSystemAvailable, goes: world.BucketSystemDeleted,
		state:   func(f *bucketSystem) *types.LifeCycleState { return &f.Shown.Status },
		missing: noBucketObject, busy: func(id, state string) error {
			return bucketConflict(id, "file-system", "The file system is not available: "+state)
		},
	}
}

// systemTried ends the creation in an error if the role lacks what S3 Files needs
// in the bucket.
func (p *S3Files) systemTried(_ time.Time, f *bucketSystem) {
	if action := p.lacks(f); action != "" {
		f.Shown.Status = types.LifeCycleStateError
		f.Shown.StatusMessage = aws.String("The role is not allowed to perform " + action)
	}
}

// lacks is the first permission that a file system's role does not have; "" when the
// role can be assumed and has all of them.
func (p *S3Files) lacks(f *bucketSystem) string {
	role, bucket := *f.Shown.RoleArn, *f.Shown.Bucket
	if p.Needs.Roles.Assumable(role, filesPrincipal) != nil {
		return "sts:AssumeRole"
	}
	for _, action := range []string{"s3:ListBucket", "s3:ListBucketVersions"} {
		if !p.Needs.Roles.RoleAllows(role, action, bucket) {
			return action
		}
	}
	for _, action := range []string{"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"} {
		if !p.Needs.Roles.RoleAllows(role, action, bucket+"/"+aws.ToString(f.Shown.Prefix)+"a") {
			return action
		}
	}
	rule := p.account.ARN("events", "rule/DO-NOT-DELETE-S3-Files-a")
	for _, action := range []string{"events:PutRule", "events:PutTargets", "events:ListRules", "events:DescribeRule"} {
		if !p.Needs.Roles.RoleAllows(role, action, rule) {
			return action
		}
	}
	return ""
}

func (p *S3Files) createFileSystem(rq *world.Request, in *s3files.CreateFileSystemInput) (*s3files.CreateFileSystemOutput, error) {
	if err := rq.Needs(efsRole); err != nil {
		return nil, err
	}
	if err := rq.PassRole(aws.ToString(in.RoleArn), filesPrincipal); err != nil {
		return nil, err
	}
	known, mismatch := rq.Once(in.ClientToken, in)
	switch f := p.s.Systems.Get(known); {
	case known == "":
	case mismatch:
		return nil, bucketConflict(known, "file-system", "The client token was used with other parameters.")
	case f == nil:
		// It has been deleted since. AWS does not document its answer, so the sandbox
		// repeats the first one.
		return &s3files.CreateFileSystemOutput{
			FileSystemId: &known, FileSystemArn: aws.String(p.systemARN(known)), Bucket: in.Bucket, Prefix: in.Prefix, RoleArn: in.RoleArn,
			ClientToken: in.ClientToken, CreationTime: aws.Time(rq.Used(*in.ClientToken)), Status: types.LifeCycleStateCreating,
		}, nil
	default:
		return createdSystem(f), nil
	}
	if err := p.checkBucket(aws.ToString(in.Bucket), aws.ToString(in.Prefix)); err != nil {
		return nil, err
	}
	if err := p.Needs.Roles.Assumable(aws.ToString(in.RoleArn), filesPrincipal); err != nil {
		return nil, invalidBucketInput("S3 Files cannot use the role: " + err.Error())
	}
	if len(p.s.Systems.All()) >= p.account.Quota("file systems on buckets", 1000) {
		return nil, world.WithStatus(http.StatusPaymentRequired, &types.ServiceQuotaExceededException{
			Message: aws.String("The maximum number of file systems has been reached."),
		})
	}
	id := p.account.NewID("fs")
	f := &bucketSystem{Tags: world.TagMap(in.Tags), Shown: s3files.GetFileSystemOutput{
		FileSystemId: &id, FileSystemArn: aws.String(p.systemARN(id)), Bucket: in.Bucket, Prefix: in.Prefix, RoleArn: in.RoleArn,
		ClientToken: in.ClientToken, CreationTime: aws.Time(rq.Now), OwnerId: aws.String(p.account.Number()),
	}}
	p.systems.create(rq, id, f)
	rq.Remember(in.ClientToken, in, id)
	return createdSystem(f), nil
}

// checkBucket refuses a bucket that does not exist or does not keep versions.
func (p *S3Files) checkBucket(arn, prefix string) error {
	name, ok := strings.CutPrefix(arn, "arn:aws:s3:::")
	b := p.s3.s.Buckets[name]
	switch {
	case !ok:
		return invalidBucketInput("The bucket is not an ARN: " + arn)
	case prefix != "" && (!strings.HasSuffix(prefix, "/") || strings.HasPrefix(prefix, "/")):
		return invalidBucketInput("The prefix must end with a slash: " + prefix)
	case b == nil || b.Owner != p.account.Number():
		return noBucketObject(arn)
	case b.Versioning != s3types.BucketVersioningStatusEnabled:
		return invalidBucketInput("The bucket must have versioning enabled: " + name)
	}
	return nil
}

func createdSystem(f *bucketSystem) *s3files.CreateFileSystemOutput {
	s := f.Shown
	return &s3files.CreateFileSystemOutput{
		FileSystemId: s.FileSystemId, FileSystemArn: s.FileSystemArn, Bucket: s.Bucket, Prefix: s.Prefix, RoleArn: s.RoleArn,
		ClientToken: s.ClientToken, CreationTime: s.CreationTime, OwnerId: s.OwnerId, Status: s.Status, StatusMessage: s.StatusMessage,
		Tags: world.TagList[types.Tag](f.Tags),
	}
}

func (p *S3Files) getFileSystem(rq *world.Request, in *s3files.GetFileSystemInput) (*s3files.GetFileSystemOutput, error) {
	f, err := p.systems.find(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	s := f.Shown
	s.Tags = world.TagList[types.Tag](f.Tags)
	if name, ok := f.Tags["Name"]; ok {
		s.Name = &name
	}
	return &s, nil
}

// listFileSystems shows neither tags nor prefixes, as on AWS.
func (p *S3Files) listFileSystems(rq *world.Request, in *s3files.ListFileSystemsInput) (*s3files.ListFileSystemsOutput, error) {
	all := []types.ListFileSystemsDescription{}
	for _, f := range p.s.Systems.List(rq) {
		s := f.Shown
		if in.Bucket == nil || *in.Bucket == aws.ToString(s.Bucket) {
			all = append(all, types.ListFileSystemsDescription{
				FileSystemId: s.FileSystemId, FileSystemArn: s.FileSystemArn, Bucket: s.Bucket, RoleArn: s.RoleArn, OwnerId: s.OwnerId,
				CreationTime: s.CreationTime, Status: s.Status, StatusMessage: s.StatusMessage,
			})
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListFileSystemsOutput{FileSystems: page, NextToken: next}, nil
}

// deleteFileSystem refuses a file system that is in use, and, unless the call forces
// the deletion, one with changes that are not in the bucket yet.
func (p *S3Files) deleteFileSystem(rq *world.Request, in *s3files.DeleteFileSystemInput) (*s3files.DeleteFileSystemOutput, error) {
	id := world.BareID(in.FileSystemId)
	f := p.s.Systems.Get(id)
	if f == nil {
		return nil, noBucketObject(id)
	}
	if f.Shown.Status == types.LifeCycleStateDeleting {
		return &s3files.DeleteFileSystemOutput{}, nil
	}
	if len(p.targets.all(id)) > 0 {
		return nil, bucketConflict(id, "file-system", "The file system has mount targets.")
	}
	if len(p.points.all(id)) > 0 {
		return nil, bucketConflict(id, "file-system", "The file system has access points.")
	}
	if !aws.ToBool(in.ForceDelete) && p.pending(rq.Now, f) {
		return nil, bucketConflict(id, "file-system", "The file system has data that has not been exported to the S3 bucket.")
	}
	_, err := p.systems.delete(rq, id)
	return &s3files.DeleteFileSystemOutput{}, err
}

// pending reports whether a file system has changes that are not in the bucket:
// for a while after the last task that could write; for good, once its role
// no longer works.
func (p *S3Files) pending(now time.Time, f *bucketSystem) bool {
	if !f.Written || f.Shown.Status == types.LifeCycleStateError {
		return false
	}
	mounted, last := p.Needs.Tasks.Mounts(*f.Shown.FileSystemArn)
	if mounted {
		return true
	}
	if f.Mounted.After(last) {
		last = f.Mounted
	}
	return p.lacks(f) != "" || now.Before(last.Add(p.account.Takes(world.ChangesExported)))
}
