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

// FileSystem is an existing file system of S3 Files.
type FileSystem struct {
	// Bucket is its bucket's name, Prefix the prefix that it is limited to.
	Bucket, Prefix string
}

// fileSystem checks that a file system of S3 Files can be mounted: that it
// exists and is available, and has mount targets in the VPC that allow port
// 2049.
func (r *reader) fileSystem(ctx context.Context, arn string) error {
	if where := strings.Split(arn, ":"); where[3] != r.names.Region {
		r.problem(KeyFileSystem, arn, "use a file system in this region, or deploy to that one", "it is in %s, not in %s", where[3], r.names.Region)
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
		r.problem(KeyFileSystem, arn, "wait until it is available, or use another one", "it is in state %s %s", out.Status, aws.ToString(out.StatusMessage))
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
		r.problem(KeyFileSystem, arn, "create one in each zone where tasks run: aws s3files create-mount-target", "it has no mount target, so no task can reach it")
		return nil
	}
	listed, err := r.listed(ctx)
	if err != nil {
		return err
	}
	vpc := aws.ToString(targets[0].VpcId)
	switch own := listed.VPC; {
	case r.names.VPC != "" && vpc != r.names.VPC:
		r.problem(KeyFileSystem, arn, "use a file system with mount targets in that VPC", "its mount targets are in %s, and network.vpc is %s", vpc, r.names.VPC)
		return nil
	case r.names.VPC == "" && vpc != own:
		r.problem(KeyFileSystem, arn, "set network.vpc: "+vpc+" with its subnets", "its mount targets are in %s, but without network.vpc berth makes a new VPC", vpc)
		return nil
	}
	if err := r.targetZones(ctx, arn, targets); err != nil {
		return err
	}
	return r.targetGroups(ctx, arn, targets)
}

// targetZones adds a problem for each zone where tasks run and cannot mount.
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
			r.problem(KeyFileSystem, arn, "create one there with aws s3files create-mount-target, or remove the subnet",
				"it has no mount target in %s, where tasks run because of %s %s", zone, key, id)
		}
	}
	return nil
}

// targetGroups checks that the security groups allow port 2049 from anywhere;
// from where is up to their owner.
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
	r.problem(KeyFileSystem, arn, "allow TCP port 2049 there from the tasks' security groups",
		"no task can reach it: the security groups %s of its mount targets allow no traffic to port 2049", strings.Join(groups, ", "))
	return nil
}

func letsNFS(p ec2types.IpPermission) bool {
	from, to := aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort)
	return aws.ToString(p.IpProtocol) == "-1" || aws.ToString(p.IpProtocol) == "tcp" && from <= nfs.Port && nfs.Port <= to
}
