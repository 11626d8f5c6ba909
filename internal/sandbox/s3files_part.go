package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"
)

// s3filesPart is Amazon S3 Files: file systems on buckets, their mount targets
// and access points. AWS does not say that its index of tags has them, so the
// sandbox's has not.
type s3filesPart struct {
	account *Account
	s       s3filesState
	s3      *s3Part
	// Needs is set before the first call.
	Needs filesNeeds
}

// s3filesState is S3 Files, by id.
type s3filesState struct {
	Systems table[bucketSystem]
	Targets table[bucketTarget]
	Points  table[bucketPoint]
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

// newS3Files is S3 Files with the buckets that it reads and writes.
func newS3Files(account *Account, buckets *s3Part) *s3filesPart {
	return &s3filesPart{account: account, s3: buckets}
}

// ID implements Service.
func (p *s3filesPart) ID() string { return s3files.ServiceID }

func (p *s3filesPart) State() any { return &p.s }

func (p *s3filesPart) Routes(r *router) {
	p.systemRoutes(r)
	p.targetRoutes(r)
	p.pointRoutes(r)
	on(r, p.tagResource)
	on(r, p.untagResource)
	on(r, p.listTags)
}

// tagsOf are the tags of a file system or an access point, to change.
func (p *s3filesPart) tagsOf(rq *request, id *string) (map[string]string, error) {
	name := bareID(id)
	if f := p.s.Systems.find(rq, name); f != nil {
		return f.Tags, nil
	}
	if a := p.s.Points.find(rq, name); a != nil {
		return a.Tags, nil
	}
	return nil, noBucketObject(name)
}

func (p *s3filesPart) tagResource(rq *request, in *s3files.TagResourceInput) (*s3files.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, tagMap(in.Tags))
	return &s3files.TagResourceOutput{}, nil
}

func (p *s3filesPart) untagResource(rq *request, in *s3files.UntagResourceInput) (*s3files.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &s3files.UntagResourceOutput{}, nil
}

func (p *s3filesPart) listTags(rq *request, in *s3files.ListTagsForResourceInput) (*s3files.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	return &s3files.ListTagsForResourceOutput{Tags: tagList[types.Tag](tags)}, nil
}

func noBucketObject(id string) error {
	return withStatus(http.StatusNotFound, &types.ResourceNotFoundException{Message: aws.String("Resource " + id + " does not exist.")})
}

// bucketConflict is S3 Files' answer to all that is there already, in use, or
// still at work.
func bucketConflict(id, kind, text string) error {
	return withStatus(http.StatusConflict, &types.ConflictException{Message: &text, ResourceId: &id, ResourceType: &kind})
}

func invalidBucketInput(text string) error {
	return &types.ValidationException{Message: &text}
}

// locate names what a call is about; a mount target has no ARN, it belongs to
// its file system. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3files.html
func (p *s3filesPart) locate(_ string, in any) string {
	if id := fieldText(in, "MountTargetId"); id != "" {
		if m := p.s.Targets.get(id); m != nil {
			return p.systemARN(*m.Shown.FileSystemId)
		}
	}
	for _, field := range []string{"FileSystemId", "AccessPointId", "ResourceId"} {
		switch id := fieldText(in, field); {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		case strings.HasPrefix(id, "fsap-"):
			if a := p.s.Points.get(id); a != nil {
				return *a.Shown.AccessPointArn
			}
		default:
			return p.systemARN(id)
		}
	}
	return ""
}

func (p *s3filesPart) systemARN(id string) string { return p.account.arn("s3files", "file-system/"+id) }

// carried implements unindexed.
func (p *s3filesPart) carried(arn string) (map[string]string, bool) {
	for _, s := range p.s.Systems.all() {
		if *s.Shown.FileSystemArn == arn {
			return s.Tags, true
		}
	}
	for _, a := range p.s.Points.all() {
		if *a.Shown.AccessPointArn == arn {
			return a.Tags, true
		}
	}
	return nil, false
}

func (p *s3filesPart) Dump(d *dumper) {
	names := map[string]string{}
	for _, f := range p.s.Systems.all() {
		names[*f.Shown.FileSystemId] = aws.ToString(f.Shown.Bucket) + "/" + aws.ToString(f.Shown.Prefix)
		d.add("s3files.file-system", *f.Shown.FileSystemId, cmp.Or(f.Tags["Name"], "unnamed"), map[string]any{
			"state": f.Shown.Status, "bucket": f.Shown.Bucket, "prefix": f.Shown.Prefix, "role": f.Shown.RoleArn, "tags": f.Tags,
		})
	}
	for _, m := range p.s.Targets.all() {
		d.add("s3files.mount-target", *m.Shown.MountTargetId, names[*m.Shown.FileSystemId]+" "+m.Zone, map[string]any{
			"state": m.Shown.Status, "file_system": m.Shown.FileSystemId, "subnet": m.Shown.SubnetId, "groups": m.Shown.SecurityGroups,
		})
	}
	for _, a := range p.s.Points.all() {
		d.add("s3files.access-point", *a.Shown.AccessPointId, cmp.Or(a.Tags["Name"], "unnamed"), map[string]any{
			"state": a.Shown.Status, "file_system": a.Shown.FileSystemId, "user": a.Shown.PosixUser,
			"root": a.Shown.RootDirectory, "tags": a.Tags,
		})
	}
}

var _ locator = (*s3filesPart)(nil)
