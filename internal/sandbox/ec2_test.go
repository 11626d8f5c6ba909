package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestEveryRegionHasADefaultVPC(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c := ec2.NewFromConfig(w.Config())
		out, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{
			Filters: []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}},
		})
		must(t, err)
		if len(out.Vpcs) != 1 || *out.Vpcs[0].CidrBlock != "172.31.0.0/16" {
			t.Errorf("default VPCs %v", out.Vpcs)
		}
		if left := w.Leftovers(); len(left) != 0 {
			t.Errorf("a new world has leftovers: %v", left)
		}
		// The default VPC counts against the quota of five.
		for range 4 {
			makeVPC(t, c, "10.0.0.0/16")
		}
		_, err = c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		wantCode(t, err, "VpcLimitExceeded")
	})
}

func TestSubnetRanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c := ec2.NewFromConfig(w.Config())
		id := makeVPC(t, c, "10.0.0.0/16")
		makeSubnet(t, c, id, "10.0.0.0/24")
		for cidr, want := range map[string]string{
			"10.0.0.128/25": "InvalidSubnet.Conflict",
			"10.1.0.0/24":   "InvalidSubnet.Range",
			"10.0.1.0/30":   "InvalidSubnet.Range",
			"nonsense":      "InvalidParameterValue",
			"10.0.1.0/24":   "",
		} {
			_, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &id, CidrBlock: &cidr})
			wantCode(t, err, want)
		}
		_, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: &id, CidrBlock: aws.String("10.0.2.0/24"), AvailabilityZone: aws.String("eu-central-1z"),
		})
		wantCode(t, err, "InvalidParameterValue")
	})
}

func TestNATGatewayLife(t *testing.T) {
	t.Parallel()
	for _, profile := range []Profile{Typical, Slow} {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTestWorld(t, Options{Profile: profile})
				n := makeNetwork(t, w)
				in := &ec2.CreateNatGatewayInput{SubnetId: &n.public, AllocationId: &n.address, ClientToken: aws.String("token")}
				out, err := n.c.CreateNatGateway(t.Context(), in)
				must(t, err)
				id := *out.NatGateway.NatGatewayId
				again, err := n.c.CreateNatGateway(t.Context(), in)
				must(t, err)
				if *again.NatGateway.NatGatewayId != id {
					t.Error("the same token made another gateway")
				}
				_, err = n.c.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
					SubnetId: &n.private, AllocationId: &n.address, ClientToken: aws.String("token"),
				})
				wantCode(t, err, "IdempotentParameterMismatch")
				state := func() types.NatGatewayState {
					out, err := n.c.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}})
					must(t, err)
					return out.NatGateways[0].State
				}
				time.Sleep(NATAvailable.In(profile) - time.Millisecond)
				if s := state(); s != "pending" {
					t.Errorf("state %s just before its time", s)
				}
				time.Sleep(time.Millisecond)
				if s := state(); s != "available" {
					t.Errorf("state %s at its time", s)
				}
				_, err = n.c.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &id})
				must(t, err)
				_, err = n.c.ReleaseAddress(t.Context(), &ec2.ReleaseAddressInput{AllocationId: &n.address})
				wantCode(t, err, "InvalidIPAddress.InUse")
				_, err = n.c.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &n.public})
				wantCode(t, err, "DependencyViolation")
				_, err = n.c.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.igw, VpcId: &n.vpc})
				wantCode(t, err, "DependencyViolation")
				time.Sleep(NATDeleted.In(profile))
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

// tearDown deletes a network that nothing lives in any more.
func tearDown(t *testing.T, n network) {
	t.Helper()
	_, err := n.c.ReleaseAddress(t.Context(), &ec2.ReleaseAddressInput{AllocationId: &n.address})
	must(t, err)
	_, err = n.c.DeleteInternetGateway(t.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: &n.igw})
	wantCode(t, err, "DependencyViolation")
	_, err = n.c.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.igw, VpcId: &n.vpc})
	must(t, err)
	_, err = n.c.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.igw, VpcId: &n.vpc})
	wantCode(t, err, "Gateway.NotAttached")
	_, err = n.c.DeleteInternetGateway(t.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: &n.igw})
	must(t, err)
	for _, s := range []string{n.public, n.private} {
		_, err = n.c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &n.vpc})
		wantCode(t, err, "DependencyViolation")
		_, err = n.c.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &s})
		must(t, err)
	}
	_, err = n.c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &n.vpc})
	must(t, err)
}

func TestNATGatewayWithoutInternetFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c := ec2.NewFromConfig(w.Config())
		id := makeVPC(t, c, "10.0.0.0/16")
		s := makeSubnet(t, c, id, "10.0.0.0/24")
		a, err := c.AllocateAddress(t.Context(), nil)
		must(t, err)
		_, err = c.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{SubnetId: &s, AllocationId: a.AllocationId})
		must(t, err)
		out, err := c.DescribeNatGateways(t.Context(), nil)
		must(t, err)
		if g := out.NatGateways[0]; g.State != types.NatGatewayStateFailed || *g.FailureCode != "Gateway.NotAttached" {
			t.Errorf("state %s %s", g.State, aws.ToString(g.FailureCode))
		}
		time.Sleep(2 * time.Hour)
		out, err = c.DescribeNatGateways(t.Context(), nil)
		must(t, err)
		if len(out.NatGateways) != 0 {
			t.Error("a failed gateway is remembered for too long")
		}
	})
}
