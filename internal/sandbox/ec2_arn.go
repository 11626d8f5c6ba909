package sandbox

import (
	"strings"
	"unicode"
)

// ec2Fields are the inputs' fields that name what a call is about, the most
// particular first, and the object's type in its ARN.
var ec2Fields = []struct{ field, kind string }{
	{"NatGatewayId", "natgateway"},
	{"VpcEndpointId", "vpc-endpoint"},
	{"GroupId", "security-group"},
	{"RouteTableId", "route-table"},
	{"InternetGatewayId", "internet-gateway"},
	{"SubnetId", "subnet"},
	{"AllocationId", "elastic-ip"},
	{"DhcpOptionsId", "dhcp-options"},
	{"VpcId", "vpc"},
}

// ec2Made are the types that create operations make, where the name of the
// operation does not tell.
var ec2Made = map[string]string{
	"AllocateAddress":  "elastic-ip",
	"CreateNatGateway": "natgateway",
	"CreateRoute":      "route-table",
	"CreateTags":       "",
}

// locate names the object; a new one by its type with any id.
func (p *ec2Part) locate(operation string, in any) string {
	if !mutating(operation) {
		return ""
	}
	made, known := ec2Made[operation]
	name, create := strings.CutPrefix(operation, "Create")
	if create && !known {
		made = dashed(name)
	}
	if made != "" {
		return p.account.arn("ec2", made+"/*")
	}
	for _, f := range ec2Fields {
		if id := fieldText(in, f.field); id != "" {
			return p.account.arn("ec2", f.kind+"/"+id)
		}
	}
	if id := firstText(in, "VpcEndpointIds"); id != "" {
		return p.account.arn("ec2", "vpc-endpoint/"+id)
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

var _ locator = (*ec2Part)(nil)
