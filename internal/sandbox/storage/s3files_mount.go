package storage

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Mount mounts a volume of a task, as that of EFS does, if it is a file system on a
// bucket. The words are those of EFS, whose client mounts both.
func (p *S3Files) Mount(v ecstypes.Volume, zone string, groups []string, role string) string {
	c := v.S3filesVolumeConfiguration
	if c == nil {
		return ""
	}
	arn := aws.ToString(c.FileSystemArn)
	id := world.BareID(&arn)
	f := p.s.Systems.Get(id)
	m := p.targetIn(id, zone)
	switch {
	case f == nil || m == nil || f.Shown.Status != types.LifeCycleStateAvailable:
		return fmt.Sprintf("%sFailed to resolve \"%s.s3files.%s.amazonaws.com\" - check that your file system ID is correct, and ensure "+
			"that the VPC has a mount target for this file system ID.", mountText, id, p.account.Region())
	case !p.Needs.Network.Allows(groups, *m.Shown.NetworkInterfaceId, nfsPort):
		return mountText + "mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32"
	case !p.Needs.Roles.RoleAllows(role, "s3files:ClientMount", arn):
		return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (s3files:ClientMount is not allowed)"
	}
	if point := aws.ToString(c.AccessPointArn); point != "" {
		a := p.s.Points.Get(world.BareID(&point))
		if a == nil || *a.Shown.FileSystemId != id || a.Shown.Status != types.LifeCycleStateAvailable {
			return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (there is no access point " + point + ")"
		}
	}
	if p.Needs.Roles.RoleAllows(role, "s3files:ClientWrite", arn) {
		f.Written, f.Mounted = true, p.account.Now()
	}
	return ""
}

// targetIn is the mount target that works in a zone.
func (p *S3Files) targetIn(fileSystem, zone string) *bucketTarget {
	for _, m := range p.s.Targets.All() {
		if *m.Shown.FileSystemId == fileSystem && m.Zone == zone && m.Shown.Status == types.LifeCycleStateAvailable {
			return m
		}
	}
	return nil
}
