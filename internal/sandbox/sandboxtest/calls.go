package sandboxtest

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// New returns a world in the bubble's time.
func New(t *testing.T, opt world.Options) *sandbox.World {
	t.Helper()
	w, err := sandbox.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Code is the AWS error code of err; "" for nil.
func Code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("not an AWS error: %v", err)
	}
	return api.ErrorCode()
}

// WantCode fails unless err has the code.
func WantCode(t *testing.T, err error, want string) {
	t.Helper()
	if got := Code(t, err); got != want {
		t.Errorf("error code %q (%v), want %q", got, err, want)
	}
}

// Must fails unless err is nil.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Ask makes a call that must succeed.
func Ask[In, Out, Options any](
	t *testing.T, call func(context.Context, *In, ...func(*Options)) (*Out, error), in *In,
) *Out {
	t.Helper()
	out, err := call(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// MakeVPC creates a VPC and returns its id.
func MakeVPC(t *testing.T, c *ec2.Client, cidr string) string {
	t.Helper()
	out, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Vpc.VpcId
}

// MakeSubnet creates a subnet and returns its id.
func MakeSubnet(t *testing.T, c *ec2.Client, vpcID, cidr string) string {
	t.Helper()
	out, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &vpcID, CidrBlock: &cidr})
	Must(t, err)
	return *out.Subnet.SubnetId
}

// MakeRole creates a role that tasks of ECS can assume.
func MakeRole(t *testing.T, c *iam.Client, name string) *types.Role {
	t.Helper()
	out, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: &name, Path: aws.String("/berth/shop-dev/"), Description: aws.String("berth env/shop-dev"),
		AssumeRolePolicyDocument: aws.String(identity.Trust("ecs-tasks.amazonaws.com")),
		Tags:                     []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
	})
	Must(t, err)
	return out.Role
}

// MakeBucket creates a bucket.
func MakeBucket(t *testing.T, c *s3.Client, name string) {
	t.Helper()
	if _, err := c.CreateBucket(t.Context(), BucketInput(name)); err != nil {
		t.Fatal(err)
	}
}

// BucketInput is the input of CreateBucket in the world's region.
func BucketInput(name string) *s3.CreateBucketInput {
	return &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
		LocationConstraint: s3types.BucketLocationConstraintEuCentral1,
	}}
}
