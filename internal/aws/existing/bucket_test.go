package existing_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/aws/existing"
)

// encrypted sets a bucket's default encryption.
func (a *account) encrypted(bucket string, with types.ServerSideEncryptionByDefault) {
	a.Helper()
	_, err := a.S3.PutBucketEncryption(a.Context(), &s3.PutBucketEncryptionInput{
		Bucket: &bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &with}},
		},
	})
	must(a, 0, err)
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	const key = "arn:aws:kms:eu-central-1:123456789012:key/1111"
	for _, tt := range []struct {
		name     string
		ground   func(a *account)
		problems []string
		key      string
	}{
		{"fits", func(a *account) { a.world.Owner().GiveBucket("media") }, nil, ""},
		{"none", func(*account) {}, []string{"there is no such bucket"}, ""},
		{"another account's", func(a *account) { a.world.Owner().TakeBucket("media") }, []string{"it belongs to another account"}, ""},
		{"without versions", func(a *account) {
			a.world.Owner().GiveBucket("media")
			_, err := a.S3.PutBucketVersioning(a.Context(), &s3.PutBucketVersioningInput{
				Bucket: aws.String("media"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
			})
			must(a, 0, err)
		}, []string{"S3 Files needs a bucket with versioning"}, ""},
		{"with a key", func(a *account) {
			a.world.Owner().GiveBucket("media")
			a.encrypted("media", types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(key)})
		}, nil, key},
		{"with AWS's key", func(a *account) {
			a.world.Owner().GiveBucket("media")
			a.encrypted("media", types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms})
		}, nil, "arn:aws:kms:eu-central-1:123456789012:key/*"},
		{"encrypted twice", func(a *account) {
			a.world.Owner().GiveBucket("media")
			a.encrypted("media", types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKmsDsse})
		}, []string{"S3 Files cannot use its encryption aws:kms:dsse"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := open(t)
				tt.ground(a)
				got, err := existing.Read(t.Context(), a.Clients, existing.Names{
					Buckets: []string{"media"}, Region: "eu-central-1", Account: "123456789012", Partition: "aws",
				})
				if err != nil {
					t.Fatal(err)
				}
				says(t, "problems", got.Problems, tt.problems)
				if have := got.Buckets["media"].Key; have != tt.key {
					t.Errorf("key %q, want %q", have, tt.key)
				}
			})
		})
	}
}

// TestAuditBuckets: one that berth cannot see may be there, and is no problem.
func TestAuditBuckets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		ground            func(a *account)
		problems, notices []string
	}{
		{"fits", func(a *account) { a.world.Owner().GiveBucket("audit") }, nil, nil},
		{"none", func(*account) {}, []string{"there is no such bucket"}, nil},
		{"another account's", func(a *account) { a.world.Owner().TakeBucket("audit") }, nil, []string{"it was not checked: the caller lacks s3:ListBucket"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := open(t)
				tt.ground(a)
				got, err := existing.Read(t.Context(), a.Clients, existing.Names{
					AuditBucket: "audit", Region: "eu-central-1", Account: "123456789012", Partition: "aws",
				})
				if err != nil {
					t.Fatal(err)
				}
				says(t, "problems", got.Problems, tt.problems)
				says(t, "notices", got.Notices, tt.notices)
			})
		})
	}
}

// fileSystem makes a file system on the bucket media/in, with a mount target in
// a subnet unless that is empty.
func (a *account) fileSystem(subnet, group string) string {
	a.Helper()
	a.world.Owner().GiveBucket("media")
	role, err := a.IAM.CreateRole(a.Context(), &iam.CreateRoleInput{RoleName: aws.String("sync"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"elasticfilesystem.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	arn := must(a, role, err).Role.Arn
	_, err = a.IAM.AttachRolePolicy(a.Context(), &iam.AttachRolePolicyInput{
		RoleName: aws.String("sync"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
	})
	must(a, 0, err)
	time.Sleep(time.Minute)
	out, err := a.S3Files.CreateFileSystem(a.Context(), &s3files.CreateFileSystemInput{
		Bucket: aws.String("arn:aws:s3:::media"), Prefix: aws.String("in/"), RoleArn: arn,
	})
	id := must(a, out, err).FileSystemId
	time.Sleep(5 * time.Minute)
	if subnet != "" {
		_, err := a.S3Files.CreateMountTarget(a.Context(), &s3files.CreateMountTargetInput{
			FileSystemId: id, SubnetId: &subnet, SecurityGroups: []string{group},
		})
		must(a, 0, err)
		time.Sleep(5 * time.Minute)
	}
	return *out.FileSystemArn
}

func TestFileSystems(t *testing.T) {
	t.Parallel()
	open2049 := func(a *account) {
		_, err := a.EC2.AuthorizeSecurityGroupIngress(a.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &a.group, IpPermissions: []ec2types.IpPermission{{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(2049), ToPort: aws.Int32(2049),
				IpRanges: []ec2types.IpRange{{CidrIp: aws.String("172.31.0.0/16")}},
			}},
		})
		must(a, 0, err)
	}
	for _, tt := range []struct {
		name     string
		ground   func(a *account, n *existing.Names) string
		problems []string
	}{
		{"fits", func(a *account, n *existing.Names) string {
			open2049(a)
			n.Public = a.public[:1]
			return a.fileSystem(a.public[0], a.group)
		}, nil},
		{"none", func(*account, *existing.Names) string {
			return "arn:aws:s3files:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"
		}, []string{"there is no such file system"}},
		{"elsewhere", func(*account, *existing.Names) string {
			return "arn:aws:s3files:us-east-1:123456789012:file-system/fs-0123456789abcdef0"
		}, []string{"it is in us-east-1, not in eu-central-1"}},
		{"without mount targets", func(a *account, _ *existing.Names) string { return a.fileSystem("", "") }, []string{"it has no mount target"}},
		{"a zone without one, and closed", func(a *account, _ *existing.Names) string { return a.fileSystem(a.public[0], a.group) },
			[]string{"it has no mount target in eu-central-1", "allow no traffic to port 2049"}},
		{"in another VPC", func(a *account, n *existing.Names) string {
			n.VPC, n.Public, n.Listed = "", nil, listed(existing.Listed{VPC: "vpc-own"})
			return a.fileSystem(a.public[0], a.group)
		}, []string{"but without network.vpc berth makes a new VPC"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := open(t)
				n := a.names(func(*existing.Names) {})
				arn := tt.ground(a, &n)
				n.FileSystems = []string{arn}
				got, err := existing.Read(t.Context(), a.Clients, n)
				if err != nil {
					t.Fatal(err)
				}
				says(t, "problems", got.Problems, tt.problems)
				if f := got.FileSystems[arn]; tt.problems == nil && (f.Bucket != "media" || f.Prefix != "in/") {
					t.Errorf("it is on %+v, want media/in/", f)
				}
			})
		})
	}
}
