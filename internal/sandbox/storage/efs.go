package storage

import (
	"cmp"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// EFS is Amazon EFS: file systems, their mount targets and access points.
type EFS struct {
	account *world.Account
	s       efsState
	systems objects[fileSystem, types.LifeCycleState]
	targets targets[mountTarget, types.LifeCycleState]
	points  objects[accessPoint, types.LifeCycleState]
	// Needs is set before the first call.
	Needs Needs
}

// efsState is EFS, by id.
type efsState struct {
	Systems world.Table[fileSystem]
	Targets world.Table[mountTarget]
	Points  world.Table[accessPoint]
}

// fileSystem is a file system with what tasks have left on it.
type fileSystem struct {
	Shown  types.FileSystemDescription
	Tags   map[string]string
	Backup bool
	Policy string
	// Directories are those that access points have made, by path.
	Directories map[string]directory
}

// directory is the root of a volume.
type directory struct {
	UID, GID int64
	Mode     string
}

// mountTarget is a mount target.
type mountTarget struct {
	Shown  types.MountTargetDescription
	Groups []string
	// Resolves is when tasks begin to resolve its name.
	Resolves time.Time
}

// accessPoint is an access point.
type accessPoint struct {
	Shown types.AccessPointDescription
	Tags  map[string]string
}

// NewEFS makes the EFS of an account, without file systems.
func NewEFS(account *world.Account) *EFS {
	p := &EFS{account: account}
	p.systems, p.targets, p.points = p.newSystems(), p.newTargets(), p.newPoints()
	return p
}

// ID implements world.Service.
func (p *EFS) ID() string { return efs.ServiceID }

// State implements world.Service.
func (p *EFS) State() any { return &p.s }

// Routes implements world.Service.
func (p *EFS) Routes(r *world.Router) {
	p.systemRoutes(r)
	p.targetRoutes(r)
	p.pointRoutes(r)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTags)
}

// tagsOf are the tags of a file system or an access point, to change.
func (p *EFS) tagsOf(rq *world.Request, id *string) (map[string]string, error) {
	name := world.BareID(id)
	if f := p.s.Systems.Find(rq, name); f != nil {
		return f.Tags, nil
	}
	if a := p.s.Points.Find(rq, name); a != nil {
		return a.Tags, nil
	}
	if strings.HasPrefix(name, "fsap-") {
		return nil, noPoint(name)
	}
	return nil, noSystem(name)
}

func (p *EFS) tagResource(rq *world.Request, in *efs.TagResourceInput) (*efs.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, world.TagMap(in.Tags))
	return &efs.TagResourceOutput{}, nil
}

func (p *EFS) untagResource(rq *world.Request, in *efs.UntagResourceInput) (*efs.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &efs.UntagResourceOutput{}, nil
}

func (p *EFS) listTags(rq *world.Request, in *efs.ListTagsForResourceInput) (*efs.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceId)
	if err != nil {
		return nil, err
	}
	return &efs.ListTagsForResourceOutput{Tags: world.TagList[types.Tag](tags)}, nil
}

func noSystem(id string) error {
	return world.WithStatus(http.StatusNotFound, &types.FileSystemNotFound{Message: aws.String("File system '" + id + "' does not exist.")})
}

func noPoint(id string) error {
	return world.WithStatus(http.StatusNotFound, &types.AccessPointNotFound{Message: aws.String("Access Point " + id + " does not exist.")})
}

// systemBusy refuses what needs a file system that is available.
func systemBusy(id, state string) error {
	return world.WithStatus(http.StatusConflict, &types.IncorrectFileSystemLifeCycleState{
		Message: aws.String("File system '" + id + "' is not in the 'available' state: " + state),
	})
}

// Locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html
func (p *EFS) Locate(_ string, in any) string {
	return locate(&p.targets.objects, in, p.systemARN, p.pointARN)
}

func (p *EFS) systemARN(id string) string {
	return p.account.ARN("elasticfilesystem", "file-system/"+id)
}

func (p *EFS) pointARN(id string) string {
	return p.account.ARN("elasticfilesystem", "access-point/"+id)
}

// Index implements world.Indexed.
func (p *EFS) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Systems, f, func(s *fileSystem) (string, map[string]string) { return *s.Shown.FileSystemArn, s.Tags })
	world.IndexRows(&p.s.Points, f, func(a *accessPoint) (string, map[string]string) { return *a.Shown.AccessPointArn, a.Tags })
}

// Dump implements world.Service.
func (p *EFS) Dump(d *world.Dumper) {
	for _, f := range p.s.Systems.All() {
		d.Add("efs.file-system", *f.Shown.FileSystemId, cmp.Or(f.Tags["Name"], "unnamed"), map[string]any{
			"state": f.Shown.LifeCycleState, "encrypted": f.Shown.Encrypted, "throughput": f.Shown.ThroughputMode,
			"tags": f.Tags, "backup": f.Backup, "policy": f.Policy, "directories": f.Directories,
		})
	}
	for _, m := range p.s.Targets.All() {
		d.Add("efs.mount-target", *m.Shown.MountTargetId, *m.Shown.AvailabilityZoneName, map[string]any{
			"state": m.Shown.LifeCycleState, "file_system": m.Shown.FileSystemId, "subnet": m.Shown.SubnetId, "groups": m.Groups,
		})
	}
	for _, a := range p.s.Points.All() {
		d.Add("efs.access-point", *a.Shown.AccessPointId, *a.Shown.RootDirectory.Path, map[string]any{
			"state": a.Shown.LifeCycleState, "file_system": a.Shown.FileSystemId, "user": a.Shown.PosixUser,
			"root": a.Shown.RootDirectory, "tags": a.Tags,
		})
	}
}

var (
	_ world.Locator = (*EFS)(nil)
	_ world.Indexed = (*EFS)(nil)
)
