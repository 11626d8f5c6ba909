package gate

import "strings"

// QuotaError says that an account already has as many objects of a kind as AWS
// allows. It is in the chain of the call's *Error.
type QuotaError struct {
	// Name is the quota's name in Service Quotas, empty if it is not known.
	Name string
	// ServiceCode and QuotaCode identify the quota in a request for an
	// increase; empty if Name is.
	ServiceCode, QuotaCode string
	// Code is AWS's error code.
	Code string
}

func (e *QuotaError) Error() string {
	if e.Name == "" {
		return "quota reached: " + e.Code
	}
	return "quota reached: " + e.Name
}

// quotaOf returns the quota that an error code is about, or nil.
func quotaOf(code string) *QuotaError {
	q := &QuotaError{Code: code}
	switch code {
	case "VpcLimitExceeded":
		q.known("VPCs per Region", "vpc", "L-F678F1CE")
	case "InternetGatewayLimitExceeded":
		q.known("Internet gateways per Region", "vpc", "L-A4707A72")
	case "NatGatewayLimitExceeded":
		q.known("NAT gateways per Availability Zone", "vpc", "L-FE5A380F")
	case "SubnetLimitExceeded":
		q.known("Subnets per VPC", "vpc", "L-407747CB")
	case "RouteTableLimitExceeded":
		q.known("Route tables per VPC", "vpc", "L-589F43AA")
	case "VpcEndpointLimitExceeded":
		q.known("Gateway VPC endpoints per Region", "vpc", "L-1B52E74A")
	case "SecurityGroupLimitExceeded":
		q.known("VPC security groups per Region", "vpc", "L-E79EC296")
	case "RulesPerSecurityGroupLimitExceeded":
		q.known("Inbound or outbound rules per security group", "vpc", "L-0EA8095F")
	case "AddressLimitExceeded":
		q.known("EC2-VPC Elastic IPs", "ec2", "L-0263D0A3")
	case "TooManyLoadBalancers":
		q.known("Application Load Balancers per Region", "elasticloadbalancing", "L-53DA6B97")
	case "TooManyTargetGroups":
		q.known("Target Groups per Region", "elasticloadbalancing", "L-B22855CB")
	case "FileSystemLimitExceeded":
		q.known("File systems per account", "elasticfilesystem", "L-848C634D")
	case "AccessPointLimitExceeded":
		q.Name = "access points of a file system"
	case "LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException":
	default:
		if !strings.Contains(code, "LimitExceeded") && !strings.HasPrefix(code, "TooMany") {
			return nil
		}
	}
	return q
}

func (e *QuotaError) known(name, serviceCode, quotaCode string) {
	e.Name, e.ServiceCode, e.QuotaCode = name, serviceCode, quotaCode
}
