package world_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, document string
		// denied is the action that is missing; empty when all is allowed.
		denied string
	}{
		{"none allows all", ``, ""},
		{"a star", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, ""},
		{"a wildcard", `{"Statement":[{"Effect":"Allow","Action":["EC2:Create*"],"Resource":"*"}]}`, ""},
		{"the type of object", `{"Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:vpc/*"}]}`, ""},
		{"empty", `{"Statement":[]}`, "ec2:CreateVpc"},
		{"tags too", `{"Statement":[{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*"}]}`, "ec2:CreateTags"},
		{"deny wins", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ec2:CreateV*","Resource":"*"}]}`, "ec2:CreateVpc"},
		{"another type", `{"Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:subnet/*"}]}`, "ec2:CreateVpc"},
		{"all but", `{"Statement":[{"Effect":"Allow","NotAction":"ec2:CreateTags","Resource":"*"}]}`, "ec2:CreateTags"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				opt := world.Options{}
				if tt.document != "" {
					opt.Policy = []byte(tt.document)
				}
				w := sandboxtest.New(t, opt)
				_, err := ec2.NewFromConfig(w.Config()).CreateVpc(t.Context(), &ec2.CreateVpcInput{
					CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: []types.TagSpecification{{
						ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: aws.String("a")}},
					}},
				})
				if tt.denied == "" {
					sandboxtest.WantCode(t, err, "")
					return
				}
				sandboxtest.WantCode(t, err, "UnauthorizedOperation")
				want := "is not authorized to perform: " + tt.denied + " on resource: arn:aws:ec2:eu-central-1:123456789012:vpc/*"
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v\nwant %s", err, want)
				}
			})
		})
	}
}

func TestPolicyKnowsObjects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Policy: []byte(`{"Statement":[
			{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::mine","arn:aws:s3:::mine/locks/*"]}]}`)})
		c := s3.NewFromConfig(w.Config())
		sandboxtest.MakeBucket(t, c, "mine")
		put := func(key string) error {
			_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("mine"), Key: &key})
			return err
		}
		sandboxtest.WantCode(t, put("locks/a"), "")
		sandboxtest.WantCode(t, put("other/a"), "AccessDenied")
	})
}

// TestPolicyConditions limits deletions to marked objects, and a linked role and
// a passed one to their services.
func TestPolicyConditions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Policy: []byte(`{"Statement":[
			{"Effect":"Allow","Action":["ec2:Create*","iam:CreateRole"],"Resource":"*"},
			{"Effect":"Allow","Action":"ec2:DeleteVpc","Resource":"*","Condition":{"Null":{"aws:ResourceTag/berth:owner":"false"}}},
			{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*",
				"Condition":{"StringEquals":{"iam:AWSServiceName":["ecs.amazonaws.com"]}}}]}`)})
		c := ec2.NewFromConfig(w.Config())
		for key, code := range map[string]string{"berth:owner": "", "Name": "UnauthorizedOperation"} {
			made, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{
				CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: []types.TagSpecification{{
					ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: &key, Value: aws.String("x")}},
				}},
			})
			sandboxtest.WantCode(t, err, "")
			_, err = c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId})
			sandboxtest.WantCode(t, err, code)
		}
		for service, code := range map[string]string{"ecs.amazonaws.com": "", "rds.amazonaws.com": "AccessDenied"} {
			_, err := iam.NewFromConfig(w.Config()).CreateServiceLinkedRole(t.Context(), &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service})
			sandboxtest.WantCode(t, err, code)
		}
	})
}

// TestABucketNeedsOwnershipControls: a CreateBucket call that sets the owner of
// objects needs more than s3:CreateBucket.
func TestABucketNeedsOwnershipControls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Policy: []byte(`{"Statement":{"Effect":"Allow","Action":"s3:CreateBucket","Resource":"*"}}`)})
		_, err := s3.NewFromConfig(w.Config()).CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String("mine"), ObjectOwnership: s3types.ObjectOwnershipBucketOwnerEnforced,
		})
		sandboxtest.WantCode(t, err, "AccessDenied")
	})
}

func TestBadPolicy(t *testing.T) {
	t.Parallel()
	if _, err := sandbox.New(world.Options{Policy: []byte("{")}); err == nil {
		t.Error("a policy that is no JSON was accepted")
	}
}
