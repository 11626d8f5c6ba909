package storage_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// bucketMount is what a task that mounts a bucket stands on; a test takes a part
// of it away.
type bucketMount struct {
	// target says that its zone has a mount target, open that the port is.
	target, open bool
	// right is what the task's role may do, point the id of another access point.
	right, point string
}

// TestTasksMountBuckets: a task starts if it can mount its bucket, and says
// which part is missing if it cannot.
func TestTasksMountBuckets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mount bucketMount
		says  string
	}{
		"all there":              {bucketMount{target: true, open: true, right: "s3files:ClientMount"}, ""},
		"no mount target":        {bucketMount{open: true, right: "s3files:ClientMount"}, "Failed to resolve"},
		"a closed port":          {bucketMount{target: true, right: "s3files:ClientMount"}, "Connection timed out"},
		"no right":               {bucketMount{target: true, open: true, right: "s3files:ClientWrite"}, "s3files:ClientMount is not allowed"},
		"a strange access point": {bucketMount{target: true, open: true, right: "s3files:ClientMount", point: "fsap-0"}, "there is no access point"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				task := runOnBucket(sandboxtest.NewStack(t, world.Options{}), c.mount)
				started := task.StopCode != types.TaskStopCodeTaskFailedToStart
				if reason := aws.ToString(task.StoppedReason); started != (c.says == "") || !strings.Contains(reason, c.says) {
					t.Errorf("task %s: %s; want %q", task.StopCode, reason, c.says)
				}
			})
		})
	}
}

// runOnBucket runs a task that mounts a bucket.
func runOnBucket(s *sandboxtest.Stack, m bucketMount) types.Task {
	t, api := s.T, s3files.NewFromConfig(s.W.Config())
	s.W.Owner().GiveBucket("media")
	sync := syncRole(t, s.W, "sync", `"s3:*","events:*"`)
	role := *sandboxtest.Ask(t, s.IAM.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("task"), AssumeRolePolicyDocument: aws.String(identity.Trust("ecs-tasks.amazonaws.com"))}).Role.Arn
	sandboxtest.Ask(t, s.IAM.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: aws.String("task"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Statement":[{"Effect":"Allow","Action":["` + m.right + `"],"Resource":["*"]}]}`)})
	time.Sleep(time.Minute)
	made := sandboxtest.Ask(t, api.CreateFileSystem, &s3files.CreateFileSystemInput{Bucket: aws.String("arn:aws:s3:::media"), RoleArn: &sync})
	time.Sleep(5 * time.Minute)
	files := s.SecurityGroup("files")
	if m.open {
		sandboxtest.Ask(t, s.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &files, IpPermissions: []ec2types.IpPermission{{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(2049), ToPort: aws.Int32(2049),
				UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.ServiceGroup}},
			}},
		})
	}
	s.Subnets = s.Subnets[:1]
	if m.target {
		sandboxtest.Ask(t, api.CreateMountTarget, &s3files.CreateMountTargetInput{
			FileSystemId: made.FileSystemId, SubnetId: &s.Subnets[0], SecurityGroups: []string{files},
		})
	}
	point := sandboxtest.Ask(t, api.CreateAccessPoint, &s3files.CreateAccessPointInput{FileSystemId: made.FileSystemId}).AccessPointArn
	if m.point != "" {
		point = aws.String(*made.FileSystemArn + "/access-point/" + m.point)
	}
	time.Sleep(10 * time.Minute)
	return s.Run(*sandboxtest.Ask(t, s.ECS.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("files"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate}, ExecutionRoleArn: &s.Role, TaskRoleArn: &role,
		ContainerDefinitions: []types.ContainerDefinition{{
			Name: aws.String("app"), Image: aws.String("app"),
			MountPoints: []types.MountPoint{{SourceVolume: aws.String("media"), ContainerPath: aws.String("/media")}},
		}},
		Volumes: []types.Volume{{Name: aws.String("media"), S3filesVolumeConfiguration: &types.S3FilesVolumeConfiguration{
			FileSystemArn: made.FileSystemArn, AccessPointArn: point,
		}}},
	}).TaskDefinition.TaskDefinitionArn)
}
