package sandbox

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// newTestWorld is a world in the bubble's time.
func newTestWorld(t *testing.T, opt Options) *World {
	t.Helper()
	w, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// code is the AWS error code of err; "" for nil.
func code(t *testing.T, err error) string {
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

// wantCode fails unless err has the code.
func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if got := code(t, err); got != want {
		t.Errorf("error code %q (%v), want %q", got, err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask makes a call that must succeed.
func ask[In, Out, Options any](
	t *testing.T, call func(context.Context, *In, ...func(*Options)) (*Out, error), in *In,
) *Out {
	t.Helper()
	out, err := call(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// makeVPC creates a VPC and returns its id.
func makeVPC(t *testing.T, c *ec2.Client, cidr string) string {
	t.Helper()
	out, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Vpc.VpcId
}

func makeSubnet(t *testing.T, c *ec2.Client, vpcID, cidr string) string {
	t.Helper()
	out, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &vpcID, CidrBlock: &cidr})
	must(t, err)
	return *out.Subnet.SubnetId
}

func makeRole(t *testing.T, c *iam.Client, name string) *types.Role {
	t.Helper()
	out, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: &name, Path: aws.String("/berth/shop-dev/"), Description: aws.String("berth env/shop-dev"),
		AssumeRolePolicyDocument: aws.String(trust("ecs-tasks.amazonaws.com")),
		Tags:                     []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
	})
	must(t, err)
	return out.Role
}

func makeBucket(t *testing.T, c *s3.Client, name string) {
	t.Helper()
	if _, err := c.CreateBucket(t.Context(), bucketInput(name)); err != nil {
		t.Fatal(err)
	}
}

func bucketInput(name string) *s3.CreateBucketInput {
	return &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
		LocationConstraint: s3types.BucketLocationConstraintEuCentral1,
	}}
}
