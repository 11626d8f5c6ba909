package moto

import "maps"

// difference has the two different answers to a case, and why the sandbox is
// right or why the difference does not matter.
type difference struct {
	sandbox, moto string
	why           string
	link          string // AWS's documentation about it, if there is any
}

const (
	docEC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
	docECS = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"
	docELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"
	docIAM = "https://docs.aws.amazon.com/IAM/latest/APIReference/"
	docLog = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
	docSD  = "https://docs.aws.amazon.com/cloud-map/latest/api/"

	codesEC2 = docEC2 + "errors-overview.html"
	tokenEC2 = docEC2 + "Run_Instance_Idempotency.html"

	taskARN = "arn:aws:ecs:eu-central-1:123456789012:task-definition/"
)

// differences are the accepted differences. The test fails for a difference
// that is not listed, and also for a listed one that is gone or has changed.
func differences() map[string]difference {
	all := map[string]difference{}
	for _, part := range []map[string]difference{networkDifferences(), taskDifferences(), balancerDifferences(), filesDifferences(), databaseDifferences(), nameDifferences(), imageDifferences(), scalingDifferences(), otherDifferences()} {
		maps.Copy(all, part)
	}
	return all
}

func networkDifferences() map[string]difference {
	return map[string]difference{
		"ec2.AssociateRouteTable: not found":      {"InvalidRouteTableID.NotFound", "ok associated", "moto does not look for the table once the subnet has one", codesEC2},
		"ec2.AttachInternetGateway: dependency":   {"InvalidParameterValue", "ok", "moto lets a VPC have two internet gateways", docEC2 + "API_AttachInternetGateway.html"},
		"ec2.CreateDhcpOptions: success":          {"ok 2 1", "ok 2 0", "moto takes no tags in this call; berth adds them after it", docEC2 + "API_CreateDhcpOptions.html"},
		"ec2.CreateDhcpOptions: duplicate":        {"ok 2 1", "ok 2 0", "moto takes no tags in this call; berth adds them after it", docEC2 + "API_CreateDhcpOptions.html"},
		"ec2.CreateNatGateway: duplicate":         {"ok same true", "Resource.AlreadyAssociated", "moto ignores client tokens", tokenEC2},
		"ec2.CreateRouteTable: duplicate":         {"ok same true", "ok same false", "moto ignores client tokens", tokenEC2},
		"ec2.CreateVpcEndpoint: duplicate":        {"ok same true", "ok same false", "moto ignores client tokens", tokenEC2},
		"ec2.CreateRoute: duplicate":              {"ok", "RouteAlreadyExists", "AWS accepts the same route to the same target; berth takes either", ""},
		"ec2.CreateSecurityGroup: dependency":     {"InvalidVpcID.NotFound", "ok 0", "moto does not look for the VPC", codesEC2},
		"ec2.CreateTags: dependency":              {"InvalidID", "InvalidVpcID.NotFound", "AWS has one code for all kinds of resources", codesEC2},
		"ec2.DeleteNatGateway: not found":         {"NatGatewayNotFound", "HTTP 500", "moto fails inside", codesEC2},
		"ec2.DescribeNatGateways: not found":      {"NatGatewayNotFound", "ok none", "moto leaves out what it does not find", codesEC2},
		"ec2.DeleteSecurityGroup: dependency":     {"DependencyViolation", "ok", "moto does not look for rules that name the group", docEC2 + "API_DeleteSecurityGroup.html"},
		"ec2.DeleteSubnet: dependency":            {"DependencyViolation", "ok", "moto does not look for what is in the subnet", docEC2 + "API_DeleteSubnet.html"},
		"ec2.DeleteVpcEndpoints: not found":       {"ok InvalidVpcEndpoint.NotFound", "ok", "moto leaves out what it does not find", docEC2 + "API_DeleteVpcEndpoints.html"},
		"ec2.DetachInternetGateway: not attached": {"Gateway.NotAttached", "ok", "moto had attached it before", codesEC2},
		"ec2.ReleaseAddress: dependency":          {"InvalidIPAddress.InUse", "ok", "moto releases an address that a NAT gateway has", docEC2 + "API_ReleaseAddress.html"},
	}
}

func taskDifferences() map[string]difference {
	return map[string]difference{
		"ecs.CreateService: a group without a balancer": {"InvalidParameterException", "ok", "moto does not look at target groups", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html"},
		"ecs.CreateService: no target group":            {"InvalidParameterException", "ok", "moto does not look at target groups", docECS + "API_CreateService.html"},
		"ecs.CreateService: duplicate":                  {"InvalidParameterException", "ok", "moto replaces the service; AWS: creation of service was not idempotent", docECS + "API_CreateService.html"},
		"ecs.DeleteCluster: dependency":                 {"ClusterContainsServicesException", "ok", "moto deletes a cluster with services", docECS + "API_DeleteCluster.html"},
		"ecs.DeleteTaskDefinitions: not found": {
			"ok 0  The specified task definition does not exist.",
			"ok 0  The specified task definition does not exist. Specify a valid account, family, revision and try again.",
			"only the wording", "",
		},
		"ecs.DescribeServices: after an update": {
			"ok 1 ACTIVE " + taskARN + "web:2 0 PRIMARY " + taskARN + "web:2", "ok 1 ACTIVE web:2 0 PRIMARY " + taskARN + "web:1",
			"moto repeats what the update said, and keeps the first deployment", docECS + "API_Service.html",
		},
		"ecs.UpdateService: success":             {"ok " + taskARN + "web:2 ACTIVE", "ok web:2 ACTIVE", "moto repeats what the update said", docECS + "API_Service.html"},
		"ecs.UpdateService: duplicate":           {"ok " + taskARN + "web:2 ACTIVE", "ok web:2 ACTIVE", "moto repeats what the update said", docECS + "API_Service.html"},
		"ecs.DescribeTasks: success":             {"ok 1 " + taskARN + "web:1 berth 2", "ok 1 " + taskARN + "web:1 berth 1", "moto shows one container of a task", docECS + "API_Task.html"},
		"ecs.DescribeTasks: not found":           {"ok 0 - - 0 MISSING", "ok 0 - - 0", "moto leaves out what it does not find", docECS + "API_Failure.html"},
		"ecs.ListTagsForResource: not found":     {"InvalidParameterException", "ServiceNotFoundException", "the operation has no such error at AWS", docECS + "API_ListTagsForResource.html"},
		"ecs.TagResource: not found":             {"InvalidParameterException", "ServiceNotFoundException", "the operation has no such error at AWS", docECS + "API_TagResource.html"},
		"ecs.RegisterTaskDefinition: dependency": {"ClientException", "ok " + taskARN + "bad:1 bad 1 ACTIVE 257 512 awsvpc 2", "moto does not know Fargate's sizes", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"},
		"ecs.RunTask: duplicate":                 {"ok same true", "ok same false", "moto ignores client tokens", docECS + "ECS_Idempotency.html"},
		"ecs.StopTask: not found":                {"InvalidParameterException", "HTTP 500", "moto fails inside", docECS + "API_StopTask.html"},
	}
}

func balancerDifferences() map[string]difference {
	return map[string]difference{
		"elb.CreateListener: another's port":     {"DuplicateListener", "ok", "moto lets two listeners have one port", docELB + "API_CreateListener.html"},
		"elb.CreateLoadBalancer: another's name": {"DuplicateLoadBalancerName", "ok", "moto returns the first without comparing", docELB + "API_CreateLoadBalancer.html"},
		"elb.CreateLoadBalancer: dependency":     {"SubnetNotFound", "InvalidSubnetID.NotFound", "moto passes EC2's code on", docELB + "API_CreateLoadBalancer.html"},
		"elb.CreateTargetGroup: duplicate":       {"ok", "DuplicateTargetGroupName", "with the same settings each call succeeds at AWS", docELB + "API_CreateTargetGroup.html"},
		"elb.DeleteRule: not found":              {"RuleNotFound", "ok", "moto does not look", docELB + "API_DeleteRule.html"},
		"elb.DeleteTargetGroup: not found":       {"ok", "TargetGroupNotFound", "the operation has no such error at AWS", docELB + "API_DeleteTargetGroup.html"},
		"elb.DescribeTags: not found":            {"TargetGroupNotFound", "ok 1 0", "moto answers for what it does not have", docELB + "API_DescribeTags.html"},
	}
}

// noCBOR is why moto answers nothing for CloudWatch.
const noCBOR = "moto does not know the protocol of newer SDKs for CloudWatch, which is CBOR"

func otherDifferences() map[string]difference {
	return map[string]difference{
		"cloudwatch.DeleteAlarms: not found":           {"ResourceNotFound", "HTTP 404", noCBOR, ""},
		"cloudwatch.DeleteAlarms: success":             {"ok", "HTTP 404", noCBOR, ""},
		"cloudwatch.DescribeAlarms: not found":         {"ok 0 - -", "HTTP 404", noCBOR, ""},
		"cloudwatch.DescribeAlarms: success":           {"ok 1 arn:aws:cloudwatch:eu-central-1:123456789012:alarm:berth/a/b/web/errors 5", "HTTP 404", noCBOR, ""},
		"cloudwatch.ListTagsForResource: not found":    {"ResourceNotFoundException", "HTTP 404", noCBOR, ""},
		"cloudwatch.ListTagsForResource: success":      {"ok 1", "HTTP 404", noCBOR, ""},
		"cloudwatch.PutMetricAlarm: duplicate":         {"ok", "HTTP 404", noCBOR, ""},
		"cloudwatch.PutMetricAlarm: success":           {"ok", "HTTP 404", noCBOR, ""},
		"cloudwatch.TagResource: success":              {"ok", "HTTP 404", noCBOR, ""},
		"cloudwatch.UntagResource: success":            {"ok", "HTTP 404", noCBOR, ""},
		"cloudwatch.GetMetricData: not found":          {"ok 1 m0 0 0", "HTTP 404", noCBOR, ""},
		"cloudwatch.GetMetricData: one id twice":       {"ValidationError", "HTTP 404", noCBOR, ""},
		"ec2.CreateLaunchTemplate: dependency":         {"InvalidLaunchTemplateName.MalformedException", "ok", "moto takes every name", docEC2 + "API_CreateLaunchTemplate.html"},
		"ec2.CreateLaunchTemplateVersion: duplicate":   {"ok 2", "ok 3", "moto ignores the token of the client", docEC2 + "API_CreateLaunchTemplateVersion.html"},
		"ec2.DeleteLaunchTemplate: not found":          {"InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException", "moto answers as if a name had been given", docEC2 + "errors-overview.html"},
		"iam.ListInstanceProfiles: not found":          {"ok 0", "ok 1", "moto ignores the path prefix; berth looks at the paths itself", docIAM + "API_ListInstanceProfiles.html"},
		"iam.RemoveRoleFromInstanceProfile: not found": {"NoSuchEntity", "HTTP 500", "moto fails inside", docIAM + "API_RemoveRoleFromInstanceProfile.html"},
		"iam.CreateRole: dependency":                   {"MalformedPolicyDocument", "ok", "moto does not read trust policies", docIAM + "API_CreateRole.html"},
		"iam.CreateServiceLinkedRole: duplicate":       {"InvalidInput", "EntityAlreadyExists", "the operation has no such error at AWS", docIAM + "API_CreateServiceLinkedRole.html"},
		"events.RemoveTargets: no target":              {"ok 1", "ok 0", "moto does not say that there is no such target", "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html"},
		"logs.ListTagsForResource: not found":          {"ResourceNotFoundException", "ok 1", "moto tags what it does not have", docLog + "API_ListTagsForResource.html"},
		"logs.TagResource: not found":                  {"ResourceNotFoundException", "ok", "moto tags what it does not have", docLog + "API_TagResource.html"},
		"sd.CreatePrivateDnsNamespace: duplicate":      {"NamespaceAlreadyExists", "ConflictingDomainExists", "the operation has no such error at AWS", docSD + "API_CreatePrivateDnsNamespace.html"},
		"sd.CreateService: dependency":                 {"NamespaceNotFound", "ok", "moto does not look for the namespace", docSD + "API_CreateService.html"},
		"sd.CreateService: duplicate":                  {"ServiceAlreadyExists", "ok", "moto lets two services have one name", docSD + "API_CreateService.html"},
		"sd.CreateService: success":                    {"ok redis <namespace> MULTIVALUE 10", "ok redis <namespace>  10", "moto leaves the default out", docSD + "API_DnsConfig.html"},
		"sd.DeleteNamespace: dependency":               {"ResourceInUse", "ok", "moto deletes a namespace with services", docSD + "API_DeleteNamespace.html"},
		"sd.DeleteService: not found":                  {"ServiceNotFound", "ok", "moto does not look", docSD + "API_DeleteService.html"},
		"sd.ListTagsForResource: not found":            {"ResourceNotFoundException", "ok 1", "moto tags what it does not have", docSD + "API_ListTagsForResource.html"},
		"sd.ListServices: not found":                   {"ok 0 - -", "ok 1 redis berth", "moto does not filter by namespace", docSD + "API_ServiceFilter.html"},
		"ssm.PutParameter: too large":                  {"ValidationException", "ok 1", "moto takes values of any size", "https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm"},
		"secretsmanager.CreateSecret: duplicate":       {"ResourceExistsException", "ok", "moto makes the secret anew", "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"},
		"sd.TagResource: not found":                    {"ResourceNotFoundException", "ok", "moto tags what it does not have", docSD + "API_TagResource.html"},
	}
}

// noSuchCase says why a case of an operation that moto saw is not in the
// script.
func noSuchCase() map[string]string {
	const needsNothing, usedByNothing = "it needs nothing that could be missing", "nothing keeps it from going"
	// What these calls show only leads to a notice or a refusal before anything
	// is changed.
	const unread = "the sandbox's own tests have it"
	return map[string]string{
		"ec2.AllocateAddress: dependency":          needsNothing,
		"ec2.CreateDhcpOptions: dependency":        needsNothing,
		"ec2.CreateInternetGateway: dependency":    needsNothing,
		"ecs.CreateCluster: dependency":            needsNothing,
		"iam.CreateServiceLinkedRole: dependency":  needsNothing,
		"logs.CreateLogGroup: dependency":          needsNothing,
		"s3.CreateBucket: dependency":              needsNothing,
		"s3.GetBucketPolicy: success":              unread,
		"s3.GetBucketPolicy: not found":            unread,
		"s3.GetBucketOwnershipControls: success":   unread,
		"s3.GetBucketOwnershipControls: not found": unread,
		"iam.GetPolicy: success":                   unread,
		"iam.GetPolicy: not found":                 unread,
		"efs.CreateFileSystem: dependency":         needsNothing,
		"efs.DeleteAccessPoint: dependency":        usedByNothing + ": mounts by it break",
		"efs.DeleteMountTarget: dependency":        usedByNothing + ": mounts by it break",
		"ec2.DeleteNatGateway: dependency":         usedByNothing + ": its routes become black holes",
		"ec2.DeleteRoute: dependency":              usedByNothing,
		"ec2.DeleteVpcEndpoints: dependency":       usedByNothing,
		"ecs.DeregisterTaskDefinition: dependency": usedByNothing + ": services go on with it",
		"elb.DeleteListener: dependency":           usedByNothing + ": its rules go with it",
		"elb.DeleteLoadBalancer: dependency":       usedByNothing + ": its listeners go with it",
		"elb.DeleteRule: dependency":               usedByNothing,
		"iam.DeleteRolePolicy: dependency":         usedByNothing,
		"logs.DeleteLogGroup: dependency":          usedByNothing,
		"ssm.DeleteParameter: dependency":          usedByNothing + ": tasks that run have its value",
		"ec2.DescribeAvailabilityZones: not found": "it is asked for all of them",
		"codebuild.ListProjects: not found":        "it is asked for all of them",
		"logs.DescribeResourcePolicies: not found": "it is asked for all of them",
		"sd.ListNamespaces: not found":             "it is asked for all of them",
		"acm.ListCertificates: not found":          "it is asked for all of them",
		"route53.ListHostedZones: not found":       "it is asked for all of them",
		"route53.ListHostedZonesByName: not found": "it answers with the names behind the one that is asked for",
		"acm.RequestCertificate: not found":        needsNothing,
		"acm.DeleteCertificate: dependency":        "it takes an issued certificate; the tests of elb have one",
		"sts.GetCallerIdentity: not found":         "it is asked for nothing by name",
		"sd.CreatePrivateDnsNamespace: dependency": "a VPC that is not there fails the operation, not the call, and moto has no failed operations",
		"sd.DeleteService: dependency":             "instances are ECS's; moto registers none",
	}
}
