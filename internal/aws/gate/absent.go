package gate

import (
	"slices"
	"strings"
)

// isAbsence says whether an error code of an operation means that the
// operation's own object, or the object's parent, does not exist. A code about
// another object, such as DeleteVpcEndpoints returns for a route, does not
// count: otherwise berth would forget an object that still exists.
func isAbsence(service, operation, code string) bool {
	if !isNotFound(code) {
		return false
	}
	if own, known := ownCodes(service, operation); known {
		return slices.Contains(own, code)
	}
	return !removes(operation) && readsOf(service, code)
}

// readsOf says whether a reading operation of a service may answer with the
// code; services without rows are trusted.
func readsOf(service, code string) bool {
	more := map[string][]string{
		"ecr": {"ImageNotFoundException", "LifecyclePolicyNotFoundException"}, "efs": {"PolicyNotFound"},
		"sd": {"OperationNotFound", "ResourceNotFoundException"}, "route53": {"NoSuchChange"},
		"rds": {"ResourceNotFoundFault"}, "elb": {"ResourceNotFound"}, "elasticache": {"CacheClusterNotFound"},
	}
	if slices.Contains(more[service], code) {
		return true
	}
	known := false
	for _, row := range serviceCodes() {
		if row.service != service {
			continue
		}
		known = true
		if slices.Contains(row.codes, code) {
			return true
		}
	}
	return !known
}

// removes says whether an operation removes something; every such operation
// needs a row below.
func removes(operation string) bool {
	for _, verb := range []string{
		"Delete", "Release", "Detach", "Disassociate", "Deregister", "Remove", "Revoke", "Stop", "Untag",
	} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}

// ownCodes are the codes of an operation that mean the absence of its own
// object; known is false for operations that have no row. Sources: EC2's table
// of error codes,
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
// and types/errors.go in each service's folder of the SDK. Services with one
// code for every object have that.
func ownCodes(service, operation string) (codes []string, known bool) {
	switch service {
	case "ec2":
		codes, known = ec2Codes()[operation]
		return codes, known
	case "iam":
		return []string{"NoSuchEntity", "NoSuchEntityException"}, true
	case "autoscaling":
		if strings.Contains(operation, "AutoScaling") {
			return nil, true // EC2 Auto Scaling, which has no such code
		}
		return []string{"ObjectNotFoundException", "ResourceNotFoundException"}, removes(operation) || operation == "ListTagsForResource"
	case "logs", "acm", "codebuild", "s3files", "scheduler", "events":
		return []string{"ResourceNotFoundException"}, true
	case "s3":
		return []string{"NoSuchBucket", "NoSuchKey", "NotFound", "NoSuchUpload"}, removes(operation)
	case "ssm":
		return []string{"ParameterNotFound", "ParameterVersionNotFound"}, true
	}
	for _, row := range serviceCodes() {
		if row.service == service && slices.Contains(row.operations, operation) {
			return row.codes, true
		}
	}
	return nil, false
}

// ec2Codes are EC2's codes, by operation.
func ec2Codes() map[string][]string {
	endpoint := []string{"InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"}
	gateway := []string{"NatGatewayNotFound", "InvalidNatGatewayID.NotFound"}
	dhcp := []string{"InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound"}
	group := []string{"InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidSecurityGroupID.NotFound"}
	address := []string{"InvalidAllocationID.NotFound", "InvalidAddress.NotFound", "InvalidAddressID.NotFound"}
	return map[string][]string{
		"DeleteVpcEndpoints": endpoint, "DescribeVpcEndpoints": endpoint,
		"DeleteNatGateway": gateway, "DescribeNatGateways": gateway,
		"DeleteDhcpOptions": dhcp, "DescribeDhcpOptions": dhcp, "AssociateDhcpOptions": {"InvalidVpcID.NotFound"},
		"DeleteSecurityGroup": group, "DescribeSecurityGroups": group,
		"RevokeSecurityGroupIngress": append([]string{"InvalidPermission.NotFound"}, group...),
		"ReleaseAddress":             address, "DescribeAddresses": address,
		"DisassociateAddress": append([]string{"InvalidAssociationID.NotFound"}, address...),
		"DeleteVpc":           {"InvalidVpcID.NotFound"}, "DescribeVpcs": {"InvalidVpcID.NotFound"}, "DescribeVpcAttribute": {"InvalidVpcID.NotFound"},
		"DeleteSubnet": {"InvalidSubnetID.NotFound"}, "DescribeSubnets": {"InvalidSubnetID.NotFound"},
		"DetachInternetGateway":    {"Gateway.NotAttached", "InvalidInternetGatewayID.NotFound", "InvalidVpcID.NotFound"},
		"DeleteInternetGateway":    {"InvalidInternetGatewayID.NotFound"},
		"DescribeInternetGateways": {"InvalidInternetGatewayID.NotFound"},
		"DeleteRoute":              {"InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"},
		"DeleteRouteTable":         {"InvalidRouteTableID.NotFound"}, "DescribeRouteTables": {"InvalidRouteTableID.NotFound"},
		"DisassociateRouteTable":    {"InvalidAssociationID.NotFound", "InvalidRouteTableID.NotFound"},
		"DescribeNetworkInterfaces": {"InvalidNetworkInterfaceID.NotFound"},
	}
}

// codesOf are the codes of some operations of a service.
type codesOf struct {
	service    string
	operations []string
	codes      []string
}

// serviceCodes are the codes of services that have one code for each kind of
// object.
func serviceCodes() []codesOf {
	return []codesOf{
		{"rds", []string{"DeleteDBInstance", "DescribeDBInstances"}, []string{"DBInstanceNotFound"}},
		{"rds", []string{"DeleteDBSnapshot", "DescribeDBSnapshots"}, []string{"DBSnapshotNotFound"}},
		{"rds", []string{"DeleteDBSubnetGroup", "DescribeDBSubnetGroups"}, []string{"DBSubnetGroupNotFoundFault"}},
		{"rds", []string{"DeleteDBParameterGroup", "DescribeDBParameterGroups"}, []string{"DBParameterGroupNotFound"}},
		{"elasticache", []string{"DeleteReplicationGroup", "DescribeReplicationGroups"}, []string{"ReplicationGroupNotFoundFault"}},
		{"elasticache", []string{"DeleteSnapshot", "DescribeSnapshots"}, []string{"SnapshotNotFoundFault"}},
		{"elasticache", []string{"DeleteCacheSubnetGroup", "DescribeCacheSubnetGroups"}, []string{"CacheSubnetGroupNotFoundFault"}},
		{"efs", []string{"DeleteFileSystem", "DescribeFileSystems"}, []string{"FileSystemNotFound"}},
		{"efs", []string{"DeleteMountTarget", "DescribeMountTargets"}, []string{"MountTargetNotFound", "FileSystemNotFound"}},
		{"efs", []string{"DeleteAccessPoint", "DescribeAccessPoints"}, []string{"AccessPointNotFound", "FileSystemNotFound"}},
		{"ecr", []string{"DeleteRepository", "DescribeRepositories", "ListTagsForResource"}, []string{"RepositoryNotFoundException"}},
		{"ecs", []string{"DeleteService", "DescribeServices"}, []string{"ServiceNotFoundException", "ClusterNotFoundException"}},
		{"ecs", []string{"DeleteCluster", "DescribeClusters"}, []string{"ClusterNotFoundException"}},
		{"ecs", []string{"StopTask", "DescribeTasks", "ListTasks", "DeregisterContainerInstance"}, []string{"ClusterNotFoundException", "ResourceNotFoundException"}},
		{"elb", []string{"DeleteLoadBalancer", "DescribeLoadBalancers"}, []string{"LoadBalancerNotFound"}},
		{"elb", []string{"DeleteTargetGroup", "DescribeTargetGroups"}, []string{"TargetGroupNotFound"}},
		{"elb", []string{"DeleteListener"}, []string{"ListenerNotFound"}},
		{"elb", []string{"DeleteRule"}, []string{"RuleNotFound", "ListenerNotFound"}},
		{"elb", []string{"RemoveListenerCertificates"}, []string{"CertificateNotFound", "ListenerNotFound"}},
		{"sd", []string{"DeleteNamespace", "GetNamespace"}, []string{"NamespaceNotFound"}},
		{"sd", []string{"DeleteService"}, []string{"ServiceNotFound"}},
		{"sd", []string{"DeregisterInstance"}, []string{"InstanceNotFound", "ServiceNotFound"}},
		{"route53", []string{"DeleteHostedZone", "GetHostedZone", "ListResourceRecordSets"}, []string{"NoSuchHostedZone"}},
		{"ecs", []string{"DeleteTaskDefinitions", "DeregisterTaskDefinition", "UntagResource"}, []string{"ResourceNotFoundException"}},
		{"elb", []string{"RemoveTags"}, []string{
			"LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound",
		}},
		{"rds", []string{"RemoveTagsFromResource"}, []string{
			"DBInstanceNotFound", "DBSnapshotNotFound", "DBSubnetGroupNotFoundFault", "DBParameterGroupNotFound",
		}},
		{"elasticache", []string{"RemoveTagsFromResource"}, []string{
			"ReplicationGroupNotFoundFault", "SnapshotNotFoundFault", "CacheSubnetGroupNotFoundFault",
		}},
		{"efs", []string{"UntagResource"}, []string{"FileSystemNotFound", "AccessPointNotFound"}},
		{"sd", []string{"UntagResource"}, []string{"ResourceNotFoundException"}},
		{"ecr", []string{"UntagResource"}, []string{"RepositoryNotFoundException"}},
	}
}
