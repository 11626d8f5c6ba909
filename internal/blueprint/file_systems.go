package blueprint

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/engine"
)

// fileSystem is a file system with its mount targets, one for each zone.
type fileSystem struct {
	node    *engine.Node
	targets []*engine.Node
}

// fileSystems are the environment's file systems as stacks see them.
type fileSystems struct {
	// clients is the security group of tasks that mount them.
	clients *engine.Node
	// efs is the file system on EFS; nil without a volume on it.
	efs *fileSystem
	// buckets are the file systems on buckets.
	buckets map[Bucket]*fileSystem
}

// of is the file system that a volume is on; nil for an existing one.
func (f *fileSystems) of(v app.Volume) *fileSystem {
	switch {
	case v.Existing():
		return nil
	case v.OnBucket():
		return f.buckets[bucketOf(v)]
	}
	return f.efs
}

// fileSystems is the stage of the file systems: one on EFS and one for each bucket,
// if volumes need them. It returns nil if no volume does.
func (e environment) fileSystems(net network) (*fileSystems, error) {
	if !e.spec.Files && len(e.spec.Buckets) == 0 {
		return nil, nil
	}
	if len(net.private) == 0 {
		return nil, fmt.Errorf("volumes need private subnets, but the file names none for %s", net.identity)
	}
	// The tasks of every stack join this group of the environment, so that the
	// environment's groups do not refer to those of stacks.
	clients := e.add("files", ec2.SecurityGroup{
		VPC: net.vpc, Name: e.name("berth-files", maxName),
		Description: "berth: tasks that mount volumes",
	})
	out := &fileSystems{clients: clients, buckets: map[Bucket]*fileSystem{}}
	if e.spec.Files {
		out.efs = e.addEFS(net, clients)
	}
	if len(e.spec.Buckets) == 0 {
		return out, nil
	}
	group := e.addMountGroup(net, clients, bucketGroup, "the file systems of buckets")
	for _, b := range e.spec.Buckets {
		out.buckets[b] = e.addBucket(net, b, group)
	}
	return out, nil
}

// bucketGroup is the security group of the mount targets of buckets.
const bucketGroup = "buckets"

// maxMaker is what the engine's part leaves of a creation token's 64 characters.
const maxMaker = 31

// addMountGroup adds a security group for mount targets that lets the clients in.
func (e environment) addMountGroup(net network, clients *engine.Node, name, what string) *engine.Node {
	return e.add(name, ec2.SecurityGroup{
		VPC: net.vpc, Name: e.name("berth-"+name, maxName), Description: "berth: " + what,
		Ingress: []ec2.Rule{{Protocol: app.AppTCP, From: nfs.Port, To: nfs.Port, Source: clients.ID()}},
	})
}

// addEFS adds the environment's file system on EFS with a mount target in each
// zone's private subnet.
func (e environment) addEFS(net network, clients *engine.Node) *fileSystem {
	group := e.addMountGroup(net, clients, "file-system", "the file system of the volumes")
	out := &fileSystem{node: e.add("main", efs.FileSystem{
		Maker: e.name("main", maxMaker), Backup: e.spec.Backup, Guarded: true,
	})}
	for i, subnet := range net.private {
		out.targets = append(out.targets, e.add(zoneName(i), efs.MountTarget{
			FileSystem: out.node.ID().WhenReady(), Subnet: subnet, Groups: []engine.Ref{group.ID()},
		}))
	}
	return out
}

// zoneName is the name of the i-th zone. An existing VPC may have more subnets than
// berth ever makes.
func zoneName(i int) string {
	if names := zoneNames(); i < len(names) {
		return names[i]
	}
	return strconv.Itoa(i + 1)
}

// bucketOf is the bucket, with its prefix, that a volume is on.
func bucketOf(v app.Volume) Bucket { return Bucket{Bucket: v.Bucket, Prefix: v.Prefix} }

// address is the name of the bucket's file system in the graph.
func (b Bucket) address() string { return strings.TrimSuffix(b.Bucket+"/"+b.Prefix, "/") }

// addBucket adds the file system of a bucket, which all volumes on the bucket share,
// with its role and a mount target in each zone's private subnet. The bucket exists
// already and is not in the graph.
func (e environment) addBucket(net network, b Bucket, group *engine.Node) *fileSystem {
	name := b.address()
	role := e.addRole("bucket/"+name, iam.Role{
		Name: e.name("bucket/"+name, maxRoleName), Path: roles.Path(e.spec.Name),
		Service: s3files.Principal, Source: e.arn("s3files", "file-system/*"),
		Inline: map[string]string{"bucket": policy(e.syncStatements(b))},
	})
	out := &fileSystem{node: e.add(name, s3files.FileSystem{
		Bucket: e.bucketARN(b.Bucket), Prefix: b.Prefix, Role: role.ARN(),
	})}
	for i, subnet := range net.private {
		out.targets = append(out.targets, e.add(name+"/"+zoneName(i), s3files.MountTarget{
			FileSystem: out.node.ID().WhenReady(), Subnet: subnet, Groups: []engine.Ref{group.ID()},
		}))
	}
	return out
}

// syncStatements are the permissions that S3 Files needs to synchronize a file
// system and its bucket: on the objects below the prefix, the keys of the bucket,
// and the rules that report changes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
func (e environment) syncStatements(b Bucket) []statement {
	bucket := e.bucketARN(b.Bucket)
	own := map[string]map[string][]string{"StringEquals": {"aws:ResourceAccount": {e.facts.Account}}}
	keys := allow([]string{bucket}, "s3:ListBucket", "s3:ListBucketVersions")
	objects := allow([]string{bucket + "/" + b.Prefix + "*"},
		"s3:AbortMultipartUpload", "s3:DeleteObject*", "s3:GetObject*", "s3:List*", "s3:PutObject*")
	keys.Condition, objects.Condition = own, own
	rules := allow([]string{e.arn("events", "rule/DO-NOT-DELETE-S3-Files*")},
		"events:DeleteRule", "events:DisableRule", "events:EnableRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets")
	rules.Condition = map[string]map[string][]string{"StringEquals": {"events:ManagedBy": {s3files.Principal}}}
	seen := allow([]string{e.arn("events", "rule/*")},
		"events:DescribeRule", "events:ListRuleNamesByTarget", "events:ListRules", "events:ListTargetsByRule")
	out := []statement{keys, objects, rules, seen}
	if key := e.facts.Existing.Buckets[b.Bucket].Key; key != "" {
		encrypted := allow([]string{key}, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
		encrypted.Condition = map[string]map[string][]string{"StringLike": {
			"kms:ViaService": {e.s3Host()}, "kms:EncryptionContext:aws:s3:arn": {bucket, bucket + "/*"},
		}}
		out = append(out, encrypted)
	}
	return out
}
