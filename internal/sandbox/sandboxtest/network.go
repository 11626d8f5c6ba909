package sandboxtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// Network is a VPC with an internet gateway and two subnets.
type Network struct {
	C                 *ec2.Client
	VPC, Gateway      string
	Public, Private   string
	Address, addrText string
}

// Account is what has clients.
type Account interface{ Config() aws.Config }

// MakeNetwork makes a VPC with an internet gateway, two subnets and an address.
func MakeNetwork(t *testing.T, w Account) Network {
	t.Helper()
	c := ec2.NewFromConfig(w.Config())
	n := Network{C: c, VPC: MakeVPC(t, c, "10.0.0.0/16")}
	g, err := c.CreateInternetGateway(t.Context(), nil)
	Must(t, err)
	n.Gateway = *g.InternetGateway.InternetGatewayId
	_, err = c.AttachInternetGateway(t.Context(), &ec2.AttachInternetGatewayInput{InternetGatewayId: &n.Gateway, VpcId: &n.VPC})
	Must(t, err)
	n.Public, n.Private = MakeSubnet(t, c, n.VPC, "10.0.0.0/24"), MakeSubnet(t, c, n.VPC, "10.0.1.0/24")
	a, err := c.AllocateAddress(t.Context(), nil)
	Must(t, err)
	n.Address, n.addrText = *a.AllocationId, *a.PublicIp
	return n
}
