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
	m := p.targets.in(id, zone)
	switch {
	case f == nil || m == nil || f.Shown.Status != types.LifeCycleStateAvailable:
		return fmt.Sprintf("%sFailed to resolve \"%s.s3files.%s.amazonaws.com\" - check that your file system ID is correct, and ensure "+
			"that the VPC has a mount target for this file system ID.", mountText, id, p.account.Region())
	case !p.Needs.Network.Allows(groups, *m.Shown.NetworkInterfaceId, nfsPort):
		return mountTimedOut
	case !p.Needs.Roles.RoleAllows(role, "s3files:ClientMount", arn):
		return mountDenied("s3files:ClientMount is not allowed")
	}
	if point := aws.ToString(c.AccessPointArn); point != "" {
		a := p.s.Points.Get(world.BareID(&point))
		if a == nil || *a.Shown.FileSystemId != id || a.Shown.Status != types.LifeCycleStateAvailable {
			return mountDenied("there is no access point " + point)
		}
	}
	if p.Needs.Roles.RoleAllows(role, "s3files:ClientWrite", arn) {
		f.Written, f.Mounted = true, p.account.Now()
	}
	return ""
}
