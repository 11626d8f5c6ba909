package storage

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

// nfsPort is the port of mount targets.
const nfsPort = 2049

// mountText begins the messages of ECS about a file system that could not be mounted.
const mountText = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "

// mountTimedOut is why a task does not reach a mount target.
const mountTimedOut = mountText + "mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32"

func mountDenied(why string) string {
	return mountText + "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' (" + why + ")"
}

// Mount mounts a volume of a task, whose network interface is in a zone and has
// these security groups, and returns why that is not possible; "" when it is
// possible, or when the volume is not one of EFS. The causes are those of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
func (p *EFS) Mount(v ecstypes.Volume, zone string, groups []string, role string) string {
	c := v.EfsVolumeConfiguration
	if c == nil {
		return ""
	}
	id := aws.ToString(c.FileSystemId)
	f := p.s.Systems.Get(id)
	m := p.targets.in(id, zone)
	if f == nil || m == nil || p.account.Now().Before(m.Resolves) {
		// The words are those of valheim-ecs-fargate-cdk#28.
		return fmt.Sprintf("%sFailed to resolve \"%s.efs.%s.amazonaws.com\" - check that your file system ID is correct, and ensure "+
			"that the VPC has an EFS mount target for this file system ID. See https://docs.aws.amazon.com/console/efs/mount-dns-name "+
			"for more detail. Attempting to lookup mount target ip address using botocore. Failed to import necessary dependency "+
			"botocore, please install botocore first. : unsuccessful EFS utils command execution; code: 1", mountText, id, p.account.Region())
	}
	if !p.Needs.Network.Allows(groups, *m.Shown.NetworkInterfaceId, nfsPort) {
		return mountTimedOut
	}
	if why := p.mayMount(f, c, role); why != "" {
		return mountDenied(why)
	}
	return ""
}

// mayMount returns why a file system refuses a task. An access point makes its
// directory when it is mounted for the first time.
func (p *EFS) mayMount(f *fileSystem, c *ecstypes.EFSVolumeConfiguration, role string) string {
	signed, point := false, ""
	if a := c.AuthorizationConfig; a != nil {
		signed, point = a.Iam == ecstypes.EFSAuthorizationConfigIAMEnabled, aws.ToString(a.AccessPointId)
	}
	arn := aws.ToString(f.Shown.FileSystemArn)
	if f.Policy != "" && (!signed || !p.Needs.Roles.RoleAllows(role, "elasticfilesystem:ClientMount", arn)) {
		return "elasticfilesystem:ClientMount is not allowed"
	}
	if point == "" {
		return ""
	}
	a := p.s.Points.Get(point)
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
