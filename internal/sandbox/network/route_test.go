package network_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func makeTable(t *testing.T, n sandboxtest.Network, token string) string {
	t.Helper()
	out, err := n.C.CreateRouteTable(t.Context(), &ec2.CreateRouteTableInput{VpcId: &n.VPC, ClientToken: &token})
	sandboxtest.Must(t, err)
	return *out.RouteTable.RouteTableId
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		table := makeTable(t, n, "one")
		if again := makeTable(t, n, "one"); again != table {
			t.Error("the same token made another table")
		}
		route := &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &n.Gateway}
		for range 2 {
			_, err := n.C.CreateRoute(t.Context(), route)
			sandboxtest.Must(t, err)
		}
		nat, err := n.C.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{SubnetId: &n.Public, AllocationId: &n.Address})
		sandboxtest.Must(t, err)
		id := nat.NatGateway.NatGatewayId
		_, err = n.C.CreateRoute(t.Context(), &ec2.CreateRouteInput{
			RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: id,
		})
		sandboxtest.WantCode(t, err, "RouteAlreadyExists")
		_, err = n.C.ReplaceRoute(t.Context(), &ec2.ReplaceRouteInput{
			RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: id,
		})
		sandboxtest.Must(t, err)
		_, err = n.C.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: id})
		sandboxtest.Must(t, err)
		time.Sleep(world.NATDeleted.In(world.Typical))
		out, err := n.C.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
		sandboxtest.Must(t, err)
		if r := out.RouteTables[0].Routes[1]; r.State != types.RouteStateBlackhole {
			t.Errorf("a route to a deleted gateway is %s", r.State)
		}
		_, err = n.C.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("10.0.0.0/16")})
		sandboxtest.WantCode(t, err, "InvalidParameterValue")
		_, err = n.C.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		sandboxtest.WantCode(t, err, "")
		_, err = n.C.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		sandboxtest.WantCode(t, err, "InvalidRoute.NotFound")
	})
}

func TestAssociations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		one, two := makeTable(t, n, "one"), makeTable(t, n, "two")
		a, err := n.C.AssociateRouteTable(t.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &one, SubnetId: &n.Public})
		sandboxtest.Must(t, err)
		_, err = n.C.AssociateRouteTable(t.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &two, SubnetId: &n.Public})
		sandboxtest.WantCode(t, err, "Resource.AlreadyAssociated")
		_, err = n.C.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &one})
		sandboxtest.WantCode(t, err, "DependencyViolation")
		_, err = n.C.ReplaceRouteTableAssociation(t.Context(), &ec2.ReplaceRouteTableAssociationInput{AssociationId: a.AssociationId, RouteTableId: &two})
		sandboxtest.Must(t, err)
		_, err = n.C.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &one})
		sandboxtest.WantCode(t, err, "")
		// On AWS an association is deleted with its subnet.
		_, err = n.C.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &n.Public})
		sandboxtest.WantCode(t, err, "")
		_, err = n.C.DeleteRouteTable(t.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &two})
		sandboxtest.WantCode(t, err, "")
	})
}

func TestGatewayEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		table := makeTable(t, n, "one")
		create := func(service string) (*ec2.CreateVpcEndpointOutput, error) {
			return n.C.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{
				VpcId: &n.VPC, ServiceName: &service, RouteTableIds: []string{table},
			})
		}
		_, err := create("com.amazonaws.eu-central-1.nothing")
		sandboxtest.WantCode(t, err, "InvalidServiceName")
		e, err := create("com.amazonaws.eu-central-1.s3")
		sandboxtest.Must(t, err)
		_, err = create("com.amazonaws.eu-central-1.s3")
		sandboxtest.WantCode(t, err, "RouteAlreadyExists")
		out, err := n.C.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
		sandboxtest.Must(t, err)
		if r := out.RouteTables[0].Routes; len(r) != 2 || *r[1].GatewayId != *e.VpcEndpoint.VpcEndpointId {
			t.Errorf("routes %v", r)
		}
		del := &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*e.VpcEndpoint.VpcEndpointId}}
		_, err = n.C.DeleteVpcEndpoints(t.Context(), del)
		sandboxtest.Must(t, err)
		time.Sleep(world.VPCEndpointDeleted.In(world.Typical))
		gone, err := n.C.DeleteVpcEndpoints(t.Context(), del)
		sandboxtest.Must(t, err)
		if len(gone.Unsuccessful) != 1 {
			t.Errorf("deleting what is gone: %v", gone.Unsuccessful)
		}
	})
}

func TestSecurityGroupRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		group := func(name string) *string {
			out, err := n.C.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
				VpcId: &n.VPC, GroupName: &name, Description: aws.String("d"),
			})
			sandboxtest.Must(t, err)
			return out.GroupId
		}
		web, db := group("web"), group("db")
		_, err := n.C.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: &n.VPC, GroupName: aws.String("web"), Description: aws.String("d"),
		})
		sandboxtest.WantCode(t, err, "InvalidGroup.Duplicate")
		perm := []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5432),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: web}}, IpRanges: []types.IpRange{{CidrIp: aws.String("10.0.0.0/16")}},
		}}
		allow := &ec2.AuthorizeSecurityGroupIngressInput{GroupId: db, IpPermissions: perm}
		_, err = n.C.AuthorizeSecurityGroupIngress(t.Context(), allow)
		sandboxtest.Must(t, err)
		_, err = n.C.AuthorizeSecurityGroupIngress(t.Context(), allow)
		sandboxtest.WantCode(t, err, "InvalidPermission.Duplicate")
		out, err := n.C.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*db}})
		sandboxtest.Must(t, err)
		if p := out.SecurityGroups[0].IpPermissions; len(p) != 1 || len(p[0].IpRanges) != 1 || len(p[0].UserIdGroupPairs) != 1 {
			t.Errorf("permissions %v", p)
		}
		_, err = n.C.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: web})
		sandboxtest.WantCode(t, err, "DependencyViolation")
		deny := &ec2.RevokeSecurityGroupIngressInput{GroupId: db, IpPermissions: perm}
		_, err = n.C.RevokeSecurityGroupIngress(t.Context(), deny)
		sandboxtest.Must(t, err)
		_, err = n.C.RevokeSecurityGroupIngress(t.Context(), deny)
		sandboxtest.WantCode(t, err, "InvalidPermission.NotFound")
		_, err = n.C.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: web})
		sandboxtest.WantCode(t, err, "")
	})
}

func TestDHCPOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		out, err := n.C.CreateDhcpOptions(t.Context(), &ec2.CreateDhcpOptionsInput{DhcpConfigurations: []types.NewDhcpConfiguration{
			{Key: aws.String("domain-name"), Values: []string{"shop.internal"}},
		}})
		sandboxtest.Must(t, err)
		id := out.DhcpOptions.DhcpOptionsId
		set := func(id string) {
			_, err := n.C.AssociateDhcpOptions(t.Context(), &ec2.AssociateDhcpOptionsInput{VpcId: &n.VPC, DhcpOptionsId: &id})
			sandboxtest.Must(t, err)
		}
		set(*id)
		_, err = n.C.DeleteDhcpOptions(t.Context(), &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id})
		sandboxtest.WantCode(t, err, "DependencyViolation")
		set("default")
		_, err = n.C.DeleteDhcpOptions(t.Context(), &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id})
		sandboxtest.WantCode(t, err, "")
	})
}
