package world_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Account: "111122223333"})
		out, err := sts.NewFromConfig(w.Config()).GetCallerIdentity(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if *out.Account != "111122223333" || *out.Arn != "arn:aws:iam::111122223333:user/sandbox" {
			t.Errorf("got %s %s", *out.Account, *out.Arn)
		}
	})
}

func TestUnknownOperationIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		_, err := ec2.NewFromConfig(w.Config()).RunInstances(t.Context(), &ec2.RunInstancesInput{
			MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		})
		sandboxtest.WantCode(t, err, "UnsupportedOperation")
		if !strings.Contains(err.Error(), "EC2 RunInstances") {
			t.Errorf("the error does not name the operation: %v", err)
		}
	})
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Latency: 100 * time.Millisecond})
		c := ec2.NewFromConfig(w.Config())
		start := time.Now()
		sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		if took := time.Since(start); took != 100*time.Millisecond {
			t.Errorf("a call took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
		defer cancel()
		_, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})
		if err == nil {
			t.Fatal("a call outlived its context")
		}
		if got := vpcs(w); got != 2 {
			t.Errorf("%d VPCs: a call that was given up half way must have taken effect", got)
		}
	})
}

func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]bool{}
		for _, seed := range []uint64{1, 1, 2} {
			w := sandboxtest.New(t, world.Options{Seed: seed})
			ids[sandboxtest.MakeVPC(t, ec2.NewFromConfig(w.Config()), "10.0.0.0/16")] = true
		}
		if len(ids) != 2 {
			t.Errorf("ids %v: want one per seed", ids)
		}
	})
}

func TestAnswersShareNothingWithTheWorld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		in := &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: []types.TagSpecification{{
			ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
		}}}
		out, err := c.CreateVpc(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		before := w.Dump()
		*in.TagSpecifications[0].Tags[0].Value = "changed"
		*out.Vpc.Tags[0].Value = "changed"
		out.Vpc.Tags[0].Key = aws.String("changed")
		if after := w.Dump(); after != before {
			t.Errorf("the caller changed the world:\n%s", after)
		}
	})
}

func TestCallsAreRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		_, _ = c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
		_, _ = c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: aws.String("vpc-none")})
		_, _ = c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: &id, CidrBlock: aws.String("10.0.0.0/24"), TagSpecifications: []types.TagSpecification{{
				ResourceType: types.ResourceTypeSubnet, Tags: []types.Tag{{Key: aws.String("a")}},
			}},
		})
		var got []string
		for _, call := range w.Calls() {
			got = append(got, strings.Join(append(call.Actions, call.Resources...), " ")+" "+strconv.FormatBool(call.Mutating)+" "+call.Code)
		}
		want := []string{
			"ec2:CreateVpc arn:aws:ec2:eu-central-1:123456789012:vpc/* true ",
			"ec2:DescribeVpcs false ",
			"ec2:DeleteVpc arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-none true InvalidVpcID.NotFound",
			"ec2:CreateSubnet ec2:CreateTags arn:aws:ec2:eu-central-1:123456789012:subnet/* true ",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("calls:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
