package network_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/network"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestInterfacesLinger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := world.NewAccount(world.Options{})
		vpcs := network.NewEC2(a)
		w, err := world.New(a, []world.Service{vpcs}, nil)
		sandboxtest.Must(t, err)
		n := sandboxtest.MakeNetwork(t, w)
		g, err := n.C.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: &n.VPC, GroupName: aws.String("web"), Description: aws.String("web"),
		})
		sandboxtest.Must(t, err)
		leave := w.Enter()
		eni := vpcs.Interfaces.Attach("ecs", n.Public, []string{*g.GroupId}, true, "a task")
		vpcs.Interfaces.Release(eni, w.Clock().Now().Add(30*time.Second))
		leave()
		deletion := func() string {
			_, err := n.C.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: g.GroupId})
			return sandboxtest.Code(t, err)
		}
		detachment := func() string {
			_, err := n.C.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.Gateway, VpcId: &n.VPC})
			return sandboxtest.Code(t, err)
		}
		if c := deletion(); c != "DependencyViolation" {
			t.Errorf("deletion of a group in use: %q", c)
		}
		out, err := n.C.DescribeNetworkInterfaces(t.Context(), &ec2.DescribeNetworkInterfacesInput{
			Filters: []types.Filter{{Name: aws.String("group-id"), Values: []string{*g.GroupId}}},
		})
		sandboxtest.Must(t, err)
		if len(out.NetworkInterfaces) != 1 || *out.NetworkInterfaces[0].NetworkInterfaceId != eni {
			t.Errorf("interfaces of the group: %v", out.NetworkInterfaces)
		}
		time.Sleep(30 * time.Second)
		if c := deletion(); c != "" {
			t.Errorf("deletion of a free group: %q", c)
		}
		if c := detachment(); c != "DependencyViolation" {
			t.Errorf("detaching while AWS still knows of a public address: %q", c)
		}
		time.Sleep(world.PublicAddressUnmapped.In(world.Typical))
		if c := detachment(); c != "" {
			t.Errorf("detaching: %q", c)
		}
	})
}
