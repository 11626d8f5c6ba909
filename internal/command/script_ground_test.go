package command_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// ground makes what an account may have before berth comes, beside its default
// VPC, and puts the ids into files: ground FILE... fills in VPC, SUBNET_A,
// SUBNET_B, OTHER_VPC, OTHER_SUBNET, ALLOCATION and ADDRESS between @s. There
// are a cluster "team" and a role "tasks" too.
func ground(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: ground FILE...")
	}
	path := ts.MkAbs(".berth/sandbox.json")
	opt := sandbox.Options{Clock: clock.NewFast(time.Now(), 10000), Seed: 1}
	w, err := sandbox.Load(path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		w, err = sandbox.New(opt)
	}
	ts.Check(err)
	ids, err := build(context.Background(), w.Config(), func(d time.Duration) { ts.Check(w.Clock().Sleep(context.Background(), d)) })
	ts.Check(err)
	ts.Check(w.Clock().Sleep(context.Background(), 20*time.Minute))
	ts.Check(w.Save(path))
	for _, file := range args {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.NewReplacer(ids...).Replace(ts.ReadFile(file))), 0o600))
	}
}

// build makes the ground; what it returns is for strings.NewReplacer.
func build(ctx context.Context, cfg aws.Config, wait func(time.Duration)) ([]string, error) {
	net, clusters, roles := ec2.NewFromConfig(cfg), ecs.NewFromConfig(cfg), iam.NewFromConfig(cfg)
	vpcs, err := net.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	if err != nil {
		return nil, err
	}
	subnets, err := net.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: []types.Filter{
		{Name: aws.String("availability-zone"), Values: []string{cfg.Region + "a", cfg.Region + "b"}},
	}})
	if err != nil {
		return nil, err
	}
	other, err := net.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.200.0.0/16")})
	if err != nil {
		return nil, err
	}
	inner, err := net.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: other.Vpc.VpcId, CidrBlock: aws.String("10.200.0.0/24")})
	if err != nil {
		return nil, err
	}
	ip, err := net.AllocateAddress(ctx, &ec2.AllocateAddressInput{})
	if err != nil {
		return nil, err
	}
	if _, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("tasks"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}); err != nil {
		return nil, err
	}
	if _, err := roles.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
		RoleName: aws.String("tasks"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"),
	}); err != nil {
		return nil, err
	}
	if _, err := roles.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ecs.amazonaws.com")}); err != nil {
		return nil, err
	}
	wait(time.Minute) // until ECS knows its role
	if _, err := clusters.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String("team")}); err != nil {
		return nil, err
	}
	return []string{
		"@VPC@", *vpcs.Vpcs[0].VpcId, "@SUBNET_A@", *subnets.Subnets[0].SubnetId, "@SUBNET_B@", *subnets.Subnets[1].SubnetId,
		"@OTHER_VPC@", *other.Vpc.VpcId, "@OTHER_SUBNET@", *inner.Subnet.SubnetId,
		"@ALLOCATION@", *ip.AllocationId, "@ADDRESS@", *ip.PublicIp,
	}, nil
}
