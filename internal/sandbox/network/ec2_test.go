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

func TestEveryRegionHasADefaultVPC(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		out, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{
			Filters: []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}},
		})
		sandboxtest.Must(t, err)
		if len(out.Vpcs) != 1 || *out.Vpcs[0].CidrBlock != "172.31.0.0/16" {
			t.Errorf("default VPCs %v", out.Vpcs)
		}
		if left := w.Leftovers(); len(left) != 0 {
			t.Errorf("a new world has leftovers: %v", left)
		}
		// The default VPC counts against the quota of five.
		for range 4 {
			sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		}
		_, err = c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		sandboxtest.WantCode(t, err, "VpcLimitExceeded")
	})
}

func TestSubnetRanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		sandboxtest.MakeSubnet(t, c, id, "10.0.0.0/24")
		for cidr, want := range map[string]string{
			"10.0.0.128/25": "InvalidSubnet.Conflict",
			"10.1.0.0/24":   "InvalidSubnet.Range",
			"10.0.1.0/30":   "InvalidSubnet.Range",
			"nonsense":      "InvalidParameterValue",
			"10.0.1.0/24":   "",
		} {
			_, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &id, CidrBlock: &cidr})
			sandboxtest.WantCode(t, err, want)
		}
		_, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: &id, CidrBlock: aws.String("10.0.2.0/24"), AvailabilityZone: aws.String("eu-central-1z"),
		})
		sandboxtest.WantCode(t, err, "InvalidParameterValue")
	})
}

func TestNATGatewayLife(t *testing.T) {
	t.Parallel()
	for _, profile := range []world.Profile{world.Typical, world.Slow} {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sandboxtest.New(t, world.Options{Profile: profile})
				n := sandboxtest.MakeNetwork(t, w)
				in := &ec2.CreateNatGatewayInput{SubnetId: &n.Public, AllocationId: &n.Address, ClientToken: aws.String("token")}
				out, err := n.C.CreateNatGateway(t.Context(), in)
				sandboxtest.Must(t, err)
				id := *out.NatGateway.NatGatewayId
				again, err := n.C.CreateNatGateway(t.Context(), in)
				sandboxtest.Must(t, err)
				if *again.NatGateway.NatGatewayId != id {
					t.Error("the same token made another gateway")
				}
				_, err = n.C.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
					SubnetId: &n.Private, AllocationId: &n.Address, ClientToken: aws.String("token"),
				})
				sandboxtest.WantCode(t, err, "IdempotentParameterMismatch")
				state := func() types.NatGatewayState {
					out, err := n.C.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}})
					sandboxtest.Must(t, err)
					return out.NatGateways[0].State
				}
				time.Sleep(world.NATAvailable.In(profile) - time.Millisecond)
				if s := state(); s != "pending" {
					t.Errorf("state %s just before its time", s)
				}
				time.Sleep(time.Millisecond)
				if s := state(); s != "available" {
					t.Errorf("state %s at its time", s)
				}
				_, err = n.C.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &id})
				sandboxtest.Must(t, err)
				_, err = n.C.ReleaseAddress(t.Context(), &ec2.ReleaseAddressInput{AllocationId: &n.Address})
				sandboxtest.WantCode(t, err, "InvalidIPAddress.InUse")
				_, err = n.C.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &n.Public})
				sandboxtest.WantCode(t, err, "DependencyViolation")
				_, err = n.C.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.Gateway, VpcId: &n.VPC})
				sandboxtest.WantCode(t, err, "DependencyViolation")
				time.Sleep(world.NATDeleted.In(profile))
				if s := state(); s != "deleted" {
					t.Errorf("state %s after the deletion", s)
				}
				tearDown(t, n)
				if left := w.Leftovers(); len(left) != 0 {
					t.Errorf("left: %v", left)
				}
			})
		})
	}
}

// tearDown deletes an empty network.
func tearDown(t *testing.T, n sandboxtest.Network) {
	t.Helper()
	_, err := n.C.ReleaseAddress(t.Context(), &ec2.ReleaseAddressInput{AllocationId: &n.Address})
	sandboxtest.Must(t, err)
	_, err = n.C.DeleteInternetGateway(t.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: &n.Gateway})
	sandboxtest.WantCode(t, err, "DependencyViolation")
	_, err = n.C.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.Gateway, VpcId: &n.VPC})
	sandboxtest.Must(t, err)
	_, err = n.C.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.Gateway, VpcId: &n.VPC})
	sandboxtest.WantCode(t, err, "Gateway.NotAttached")
	_, err = n.C.DeleteInternetGateway(t.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: &n.Gateway})
	sandboxtest.Must(t, err)
	for _, s := range []string{n.Public, n.Private} {
		_, err = n.C.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &n.VPC})
		sandboxtest.WantCode(t, err, "DependencyViolation")
		_, err = n.C.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &s})
		sandboxtest.Must(t, err)
	}
	_, err = n.C.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &n.VPC})
	sandboxtest.Must(t, err)
}

func TestNATGatewayWithoutInternetFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		s := sandboxtest.MakeSubnet(t, c, id, "10.0.0.0/24")
		a, err := c.AllocateAddress(t.Context(), nil)
		sandboxtest.Must(t, err)
		_, err = c.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{SubnetId: &s, AllocationId: a.AllocationId})
		sandboxtest.Must(t, err)
		out, err := c.DescribeNatGateways(t.Context(), nil)
		sandboxtest.Must(t, err)
		if g := out.NatGateways[0]; g.State != types.NatGatewayStateFailed || *g.FailureCode != "Gateway.NotAttached" {
			t.Errorf("state %s %s", g.State, aws.ToString(g.FailureCode))
		}
		time.Sleep(2 * time.Hour)
		out, err = c.DescribeNatGateways(t.Context(), nil)
		sandboxtest.Must(t, err)
		if len(out.NatGateways) != 0 {
			t.Error("a failed gateway is remembered for too long")
		}
	})
}
