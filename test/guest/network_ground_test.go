package guest

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// ground is what an account has before berth is used: a VPC with public and
// private subnets in two zones, a security group, a load balancer that listens
// on port 80, a cluster, and an Elastic IP that nothing uses.
type ground struct {
	vpc, gateway                 string
	public, private              []string
	group, balancer, cluster, ip string
}

// ids returns the ids of all of it.
func (g ground) ids() []string {
	return append(append([]string{g.vpc, g.gateway, g.group, g.balancer, g.cluster, g.ip}, g.public...), g.private...)
}

// fill inserts the ids into a Compose text: {vpc}, {public}, {private},
// {group}, {balancer}, {cluster} and {ip}.
func (g ground) fill(text string) string {
	return strings.NewReplacer(
		"{vpc}", g.vpc, "{public}", strings.Join(g.public, ", "), "{private}", strings.Join(g.private, ", "),
		"{group}", g.group, "{balancer}", g.balancer, "{cluster}", g.cluster, "{ip}", g.ip,
	).Replace(text)
}

// network makes a ground. Everything has settled when it returns.
func (h host) network() ground {
	h.Helper()
	var g ground
	vpc, err := h.ec2.CreateVpc(h.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.200.0.0/16")})
	g.vpc = *check(h, vpc, err).Vpc.VpcId
	names, err := h.ec2.ModifyVpcAttribute(h.Context(), &ec2.ModifyVpcAttributeInput{
		VpcId: &g.vpc, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	check(h, names, err)
	gateway, err := h.ec2.CreateInternetGateway(h.Context(), &ec2.CreateInternetGatewayInput{})
	g.gateway = *check(h, gateway, err).InternetGateway.InternetGatewayId
	attached, err := h.ec2.AttachInternetGateway(h.Context(), &ec2.AttachInternetGatewayInput{VpcId: &g.vpc, InternetGatewayId: &g.gateway})
	check(h, attached, err)
	out := h.table(g.vpc)
	h.route(out, &ec2.CreateRouteInput{GatewayId: &g.gateway})
	for i := range 2 {
		g.public = append(g.public, h.subnet(g.vpc, i, string(rune('a'+i)), out))
	}
	nat := h.nat(g.public[0])
	in := h.table(g.vpc)
	h.route(in, &ec2.CreateRouteInput{NatGatewayId: &nat})
	for i := range 2 {
		g.private = append(g.private, h.subnet(g.vpc, 8+i, string(rune('a'+i)), in))
	}
	g.ip = h.address()
	g.group = h.group(g.vpc)
	g.balancer = h.balancer(g)
	cluster, err := h.ecs.CreateCluster(h.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("team")})
	g.cluster = *check(h, cluster, err).Cluster.ClusterArn
	time.Sleep(10 * time.Minute)
	return g
}

func (h host) table(vpc string) string {
	h.Helper()
	out, err := h.ec2.CreateRouteTable(h.Context(), &ec2.CreateRouteTableInput{VpcId: &vpc})
	return *check(h, out, err).RouteTable.RouteTableId
}

func (h host) route(table string, in *ec2.CreateRouteInput) {
	h.Helper()
	in.RouteTableId, in.DestinationCidrBlock = &table, aws.String("0.0.0.0/0")
	out, err := h.ec2.CreateRoute(h.Context(), in)
	check(h, out, err)
}

func (h host) subnet(vpc string, number int, zone, table string) string {
	h.Helper()
	out, err := h.ec2.CreateSubnet(h.Context(), &ec2.CreateSubnetInput{
		VpcId: &vpc, CidrBlock: aws.String(fmt.Sprintf("10.200.%d.0/24", number)), AvailabilityZone: aws.String("eu-central-1" + zone),
	})
	id := *check(h, out, err).Subnet.SubnetId
	link, err := h.ec2.AssociateRouteTable(h.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &table, SubnetId: &id})
	check(h, link, err)
	return id
}

func (h host) address() string {
	h.Helper()
	out, err := h.ec2.AllocateAddress(h.Context(), &ec2.AllocateAddressInput{})
	return *check(h, out, err).AllocationId
}

// nat makes a NAT gateway and waits until it works.
func (h host) nat(subnet string) string {
	h.Helper()
	ip := h.address()
	out, err := h.ec2.CreateNatGateway(h.Context(), &ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &ip})
	id := *check(h, out, err).NatGateway.NatGatewayId
	time.Sleep(10 * time.Minute)
	return id
}

func (h host) group(vpc string) string {
	h.Helper()
	out, err := h.ec2.CreateSecurityGroup(h.Context(), &ec2.CreateSecurityGroupInput{
		VpcId: &vpc, GroupName: aws.String("web"), Description: aws.String("the team's"),
	})
	id := *check(h, out, err).GroupId
	open, err := h.ec2.AuthorizeSecurityGroupIngress(h.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &id, IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
		}},
	})
	check(h, open, err)
	return id
}

// balancer makes an application load balancer with a listener on 80.
func (h host) balancer(g ground) string {
	h.Helper()
	out, err := h.elb.CreateLoadBalancer(h.Context(), &elb.CreateLoadBalancerInput{
		Name: aws.String("team"), Subnets: g.public, SecurityGroups: []string{g.group},
	})
	arn := *check(h, out, err).LoadBalancers[0].LoadBalancerArn
	listener, err := h.elb.CreateListener(h.Context(), &elb.CreateListenerInput{
		LoadBalancerArn: &arn, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{
			Type: elbtypes.ActionTypeEnumFixedResponse, FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("503")},
		}},
	})
	check(h, listener, err)
	return arn
}
