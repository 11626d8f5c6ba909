package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func makeTable(t *testing.T, n network, token string) string {
	t.Helper()
	out, err := n.c.CreateRouteTable(t.Context(), &ec2.CreateRouteTableInput{VpcId: &n.vpc, ClientToken: &token})
	must(t, err)
	return *out.RouteTable.RouteTableId
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		table := makeTable(t, n, "one")
		if again := makeTable(t, n, "one"); again != table {
			t.Error("the same token made another table")
		}
		route := &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &n.igw}
		for range 2 {
			_, err := n.c.CreateRoute(t.Context(), route)
			must(t, err)
		}
		nat, err := n.c.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{SubnetId: &n.public, AllocationId: &n.address})
		must(t, err)
		id := nat.NatGateway.NatGatewayId
		_, err = n.c.CreateRoute(t.Context(), &ec2.CreateRouteInput{
			RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: id,
		})
		wantCode(t, err, "RouteAlreadyExists")
		_, err = n.c.ReplaceRoute(t.Context(), &ec2.ReplaceRouteInput{
			RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: id,
		})
		must(t, err)
		_, err = n.c.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: id})
		must(t, err)
		time.Sleep(NATDeleted.In(Typical))
		out, err := n.c.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
		must(t, err)
		if r := out.RouteTables[0].Routes[1]; r.State != types.RouteStateBlackhole {
			t.Errorf("a route to a deleted gateway is %s", r.State)
		}
		_, err = n.c.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("10.0.0.0/16")})
		wantCode(t, err, "InvalidParameterValue")
		_, err = n.c.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		wantCode(t, err, "")
		_, err = n.c.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		wantCode(t, err, "InvalidRoute.NotFound")
	})
}

func TestAssociations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		one, two := makeTable(t, n, "one"), makeTable(t, n, "two")
		a, err := n.c.AssociateRouteTable(t.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &one, SubnetId: &n.public})
		must(t, err)
		_, err = n.c.AssociateRouteTable(t.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &two, SubnetId: &n.public})
		wantCode(t, err, "Resource.AlreadyAssociated")
		_, err = n.c.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &one})
		wantCode(t, err, "DependencyViolation")
		_, err = n.c.ReplaceRouteTableAssociation(t.Context(), &ec2.ReplaceRouteTableAssociationInput{AssociationId: a.AssociationId, RouteTableId: &two})
		must(t, err)
		_, err = n.c.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &one})
		wantCode(t, err, "")
		// On AWS an association goes with its subnet.
		_, err = n.c.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &n.public})
		wantCode(t, err, "")
		_, err = n.c.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &two})
		wantCode(t, err, "")
	})
}

func TestGatewayEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		table := makeTable(t, n, "one")
		create := func(service string) (*ec2.CreateVpcEndpointOutput, error) {
			return n.c.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{
				VpcId: &n.vpc, ServiceName: &service, RouteTableIds: []string{table},
			})
		}
		_, err := create("com.amazonaws.eu-central-1.nothing")
		wantCode(t, err, "InvalidServiceName")
		e, err := create("com.amazonaws.eu-central-1.s3")
		must(t, err)
		_, err = create("com.amazonaws.eu-central-1.s3")
		wantCode(t, err, "RouteAlreadyExists")
		out, err := n.c.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
		must(t, err)
		if r := out.RouteTables[0].Routes; len(r) != 2 || *r[1].GatewayId != *e.VpcEndpoint.VpcEndpointId {
			t.Errorf("routes %v", r)
		}
		del := &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*e.VpcEndpoint.VpcEndpointId}}
		_, err = n.c.DeleteVpcEndpoints(t.Context(), del)
		must(t, err)
		time.Sleep(VPCEndpointDeleted.In(Typical))
		gone, err := n.c.DeleteVpcEndpoints(t.Context(), del)
		must(t, err)
		if len(gone.Unsuccessful) != 1 {
			t.Errorf("deleting what is gone: %v", gone.Unsuccessful)
		}
	})
}

func TestSecurityGroupRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		group := func(name string) *string {
			out, err := n.c.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
				VpcId: &n.vpc, GroupName: &name, Description: aws.String("d"),
			})
			must(t, err)
			return out.GroupId
		}
		web, db := group("web"), group("db")
		_, err := n.c.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: &n.vpc, GroupName: aws.String("web"), Description: aws.String("d"),
		})
		wantCode(t, err, "InvalidGroup.Duplicate")
		perm := []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5432),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: web}}, IpRanges: []types.IpRange{{CidrIp: aws.String("10.0.0.0/16")}},
		}}
		allow := &ec2.AuthorizeSecurityGroupIngressInput{GroupId: db, IpPermissions: perm}
		_, err = n.c.AuthorizeSecurityGroupIngress(t.Context(), allow)
		must(t, err)
		_, err = n.c.AuthorizeSecurityGroupIngress(t.Context(), allow)
		wantCode(t, err, "InvalidPermission.Duplicate")
		out, err := n.c.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*db}})
		must(t, err)
		if p := out.SecurityGroups[0].IpPermissions; len(p) != 1 || len(p[0].IpRanges) != 1 || len(p[0].UserIdGroupPairs) != 1 {
			t.Errorf("permissions %v", p)
		}
		_, err = n.c.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: web})
		wantCode(t, err, "DependencyViolation")
		deny := &ec2.RevokeSecurityGroupIngressInput{GroupId: db, IpPermissions: perm}
		_, err = n.c.RevokeSecurityGroupIngress(t.Context(), deny)
		must(t, err)
		_, err = n.c.RevokeSecurityGroupIngress(t.Context(), deny)
		wantCode(t, err, "InvalidPermission.NotFound")
		_, err = n.c.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: web})
		wantCode(t, err, "")
	})
}

func TestDHCPOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		out, err := n.c.CreateDhcpOptions(t.Context(), &ec2.CreateDhcpOptionsInput{DhcpConfigurations: []types.NewDhcpConfiguration{
			{Key: aws.String("domain-name"), Values: []string{"shop.internal"}},
		}})
		must(t, err)
		id := out.DhcpOptions.DhcpOptionsId
		set := func(id string) {
			_, err := n.c.AssociateDhcpOptions(t.Context(), &ec2.AssociateDhcpOptionsInput{VpcId: &n.vpc, DhcpOptionsId: &id})
			must(t, err)
		}
		set(*id)
		_, err = n.c.DeleteDhcpOptions(t.Context(), &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id})
		wantCode(t, err, "DependencyViolation")
		set("default")
		_, err = n.c.DeleteDhcpOptions(t.Context(), &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id})
		wantCode(t, err, "")
	})
}
