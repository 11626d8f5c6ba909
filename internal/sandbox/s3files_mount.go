package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"
)

// mountBucket mounts a file system on a bucket, and says why it cannot; "" when
// it could. The words are those of EFS, whose client mounts both.
func (w *World) mountBucket(t *task, c *ecstypes.S3FilesVolumeConfiguration, role string) string {
	arn := aws.ToString(c.FileSystemArn)
	id := bareID(&arn)
	f := w.s3files.s.Systems.get(id)
	m := w.s3files.targetIn(id, w.zoneOf(t.Subnet))
	switch {
	case f == nil || m == nil || f.Shown.Status != types.LifeCycleStateAvailable:
		return fmt.Sprintf("%sFailed to resolve \"%s.s3files.%s.amazonaws.com\" - check that your file system ID is correct, and ensure "+
			"that the VPC has a mount target for this file system ID.", mountText, id, w.Region())
	case !w.allows(t.Groups, *m.Shown.NetworkInterfaceId, nfsPort):
		return mountText + "mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32"
	case !w.roleAllows(role, "s3files:ClientMount", arn):
		return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (s3files:ClientMount is not allowed)"
	}
	if point := aws.ToString(c.AccessPointArn); point != "" {
		a := w.s3files.s.Points.get(bareID(&point))
		if a == nil || *a.Shown.FileSystemId != id || a.Shown.Status != types.LifeCycleStateAvailable {
			return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (there is no access point " + point + ")"
		}
	}
	if w.roleAllows(role, "s3files:ClientWrite", arn) {
		f.Written, f.Mounted = true, w.now()
	}
	return ""
}

// targetIn is the mount target that works in a zone.
func (p *s3filesPart) targetIn(fileSystem, zone string) *bucketTarget {
	for _, m := range p.s.Targets.all() {
		if *m.Shown.FileSystemId == fileSystem && m.Zone == zone && m.Shown.Status == types.LifeCycleStateAvailable {
			return m
		}
	}
	return nil
}

// mountsBucketSystem says whether the tasks of a definition mount a file system
// on a bucket.
func mountsBucketSystem(d *taskDefinition, arn string) bool {
	return slices.ContainsFunc(d.Shown.Volumes, func(v ecstypes.Volume) bool {
		return v.S3filesVolumeConfiguration != nil && aws.ToString(v.S3filesVolumeConfiguration.FileSystemArn) == arn
	})
}

// checkBucketVolume refuses what ECS refuses of a volume on a bucket.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/s3files-volumes.html
func checkBucketVolume(v ecstypes.Volume, role *string) error {
	c := v.S3filesVolumeConfiguration
	switch {
	case c == nil:
		return nil
	case v.EfsVolumeConfiguration != nil:
		return badClient("Only one volume configuration can be specified per volume.")
	case !strings.HasPrefix(aws.ToString(c.FileSystemArn), "arn:") || !strings.Contains(*c.FileSystemArn, ":s3files:"):
		return badClient("S3 Files file system ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && !strings.HasPrefix(*c.AccessPointArn, *c.FileSystemArn+"/access-point/"):
		return badClient("S3 Files access point ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && orElse(aws.ToString(c.RootDirectory), "/") != "/":
		return badClient("The root directory must be omitted or set to / when an S3 Files access point is specified.")
	case aws.ToString(role) == "":
		return badClient("A task role is required for S3 Files volumes.")
	}
	return nil
}
