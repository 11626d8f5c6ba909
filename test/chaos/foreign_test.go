package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws"
)

// plant makes objects that are somebody else's, some of them where berth's own
// would be: a role under its path, a log group and a parameter under its names.
// The dice leave some out.
func plant(ctx context.Context, c *aws.Clients, account string, dice *rand.Rand) error {
	seeds := []func(context.Context, *aws.Clients, string) error{
		plantNetwork, plantCluster, plantRole, plantData, plantTexts, plantBucket, plantSpace,
	}
	dice.Shuffle(len(seeds), func(i, k int) { seeds[i], seeds[k] = seeds[k], seeds[i] })
	for _, f := range seeds[:3+dice.IntN(len(seeds)-2)] {
		if err := f(ctx, c, account); err != nil {
			return fmt.Errorf("planting somebody else's objects: %w", err)
		}
	}
	return nil
}

// plantNetwork makes a network with a balancer in it.
func plantNetwork(ctx context.Context, c *aws.Clients, _ string) error {
	vpc, err := c.EC2.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: sdk.String("10.1.0.0/16"), TagSpecifications: []ec2types.TagSpecification{{
		ResourceType: ec2types.ResourceTypeVpc, Tags: []ec2types.Tag{{Key: sdk.String("Name"), Value: sdk.String("ours")}},
	}}})
	if err != nil {
		return err
	}
	id := vpc.Vpc.VpcId
	var subnets []string
	for i, zone := range []string{"a", "b"} {
		out, err := c.EC2.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: id, CidrBlock: sdk.String(fmt.Sprintf("10.1.%d.0/24", i)), AvailabilityZone: sdk.String(region + zone),
		})
		if err != nil {
			return err
		}
		subnets = append(subnets, sdk.ToString(out.Subnet.SubnetId))
	}
	gateway, err := c.EC2.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	if err != nil {
		return err
	}
	_, err = c.EC2.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{VpcId: id, InternetGatewayId: gateway.InternetGateway.InternetGatewayId})
	if err != nil {
		return err
	}
	group, err := c.EC2.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: id, GroupName: sdk.String("ours"), Description: sdk.String("ours")})
	if err != nil {
		return err
	}
	_, err = c.ELB.CreateLoadBalancer(ctx, &elasticloadbalancingv2.CreateLoadBalancerInput{
		Name: sdk.String("ours"), Subnets: subnets, SecurityGroups: []string{sdk.ToString(group.GroupId)},
	})
	if err != nil {
		return err
	}
	_, err = c.EC2.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc})
	return err
}

// plantCluster gives it a tag: moto's index of tags fails inside at a cluster
// without one (resourcegroupstaggingapi/models.py, format_tag_keys of None).
func plantCluster(ctx context.Context, c *aws.Clients, _ string) error {
	_, err := c.ECS.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: sdk.String("ours"), Tags: []ecstypes.Tag{
		{Key: sdk.String("team"), Value: sdk.String("us")},
	}})
	return err
}

func plantRole(ctx context.Context, c *aws.Clients, _ string) error {
	_, err := c.IAM.CreateRole(ctx, &iam.CreateRoleInput{
		Path: sdk.String("/berth/"), RoleName: sdk.String("ours"), AssumeRolePolicyDocument: sdk.String(`{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`),
	})
	return err
}

func plantData(ctx context.Context, c *aws.Clients, _ string) error {
	_, err := c.EFS.CreateFileSystem(ctx, &efs.CreateFileSystemInput{CreationToken: sdk.String("ours")})
	return err
}

func plantTexts(ctx context.Context, c *aws.Clients, _ string) error {
	_, err := c.SSM.PutParameter(ctx, &ssm.PutParameterInput{
		Name: sdk.String("/ours/password"), Value: sdk.String("ours"), Type: ssmtypes.ParameterTypeSecureString,
	})
	if err != nil {
		return err
	}
	_, err = c.Logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: sdk.String("/berth/ours/of/us")})
	return err
}

func plantBucket(ctx context.Context, c *aws.Clients, account string) error {
	_, err := c.S3.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    sdk.String("ours-" + account),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
	})
	return err
}

func plantSpace(ctx context.Context, c *aws.Clients, _ string) error {
	_, err := c.SD.CreateHttpNamespace(ctx, &servicediscovery.CreateHttpNamespaceInput{Name: sdk.String("ours")})
	return err
}
