package ecs_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
)

// ground is what tasks need to run: a public subnet, a group, a role.
type ground struct{ region, subnet, group, role string }

func newGround(t *testing.T, cfg aws.Config) ground {
	t.Helper()
	ctx, api, roles := t.Context(), ec2.NewFromConfig(cfg), iam.NewFromConfig(cfg)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	_, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("tasks"), AssumeRolePolicyDocument: &trust})
	if !gate.IsExists(err) { // moto remembers an earlier test
		must(err)
	}
	_, err = roles.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ecs.amazonaws.com")})
	if !gate.IsExists(err) && gate.Code(err) != "InvalidInput" {
		must(err)
	}
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")})
	must(err)
	gate, err := api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	must(err)
	typetest.Settle(t, cfg, clock.Wall{})
	for _, in := range []*ec2.ModifyVpcAttributeInput{
		{EnableDnsSupport: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
		{EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
	} {
		in.VpcId = vpc.Vpc.VpcId
		_, err := api.ModifyVpcAttribute(ctx, in)
		must(err)
	}
	_, err = api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: gate.InternetGateway.InternetGatewayId, VpcId: vpc.Vpc.VpcId,
	})
	must(err)
	subnet, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{
		VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.0.0/24"), AvailabilityZone: aws.String(cfg.Region + "a"),
	})
	must(err)
	group, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: vpc.Vpc.VpcId, GroupName: aws.String("tasks"), Description: aws.String("tasks"),
	})
	must(err)
	tables, err := api.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
		Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{*vpc.Vpc.VpcId}}},
	})
	must(err)
	_, err = api.CreateRoute(ctx, &ec2.CreateRouteInput{
		RouteTableId: tables.RouteTables[0].RouteTableId, DestinationCidrBlock: aws.String("0.0.0.0/0"),
		GatewayId: gate.InternetGateway.InternetGatewayId,
	})
	must(err)
	typetest.Settle(t, cfg, clock.Wall{})
	return ground{cfg.Region, *subnet.Subnet.SubnetId, *group.GroupId, "arn:aws:iam::123456789012:role/tasks"}
}
