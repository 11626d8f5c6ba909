package moto

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

// Ids that are well formed and belong to nobody.
const (
	noFiles = "fs-0123456789abcdef0"
	noMount = "fsmt-0123456789abcdef0"
	noPoint = "fsap-0123456789abcdef0"
)

// files plays a file system with a mount target and an access point, in an
// existing network.
func (s *script) files(n *network) {
	c := s.c.EFS
	in := &efs.CreateFileSystemInput{
		CreationToken: p("token-files"), Encrypted: p(true), ThroughputMode: types.ThroughputModeElastic,
		PerformanceMode: types.PerformanceModeGeneralPurpose, Backup: p(true),
		Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	made := try(s, success, c.CreateFileSystem, in, func(o *efs.CreateFileSystemOutput) []any {
		return []any{o.Encrypted, o.ThroughputMode, len(o.Tags)}
	})
	fs := s.name("fs", made.FileSystemId)
	try(s, duplicate, c.CreateFileSystem, in, nil)
	try(s, success, c.DescribeFileSystems, &efs.DescribeFileSystemsInput{FileSystemId: fs}, func(o *efs.DescribeFileSystemsOutput) []any {
		return []any{len(o.FileSystems), o.FileSystems[0].LifeCycleState, o.FileSystems[0].NumberOfMountTargets}
	})
	try(s, notFound, c.DescribeFileSystems, &efs.DescribeFileSystemsInput{FileSystemId: p(noFiles)}, nil)
	policy := `{"Version":"2012-10-17","Statement":[]}`
	try(s, notFound, c.DescribeFileSystemPolicy, &efs.DescribeFileSystemPolicyInput{FileSystemId: fs}, nil)
	try(s, success, c.PutFileSystemPolicy, &efs.PutFileSystemPolicyInput{FileSystemId: fs, Policy: &policy}, nil)
	try(s, duplicate, c.PutFileSystemPolicy, &efs.PutFileSystemPolicyInput{FileSystemId: fs, Policy: &policy}, nil)
	try(s, success, c.DescribeFileSystemPolicy, &efs.DescribeFileSystemPolicyInput{FileSystemId: fs}, func(o *efs.DescribeFileSystemPolicyOutput) []any {
		return []any{o.Policy}
	})
	try(s, success, c.DescribeBackupPolicy, &efs.DescribeBackupPolicyInput{FileSystemId: fs}, func(o *efs.DescribeBackupPolicyOutput) []any {
		return []any{o.BackupPolicy.Status}
	})
	try(s, notFound, c.DescribeBackupPolicy, &efs.DescribeBackupPolicyInput{FileSystemId: p(noFiles)}, nil)
	try(s, notFound, c.PutFileSystemPolicy, &efs.PutFileSystemPolicyInput{FileSystemId: p(noFiles), Policy: &policy}, nil)
	try(s, notFound, c.TagResource, &efs.TagResourceInput{ResourceId: p(noFiles), Tags: []types.Tag{{Key: p("team"), Value: p("a")}}}, nil)
	tag := &efs.TagResourceInput{ResourceId: fs, Tags: []types.Tag{{Key: p("team"), Value: p("a")}}}
	try(s, success, c.TagResource, tag, nil)
	try(s, duplicate, c.TagResource, tag, nil)
	try(s, success, c.UntagResource, &efs.UntagResourceInput{ResourceId: fs, TagKeys: []string{"team"}}, nil)
	s.accessPoint(fs)
	s.mountTarget(n, fs)
	try(s, success, c.DeleteFileSystem, &efs.DeleteFileSystemInput{FileSystemId: fs}, nil)
	try(s, notFound, c.DeleteFileSystem, &efs.DeleteFileSystemInput{FileSystemId: p(noFiles)}, nil)
}

func (s *script) accessPoint(fs *string) {
	c := s.c.EFS
	in := &efs.CreateAccessPointInput{
		ClientToken: p("token-point"), FileSystemId: fs, PosixUser: &types.PosixUser{Uid: p(int64(999)), Gid: p(int64(70))},
		RootDirectory: &types.RootDirectory{Path: p("/shop/data"), CreationInfo: &types.CreationInfo{
			OwnerUid: p(int64(999)), OwnerGid: p(int64(70)), Permissions: p("0755"),
		}},
		Tags: []types.Tag{{Key: p("berth:owner"), Value: p("stack/a/b")}},
	}
	made := try(s, success, c.CreateAccessPoint, in, func(o *efs.CreateAccessPointOutput) []any {
		return []any{o.PosixUser.Uid, o.PosixUser.Gid, o.RootDirectory.Path, len(o.Tags)}
	})
	point := s.name("point", made.AccessPointId)
	again := try(s, duplicate, c.CreateAccessPoint, in, nil)
	if again.AccessPointId != nil {
		try(s, aside, c.DeleteAccessPoint, &efs.DeleteAccessPointInput{AccessPointId: again.AccessPointId}, nil)
	}
	other := *in
	other.FileSystemId, other.ClientToken = p(noFiles), p("token-nowhere")
	if lost := try(s, dependency, c.CreateAccessPoint, &other, nil); lost.AccessPointId != nil {
		try(s, aside, c.DeleteAccessPoint, &efs.DeleteAccessPointInput{AccessPointId: lost.AccessPointId}, nil)
	}
	try(s, success, c.DescribeAccessPoints, &efs.DescribeAccessPointsInput{FileSystemId: fs}, func(o *efs.DescribeAccessPointsOutput) []any {
		return []any{len(o.AccessPoints), o.AccessPoints[0].LifeCycleState, o.AccessPoints[0].RootDirectory.Path}
	})
	try(s, notFound, c.DescribeAccessPoints, &efs.DescribeAccessPointsInput{AccessPointId: p(noPoint)}, nil)
	try(s, success, c.DeleteAccessPoint, &efs.DeleteAccessPointInput{AccessPointId: point}, nil)
	try(s, notFound, c.DeleteAccessPoint, &efs.DeleteAccessPointInput{AccessPointId: p(noPoint)}, nil)
}

func (s *script) mountTarget(n *network, fs *string) {
	c := s.c.EFS
	in := &efs.CreateMountTargetInput{FileSystemId: fs, SubnetId: p(n.subnets[0]), SecurityGroups: []string{*n.group}}
	made := try(s, success, c.CreateMountTarget, in, func(o *efs.CreateMountTargetOutput) []any {
		return []any{o.NetworkInterfaceId != nil, o.AvailabilityZoneName}
	})
	target := s.name("target", made.MountTargetId)
	try(s, duplicate, c.CreateMountTarget, in, nil)
	try(s, dependency, c.CreateMountTarget, &efs.CreateMountTargetInput{FileSystemId: p(noFiles), SubnetId: p(n.subnets[0])}, nil)
	try(s, success, c.DescribeMountTargets, &efs.DescribeMountTargetsInput{FileSystemId: fs}, func(o *efs.DescribeMountTargetsOutput) []any {
		return []any{len(o.MountTargets), o.MountTargets[0].LifeCycleState, o.MountTargets[0].AvailabilityZoneName}
	})
	try(s, notFound, c.DescribeMountTargets, &efs.DescribeMountTargetsInput{FileSystemId: p(noFiles)}, nil)
	try(s, success, c.ModifyMountTargetSecurityGroups, &efs.ModifyMountTargetSecurityGroupsInput{MountTargetId: target, SecurityGroups: []string{*n.group}}, nil)
	try(s, notFound, c.ModifyMountTargetSecurityGroups, &efs.ModifyMountTargetSecurityGroupsInput{MountTargetId: p(noMount), SecurityGroups: []string{*n.group}}, nil)
	try(s, dependency, c.DeleteFileSystem, &efs.DeleteFileSystemInput{FileSystemId: fs}, nil)
	try(s, success, c.DeleteMountTarget, &efs.DeleteMountTargetInput{MountTargetId: target}, nil)
	try(s, notFound, c.DeleteMountTarget, &efs.DeleteMountTargetInput{MountTargetId: p(noMount)}, nil)
}

// filesOperation names an operation of EFS by its method and its path.
func filesOperation(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 2 {
		return "unknown"
	}
	kind := map[string]string{
		"file-systems": "FileSystem", "mount-targets": "MountTarget", "access-points": "AccessPoint", "resource-tags": "Tag",
	}[parts[1]]
	switch sub := parts[len(parts)-1]; {
	case kind == "Tag" && method == http.MethodPost:
		return "TagResource"
	case kind == "Tag" && method == http.MethodDelete:
		return "UntagResource"
	case sub == "policy" && method == http.MethodPut:
		return "PutFileSystemPolicy"
	case sub == "policy":
		return "DescribeFileSystemPolicy"
	case sub == "backup-policy":
		return "DescribeBackupPolicy"
	case sub == "security-groups":
		return "ModifyMountTargetSecurityGroups"
	case method == http.MethodPost:
		return "Create" + kind
	case method == http.MethodDelete:
		return "Delete" + kind
	default:
		return "Describe" + kind + "s"
	}
}

func filesDifferences() map[string]difference {
	const doc = "https://docs.aws.amazon.com/efs/latest/ug/"
	const blind = "moto does not look for the file system"
	return map[string]difference{
		"efs.CreateAccessPoint: dependency":   {"FileSystemNotFound", "ok", blind, doc + "API_CreateAccessPoint.html"},
		"efs.CreateAccessPoint: duplicate":    {"AccessPointAlreadyExists", "ok", "moto ignores client tokens", doc + "API_CreateAccessPoint.html"},
		"efs.DeleteAccessPoint: not found":    {"AccessPointNotFound", "ok", "moto does not look", doc + "API_DeleteAccessPoint.html"},
		"efs.DescribeBackupPolicy: not found": {"FileSystemNotFound", "HTTP 500", "moto fails inside", doc + "API_DescribeBackupPolicy.html"},
		"efs.PutFileSystemPolicy: not found":  {"FileSystemNotFound", "HTTP 500", "moto fails inside", doc + "API_PutFileSystemPolicy.html"},
		"efs.TagResource: not found":          {"FileSystemNotFound", "ok", blind, doc + "API_TagResource.html"},
	}
}
