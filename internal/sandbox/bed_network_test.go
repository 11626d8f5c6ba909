package sandbox

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// network is a VPC with an internet gateway and two subnets.
type network struct {
	c                 *ec2.Client
	vpc, igw          string
	public, private   string
	address, addrText string
}

func makeNetwork(t *testing.T, w *World) network {
	t.Helper()
	c := ec2.NewFromConfig(w.Config())
	n := network{c: c, vpc: makeVPC(t, c, "10.0.0.0/16")}
	g, err := c.CreateInternetGateway(t.Context(), nil)
	must(t, err)
	n.igw = *g.InternetGateway.InternetGatewayId
	_, err = c.AttachInternetGateway(t.Context(), &ec2.AttachInternetGatewayInput{InternetGatewayId: &n.igw, VpcId: &n.vpc})
	must(t, err)
	n.public, n.private = makeSubnet(t, c, n.vpc, "10.0.0.0/24"), makeSubnet(t, c, n.vpc, "10.0.1.0/24")
	a, err := c.AllocateAddress(t.Context(), nil)
	must(t, err)
	n.address, n.addrText = *a.AllocationId, *a.PublicIp
	return n
}
