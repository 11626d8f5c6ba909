package storage

import (
	"cmp"
	"maps"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// S3Files is Amazon S3 Files: file systems on buckets, their mount targets
// and access points. AWS does not document that its index of tags has them,
// so the sandbox's index does not.
type S3Files struct {
	account *world.Account
	s       s3filesState
	systems objects[bucketSystem, types.LifeCycleState]
	targets targets[bucketTarget, types.LifeCycleState]
	points  objects[bucketPoint, types.LifeCycleState]
	s3      *S3
	// Needs is set before the first call.
	Needs Needs
}

// s3filesState is S3 Files, by id.
type s3filesState struct {
	Systems world.Table[bucketSystem]
	Targets world.Table[bucketTarget]
	Points  world.Table[bucketPoint]
}

// bucketSystem is a file system on a bucket.
type bucketSystem struct {
	Shown s3files.GetFileSystemOutput
	Tags  map[string]string
	// Written says that a task could write to it, Mounted when the last one
	// mounted it.
	Written bool
	Mounted time.Time
}

// bucketTarget is a mount target, with its zone's name.
type bucketTarget struct {
	Shown s3files.GetMountTargetOutput
	Zone  string
}

// bucketPoint is an access point.
type bucketPoint struct {
	Shown s3files.GetAccessPointOutput
	Tags  map[string]string
}

// NewS3Files is S3 Files with the buckets that it reads and writes.
func NewS3Files(account *world.Account, buckets *S3) *S3Files {
	p := &S3Files{account: account, s3: buckets}
	p.systems, p.targets, p.points = p.newSystems(), p.newTargets(), p.newPoints()
	return p
}

// ID implements world.Service.
func (p *S3Files) ID() string { return s3files.ServiceID }

// State implements world.Service.
func (p *S3Files) State() any { return &p.s }

// Routes implements world.Service.
func (p *S3Files) Routes(r *world.Router) {
	p.systemRoutes(r)
	p.targetRoutes(r)
	p.pointRoutes(r)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTags)
}

// tagsOf are the tags of a file system or an access point, to change.
func (p *S3Files) tagsOf(rq *world.Request, id *string) (map[string]string, error) {
	name := world.BareID(id)
	if f := p.s.Systems.Find(rq, name); f != nil {
		return f.Tags, nil
	}
	if a := p.s.Points.Find(rq, name); a != nil {
		return a.Tags, nil
	}
	return nil, noBucketObject(name)
}

func (p *S3Files) tagResource(rq *world.Request, in *s3files.TagResourceInput) (*s3files.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, world.TagMap(in.Tags))
	return &s3files.TagResourceOutput{}, nil
}

func (p *S3Files) untagResource(rq *world.Request, in *s3files.UntagResourceInput) (*s3files.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &s3files.UntagResourceOutput{}, nil
}

func (p *S3Files) listTags(rq *world.Request, in *s3files.ListTagsForResourceInput) (*s3files.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	return &s3files.ListTagsForResourceOutput{Tags: world.TagList[types.Tag](tags)}, nil
}

func noBucketObject(id string) error {
	return world.WithStatus(http.StatusNotFound, &types.ResourceNotFoundException{Message: aws.String("Resource " + id + " does not exist.")})
}

// bucketConflict is S3 Files' error for an object that exists already, is in use, or is
// being changed.
func bucketConflict(id, kind, text string) error {
	return world.WithStatus(http.StatusConflict, &types.ConflictException{Message: &text, ResourceId: &id, ResourceType: &kind})
}

func invalidBucketInput(text string) error {
	return &types.ValidationException{Message: &text}
}

// Locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3files.html
func (p *S3Files) Locate(_ string, in any) string {
	return locate(&p.targets.objects, in, p.systemARN, func(id string) string {
		if a := p.s.Points.Get(id); a != nil {
			return *a.Shown.AccessPointArn
		}
		return ""
	})
}

func (p *S3Files) systemARN(id string) string { return p.account.ARN("s3files", "file-system/"+id) }

// Carried implements world.Carrier.
func (p *S3Files) Carried(arn string) (map[string]string, bool) {
	for _, s := range p.s.Systems.All() {
		if *s.Shown.FileSystemArn == arn {
			return s.Tags, true
		}
	}
	for _, a := range p.s.Points.All() {
		if *a.Shown.AccessPointArn == arn {
			return a.Tags, true
		}
	}
	return nil, false
}

// Dump implements world.Service.
func (p *S3Files) Dump(d *world.Dumper) {
	names := map[string]string{}
	for _, f := range p.s.Systems.All() {
		names[*f.Shown.FileSystemId] = aws.ToString(f.Shown.Bucket) + "/" + aws.ToString(f.Shown.Prefix)
		d.Add("s3files.file-system", *f.Shown.FileSystemId, cmp.Or(f.Tags["Name"], "unnamed"), map[string]any{
			"state": f.Shown.Status, "bucket": f.Shown.Bucket, "prefix": f.Shown.Prefix, "role": f.Shown.RoleArn, "tags": f.Tags,
		})
	}
	for _, m := range p.s.Targets.All() {
		d.Add("s3files.mount-target", *m.Shown.MountTargetId, names[*m.Shown.FileSystemId]+" "+m.Zone, map[string]any{
			"state": m.Shown.Status, "file_system": m.Shown.FileSystemId, "subnet": m.Shown.SubnetId, "groups": m.Shown.SecurityGroups,
		})
	}
	for _, a := range p.s.Points.All() {
		d.Add("s3files.access-point", *a.Shown.AccessPointId, cmp.Or(a.Tags["Name"], "unnamed"), map[string]any{
			"state": a.Shown.Status, "file_system": a.Shown.FileSystemId, "user": a.Shown.PosixUser,
			"root": a.Shown.RootDirectory, "tags": a.Tags,
		})
	}
}

var _ world.Locator = (*S3Files)(nil)
