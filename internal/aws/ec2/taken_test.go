package ec2_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// TestTaken: berth never touches somebody else's object that has the name or a
// part of the range; --adopt takes a group over, with its rules.
func TestTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		d, ctx := newDriver(t, w.Config(), w.Clock()), t.Context()
		vpc := foreign(t, d)

		subnet := engine.Desired[ec2.Subnet]{
			Address: engine.Address{Owner: env, Type: "ec2.subnet", Name: "public-a"},
			Want:    ec2.Subnet{VPC: engine.Lit(vpc), CIDR: "10.1.0.0/20", Zone: w.Region() + "a"},
		}
		_, err = ec2.Subnets{API: d.api}.Create(ctx, subnet)
		mustBeTaken(t, err)

		group := engine.Desired[ec2.SecurityGroup]{
			Address: engine.Address{Owner: stack, Type: "ec2.security-group", Name: "web"},
			Want: ec2.SecurityGroup{VPC: engine.Lit(vpc), Name: "web", Description: "x", Ingress: []ec2.Rule{
				{Protocol: "tcp", From: 80, To: 80, CIDR: "0.0.0.0/0"},
			}},
			Tags: map[string]string{
				engine.TagOwner: stack.String(), engine.TagAddress: "ec2.security-group/web", engine.TagLastApplied: "asked",
			},
		}
		groups := ec2.SecurityGroups{API: d.api}
		_, err = groups.Create(ctx, group)
		mustBeTaken(t, err)
		if objects, err := groups.List(ctx, engine.Query{Owners: []engine.Owner{stack}}); err != nil || len(objects) != 0 {
			t.Errorf("listed %v, %v", objects, err)
		}
		group.Adopt = true
		made, err := groups.Create(ctx, group)
		if err != nil {
			t.Fatal(err)
		}
		objects, err := groups.List(ctx, engine.Query{Owners: []engine.Owner{stack}})
		if err != nil || len(objects) != 1 || objects[0].ID != made.ID || objects[0].Attrs["ingress"] != made.Attrs["ingress"] {
			t.Errorf("adopted %v, listed %v, %v", made, objects, err)
		}
	})
}

// foreign makes a VPC with a subnet and a group that berth does not own.
func foreign(t *testing.T, d *driver) string {
	t.Helper()
	ctx := t.Context()
	vpc, err := d.api.CreateVpc(ctx, &sdk.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.api.CreateSubnet(ctx, &sdk.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.1.8.0/24")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.api.CreateSecurityGroup(ctx, &sdk.CreateSecurityGroupInput{
		VpcId: vpc.Vpc.VpcId, GroupName: aws.String("web"), Description: aws.String("x"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(vpc.Vpc.VpcId)
}

func mustBeTaken(t *testing.T, err error) {
	t.Helper()
	var taken *engine.TakenError
	if !errors.As(err, &taken) || taken.ID == "" {
		t.Errorf("got %v, want a *TakenError", err)
	}
}
