package existing

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// FileSystem is a given file system of S3 Files.
type FileSystem struct {
	// Bucket is its bucket's name, Prefix what it is limited to.
	Bucket, Prefix string
}

// fileSystem checks that a file system of S3 Files can be mounted: that it is
// there and works, and has mount targets in the VPC that let port 2049 in.
func (r *reader) fileSystem(ctx context.Context, arn string) error {
	if where := strings.Split(arn, ":"); where[3] != r.names.Region {
		r.problem(KeyFileSystem, arn, "write a file system of this region, or deploy to that one", "it is in %s and not in %s", where[3], r.names.Region)
		return nil
	}
	out, err := r.S3Files.GetFileSystem(ctx, &s3files.GetFileSystemInput{FileSystemId: &arn})
	if gate.IsNotFound(err) {
		r.problem(KeyFileSystem, arn, "write the ARN of a file system of S3 Files of this account", "there is no such file system in %s", r.names.Region)
		return nil
	}
	if err != nil {
		return err
	}
	if out.Status != types.LifeCycleStateAvailable && out.Status != types.LifeCycleStateUpdating {
		r.problem(KeyFileSystem, arn, "wait until it is available, or write another one", "it is in state %s %s", out.Status, aws.ToString(out.StatusMessage))
		return nil
	}
	r.facts(func(f *Facts) {
		if f.FileSystems == nil {
			f.FileSystems = map[string]FileSystem{}
		}
		_, bucket, _ := strings.Cut(aws.ToString(out.Bucket), ":::")
		f.FileSystems[arn] = FileSystem{Bucket: bucket, Prefix: aws.ToString(out.Prefix)}
	})
	return r.mountTargets(ctx, arn)
}

func (r *reader) mountTargets(ctx context.Context, arn string) error {
	var targets []types.ListMountTargetsDescription
	pages := s3files.NewListMountTargetsPaginator(r.S3Files, &s3files.ListMountTargetsInput{FileSystemId: &arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		targets = append(targets, page.MountTargets...)
	}
	if len(targets) == 0 {
		r.problem(KeyFileSystem, arn, "make one in each zone of the tasks: aws s3files create-mount-target", "it has no mount target, so no task reaches it")
		return nil
	}
	listed, err := r.listed(ctx)
	if err != nil {
		return err
	}
	vpc := aws.ToString(targets[0].VpcId)
	switch own := listed.VPC; {
	case r.names.VPC != "" && vpc != r.names.VPC:
		r.problem(KeyFileSystem, arn, "give a file system with mount targets in that VPC", "its mount targets are in %s, and network.vpc is %s", vpc, r.names.VPC)
		return nil
	case r.names.VPC == "" && vpc != own:
		r.problem(KeyFileSystem, arn, "write network.vpc: "+vpc+" with its subnets", "its mount targets are in %s, and berth makes a VPC of its own", vpc)
		return nil
	}
	if err := r.targetZones(ctx, arn, targets); err != nil {
		return err
	}
	return r.targetGroups(ctx, arn, targets)
}

// targetZones tells of zones in which tasks are to run and cannot mount.
func (r *reader) targetZones(ctx context.Context, arn string, targets []types.ListMountTargetsDescription) error {
	subnets := slices.Clone(r.names.Public)
	key := KeyPublic
	if r.names.PrivateTasks {
		subnets, key = slices.Clone(r.names.Private), KeyPrivate
	}
	tasks := len(subnets)
	for _, m := range targets {
		subnets = append(subnets, aws.ToString(m.SubnetId))
	}
	places, err := nfs.Places(ctx, r.EC2, subnets)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, id := range subnets[tasks:] {
		has[places[id].Zone] = true
	}
	for _, id := range subnets[:tasks] {
		if zone := places[id].Zone; zone != "" && !has[zone] {
			r.problem(KeyFileSystem, arn, "make one there with aws s3files create-mount-target, or take the subnet out",
				"it has no mount target in %s, where tasks run by %s %s", zone, key, id)
		}
	}
	return nil
}

// targetGroups checks that somebody is let in: who that is, is up to whoever
// made the groups.
func (r *reader) targetGroups(ctx context.Context, arn string, targets []types.ListMountTargetsDescription) error {
	var interfaces []string
	for _, m := range targets {
		interfaces = append(interfaces, aws.ToString(m.NetworkInterfaceId))
	}
	found, err := nfs.Groups(ctx, r.EC2, interfaces)
	if err != nil {
		return err
	}
	var groups []string
	for _, list := range found {
		groups = append(groups, engine.Values(list)...)
	}
	if len(groups) == 0 {
		return nil
	}
	slices.Sort(groups)
	groups = slices.Compact(groups)
	out, err := r.EC2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: filter("group-id", groups...)})
	if err != nil {
		return err
	}
	for _, g := range out.SecurityGroups {
		if slices.Contains(groups, aws.ToString(g.GroupId)) && slices.ContainsFunc(g.IpPermissions, letsNFS) {
			return nil
		}
	}
	r.problem(KeyFileSystem, arn, "let the tasks' security groups in there on TCP port 2049",
		"nobody reaches it: the security groups %s of its mount targets let nobody in on port 2049", strings.Join(groups, ", "))
	return nil
}

func letsNFS(p ec2types.IpPermission) bool {
	from, to := aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort)
	return aws.ToString(p.IpProtocol) == "-1" || aws.ToString(p.IpProtocol) == "tcp" && from <= nfs.Port && nfs.Port <= to
}
