package sandbox

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

// nfsPort is the port of mount targets.
const nfsPort = 2049

// mountText is how ECS begins to say that a file system could not be mounted.
const mountText = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "

// mount mounts the file systems of a task, and says why it cannot; "" when it
// could. The causes are those of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
func (w *World) mount(t *task, d *taskDefinition) string {
	for _, v := range d.Shown.Volumes {
		role := aws.ToString(d.Shown.TaskRoleArn)
		if b := v.S3filesVolumeConfiguration; b != nil {
			if why := w.mountBucket(t, b, role); why != "" {
				return why
			}
		}
		c := v.EfsVolumeConfiguration
		if c == nil {
			continue
		}
		id := aws.ToString(c.FileSystemId)
		f := w.efs.s.Systems.get(id)
		m := w.efs.targetIn(id, w.zoneOf(t.Subnet))
		if f == nil || m == nil || w.now().Before(m.Resolves) {
			// The words are those of valheim-ecs-fargate-cdk#28.
			return fmt.Sprintf("%sFailed to resolve \"%s.efs.%s.amazonaws.com\" - check that your file system ID is correct, and ensure "+
				"that the VPC has an EFS mount target for this file system ID. See https://docs.aws.amazon.com/console/efs/mount-dns-name "+
				"for more detail. Attempting to lookup mount target ip address using botocore. Failed to import necessary dependency "+
				"botocore, please install botocore first. : unsuccessful EFS utils command execution; code: 1", mountText, id, w.Region())
		}
		if !w.allows(t.Groups, *m.Shown.NetworkInterfaceId, nfsPort) {
			return mountText + "mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32"
		}
		if why := w.mayMount(f, c, role); why != "" {
			return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (" + why + ")"
		}
	}
	return ""
}

// targetIn is the mount target that works in a zone.
func (p *efsPart) targetIn(fileSystem, zone string) *mountTarget {
	for _, m := range p.s.Targets.all() {
		if *m.Shown.FileSystemId == fileSystem && *m.Shown.AvailabilityZoneName == zone && m.Shown.LifeCycleState == types.LifeCycleStateAvailable {
			return m
		}
	}
	return nil
}

// mayMount says why a file system refuses a task. An access point makes its
// directory when it is mounted for the first time.
func (w *World) mayMount(f *fileSystem, c *ecstypes.EFSVolumeConfiguration, role string) string {
	signed, point := false, ""
	if a := c.AuthorizationConfig; a != nil {
		signed, point = a.Iam == ecstypes.EFSAuthorizationConfigIAMEnabled, aws.ToString(a.AccessPointId)
	}
	arn := aws.ToString(f.Shown.FileSystemArn)
	if f.Policy != "" && (!signed || !w.roleAllows(role, "elasticfilesystem:ClientMount", arn)) {
		return "elasticfilesystem:ClientMount is not allowed"
	}
	if point == "" {
		return ""
	}
	a := w.efs.s.Points.get(point)
	if a == nil || *a.Shown.FileSystemId != *f.Shown.FileSystemId || a.Shown.LifeCycleState != types.LifeCycleStateAvailable {
		return "there is no access point " + point
	}
	root := a.Shown.RootDirectory
	path := aws.ToString(root.Path)
	if _, there := f.Directories[path]; there || path == "/" {
		return ""
	}
	if root.CreationInfo == nil {
		return "there is no directory " + path
	}
	if f.Directories == nil {
		f.Directories = map[string]directory{}
	}
	f.Directories[path] = directory{
		UID: aws.ToInt64(root.CreationInfo.OwnerUid), GID: aws.ToInt64(root.CreationInfo.OwnerGid),
		Mode: aws.ToString(root.CreationInfo.Permissions),
	}
	return ""
}

// checkVolumes refuses what ECS refuses of a task definition's volumes.
func checkVolumes(volumes []ecstypes.Volume, containers []ecstypes.ContainerDefinition, role *string) error {
	var names []string
	for _, v := range volumes {
		if err := checkBucketVolume(v, role); err != nil {
			return err
		}
		name := aws.ToString(v.Name)
		switch c := v.EfsVolumeConfiguration; {
		case !familyName.MatchString(name) || slices.Contains(names, name):
			return badClient("Volume name '%s' is not valid or not unique.", name)
		case v.Host != nil && v.Host.SourcePath != nil:
			return badClient("Fargate compatible task definitions do not support sourcePath.")
		case c == nil:
		case aws.ToString(c.FileSystemId) == "":
			return badClient("EFS file system ID must not be empty.")
		case c.AuthorizationConfig != nil && c.TransitEncryption != ecstypes.EFSTransitEncryptionEnabled:
			return badClient("EFS transit encryption must be enabled when an access point or IAM authorization is used.")
		case c.AuthorizationConfig != nil && aws.ToString(c.AuthorizationConfig.AccessPointId) != "" && orElse(aws.ToString(c.RootDirectory), "/") != "/":
			return badClient("The root directory must be omitted or set to / when an EFS access point is specified.")
		}
		names = append(names, name)
	}
	for _, c := range containers {
		for _, m := range c.MountPoints {
			if !slices.Contains(names, aws.ToString(m.SourceVolume)) {
				return badClient("Unknown volume '%s'.", aws.ToString(m.SourceVolume))
			}
		}
	}
	return nil
}
