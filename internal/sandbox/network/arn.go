package network

import (
	"strings"
	"unicode"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// namingFields are the input fields that name the object of a call, the most
// specific first, with the object's type in its ARN.
var namingFields = []struct{ field, kind string }{
	{"NatGatewayId", "natgateway"},
	{"LaunchTemplateId", "launch-template"},
	{"VpcEndpointId", "vpc-endpoint"},
	{"GroupId", "security-group"},
	{"RouteTableId", "route-table"},
	{"InternetGatewayId", "internet-gateway"},
	{"SubnetId", "subnet"},
	{"AllocationId", "elastic-ip"},
	{"DhcpOptionsId", "dhcp-options"},
	{"VpcId", "vpc"},
}

// madeKinds are the types that create operations make, if the operation's name
// does not contain them.
var madeKinds = map[string]string{
	"AllocateAddress":  "elastic-ip",
	"CreateNatGateway": "natgateway",
	"CreateRoute":      "route-table",
	"CreateTags":       "",

	"CreateLaunchTemplateVersion": "",
}

// Locate names the object; for a new object, its type with any id.
func (p *EC2) Locate(operation string, in any) string {
	if !world.Mutating(operation) {
		return ""
	}
	made, known := madeKinds[operation]
	name, create := strings.CutPrefix(operation, "Create")
	if create && !known {
		made = dashed(name)
	}
	if made != "" {
		return p.account.ARN("ec2", made+"/*")
	}
	for _, f := range namingFields {
		if id := world.FieldText(in, f.field); id != "" {
			return p.account.ARN("ec2", f.kind+"/"+id)
		}
	}
	if id := world.FirstText(in, "VpcEndpointIds"); id != "" {
		return p.account.ARN("ec2", "vpc-endpoint/"+id)
	}
	return ""
}

// dashed turns SecurityGroup into security-group.
func dashed(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

var _ world.Locator = (*EC2)(nil)
