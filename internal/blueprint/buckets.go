package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/engine"
)

// bucketGroup is the security group of the mount targets.
const bucketGroup = "buckets"

// bucketFiles is a file system on a bucket with its mount targets.
type bucketFiles struct {
	system  *engine.Node
	targets []*engine.Node
}

// bucketAddress is what the file system of a bucket and prefix is called.
func bucketAddress(v app.Volume) string {
	return strings.TrimSuffix(v.Bucket+"/"+v.Prefix, "/")
}

// addBuckets adds a file system for each bucket and prefix, which all volumes
// on them share, and an access point for each volume. The bucket is there
// already and is none of the graph.
func (b *builder) addBuckets() {
	var group *engine.Node
	for _, v := range b.app.Volumes {
		if !v.OnBucket() {
			continue
		}
		if group == nil {
			group = b.graph.Add(b.env, bucketGroup, ec2.SecurityGroup{
				VPC: b.net.vpc, Name: engine.Name(b.env, b.facts.Region, "berth-"+bucketGroup, maxName),
				Description: "berth: the file systems of buckets",
				Ingress:     []ec2.Rule{{Protocol: app.AppTCP, From: nfs.Port, To: nfs.Port, Source: b.files.clients.ID()}},
			})
		}
		name := bucketAddress(v)
		if b.files.buckets[name] == nil {
			b.files.buckets[name] = b.addBucket(name, v, group)
		}
		b.files.points[v.Name] = b.graph.Add(b.stack, v.Name, s3files.AccessPoint{
			FileSystem: b.files.buckets[name].system.ID().WhenReady(), UID: v.UID, GID: v.GID,
		}).Label(v.Labels)
	}
}

// addBucket adds a file system with its role, and a mount target in each zone's
// private subnet.
func (b *builder) addBucket(name string, v app.Volume, group *engine.Node) *bucketFiles {
	role := b.graph.Add(b.env, "bucket/"+name, b.bounded(iam.Role{
		Name: engine.Name(b.env, b.facts.Region, "bucket/"+name, maxRoleName), Path: roles.Path(b.app.Environment),
		Service: s3files.Principal, Source: b.arn("s3files", "file-system/*"),
		Inline: map[string]string{"bucket": policy(b.syncStatements(v))},
	}))
	f := &bucketFiles{system: b.graph.Add(b.env, name, s3files.FileSystem{
		Bucket: b.bucketARN(v.Bucket), Prefix: v.Prefix, Role: role.ARN(),
	})}
	for i, subnet := range b.net.private {
		f.targets = append(f.targets, b.graph.Add(b.env, name+"/"+zoneName(i), s3files.MountTarget{
			FileSystem: f.system.ID().WhenReady(), Subnet: subnet, Groups: []engine.Ref{group.ID()},
		}))
	}
	return f
}

func (b *builder) bucketARN(bucket string) string {
	return "arn:" + b.facts.Partition + ":s3:::" + bucket
}

// syncStatements are what S3 Files needs to keep a file system and its bucket
// alike: the objects below the prefix, the keys of the bucket, and the rules by
// which it learns of changes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
func (b *builder) syncStatements(v app.Volume) []statement {
	bucket := b.bucketARN(v.Bucket)
	own := map[string]map[string][]string{"StringEquals": {"aws:ResourceAccount": {b.facts.Account}}}
	keys := allow([]string{bucket}, "s3:ListBucket", "s3:ListBucketVersions")
	objects := allow([]string{bucket + "/" + v.Prefix + "*"},
		"s3:AbortMultipartUpload", "s3:DeleteObject*", "s3:GetObject*", "s3:List*", "s3:PutObject*")
	keys.Condition, objects.Condition = own, own
	rules := allow([]string{b.arn("events", "rule/DO-NOT-DELETE-S3-Files*")},
		"events:DeleteRule", "events:DisableRule", "events:EnableRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets")
	rules.Condition = map[string]map[string][]string{"StringEquals": {"events:ManagedBy": {s3files.Principal}}}
	seen := allow([]string{b.arn("events", "rule/*")},
		"events:DescribeRule", "events:ListRuleNamesByTarget", "events:ListRules", "events:ListTargetsByRule")
	out := []statement{keys, objects, rules, seen}
	if key := b.facts.Given.Buckets[v.Bucket].Key; key != "" {
		encrypted := allow([]string{key}, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
		encrypted.Condition = map[string]map[string][]string{"StringLike": {
			"kms:ViaService": {b.s3Host()}, "kms:EncryptionContext:aws:s3:arn": {bucket, bucket + "/*"},
		}}
		out = append(out, encrypted)
	}
	return out
}

// s3Host is S3 as KMS names it.
func (b *builder) s3Host() string {
	host := "s3." + b.facts.Region + ".amazonaws.com"
	if b.facts.Partition == "aws-cn" {
		host += ".cn"
	}
	return host
}

// bucketStatements let a workload's role mount a volume on a bucket, and read
// its objects: the client in a task reads large files from the bucket itself.
// AWS's policy for that has all keys of the bucket, without a condition.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html
func (b *builder) bucketStatements(v app.Volume, writes bool) []iam.Statement {
	s := iam.Statement{Actions: clientActions("s3files", v, writes)}
	const byPoint = "s3files:AccessPointArn"
	bucket, prefix := v.Bucket, v.Prefix
	switch {
	case v.OnBucket():
		s.Resources = []engine.Ref{b.files.buckets[bucketAddress(v)].system.ARN()}
		s.Equals = map[string]engine.Ref{byPoint: b.files.points[v.Name].ARN()}
	default:
		s.Resources = engine.Lits(v.FileSystem)
		if v.AccessPoint != "" {
			s.Equals = map[string]engine.Ref{byPoint: engine.Lit(v.AccessPoint)}
		}
		found := b.facts.Given.FileSystems[v.FileSystem]
		bucket, prefix = found.Bucket, found.Prefix
	}
	if bucket == "" {
		return []iam.Statement{s}
	}
	out := []iam.Statement{
		s,
		{Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: engine.Lits(b.bucketARN(bucket) + "/" + prefix + "*")},
		{Actions: []string{"s3:ListBucket"}, Resources: engine.Lits(b.bucketARN(bucket))},
	}
	if key := b.facts.Given.Buckets[bucket].Key; key != "" {
		out = append(out, iam.Statement{
			Actions: []string{"kms:Decrypt"}, Resources: engine.Lits(key),
			Equals: map[string]engine.Ref{"kms:ViaService": engine.Lit(b.s3Host())},
		})
	}
	return out
}
