package permissions

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/sandbox"
)

// scope limits actions to berth's own objects: by the names and paths that
// berth gives, or by its mark.
type scope struct {
	sid       string
	matches   func(action string) bool
	resource  []string
	condition map[string]map[string][]string
	// also lets the scopes below apply to the actions too: AWS checks several
	// objects in one call, or berth deletes objects of two kinds.
	also bool
}

func oneOf(actions ...string) func(string) bool {
	return func(a string) bool { return slices.Contains(actions, a) }
}

func all(service string, except ...string) func(string) bool {
	return func(a string) bool { return strings.HasPrefix(a, service+":") && !slices.Contains(except, a) }
}

const (
	// rolesSid names the statement about roles, of which Bounded makes two.
	rolesSid      = "Roles"
	lastSnapshots = "arn:aws:elasticache:*:*:snapshot:*-final"
)

// scopes say which actions can be limited. The first match counts; everything
// else needs "*", because AWS accepts no resource for it, because the object is
// not berth's, or because the id is not known beforehand.
func scopes() []scope {
	return []scope{
		{
			sid: "PassRoles", matches: oneOf("iam:PassRole"), resource: []string{"arn:aws:iam::*:role/berth/*"},
			condition: map[string]map[string][]string{"StringEquals": {"iam:PassedToService": principals("iam:PassRole")}},
		},
		{
			sid: "LinkedRoles", matches: oneOf("iam:CreateServiceLinkedRole"), resource: []string{"arn:aws:iam::*:role/aws-service-role/*"},
			condition: map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": principals("iam:CreateServiceLinkedRole")}},
		},
		// Roles and policies that a file names can be anywhere.
		{
			sid: rolesSid, matches: all("iam", "iam:ListRoles", "iam:ListInstanceProfiles", "iam:GetRole", "iam:GetPolicy"),
			resource: []string{"arn:aws:iam::*:role/berth/*", "arn:aws:iam::*:instance-profile/berth/*"},
		},
		// The names of the buckets of volumes are not known beforehand.
		{
			sid: "VolumeBuckets", matches: oneOf("s3:ListBucket", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"),
			resource: []string{"arn:aws:s3:::*"},
		},
		{sid: "State", matches: all("s3"), resource: []string{"arn:aws:s3:::berth-*", "arn:aws:s3:::berth-*/*"}},
		{
			sid:      "Images",
			matches:  all("ecr", "ecr:GetAuthorizationToken", "ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:DescribePullThroughCacheRules"),
			resource: []string{"arn:aws:ecr:*:*:repository/berth/*"},
		},
		{
			sid: "Schedules", matches: all("scheduler", "scheduler:ListSchedules"),
			resource: []string{"arn:aws:scheduler:*:*:schedule/berth-*", "arn:aws:scheduler:*:*:schedule-group/berth-*"},
		},
		{
			sid: "Alarms", matches: all("cloudwatch", "cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"),
			resource: []string{"arn:aws:cloudwatch:*:*:alarm:berth/*"},
		},
		{sid: "Events", matches: all("events", "events:ListRules"), resource: []string{"arn:aws:events:*:*:rule/berth-*"}},
		{
			sid:      "Logs",
			matches:  all("logs", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy", "logs:DeleteResourcePolicy"),
			resource: []string{"arn:aws:logs:*:*:log-group:/berth/*", "arn:aws:logs:*:*:log-group:/aws/events/berth/*"},
		},
		// Existing clusters have no mark, and the documents are AWS's.
		{
			sid: "Containers", matches: oneOf("ecs:ExecuteCommand", "ssm:StartSession", "ssm:ResumeSession"),
			resource: []string{
				"arn:aws:ecs:*:*:cluster/*", "arn:aws:ecs:*:*:task/*", "arn:aws:ssm:*:*:session/*",
				"arn:aws:ssm:*::document/AWS-StartPortForwardingSession", "arn:aws:ssm:*::document/AWS-StartPortForwardingSessionToRemoteHost",
			},
		},
		// The AMIs that AWS makes for ECS.
		{
			sid: "MachineImages", matches: oneOf("ssm:GetParameters"),
			resource: []string{"arn:aws:ssm:*::parameter/aws/service/ecs/*"}, also: true,
		},
		{sid: "Secrets", matches: all("ssm", "ssm:DescribeParameters"), resource: []string{"arn:aws:ssm:*:*:parameter/berth/*"}},
		// The snapshot that a deleted cache leaves has no tags, but its name ends
		// like this. AWS checks it in addition to the cache.
		{
			sid: "MakeLastSnapshots", matches: oneOf("elasticache:DeleteReplicationGroup"),
			resource: []string{lastSnapshots}, also: true,
		},
		{sid: "LastSnapshots", matches: oneOf("elasticache:DeleteSnapshot"), resource: []string{lastSnapshots}},
		{
			sid: "Caches", matches: oneOf("elasticache:DeleteReplicationGroup"),
			resource: []string{"arn:aws:elasticache:*:*:replicationgroup:*"}, condition: isMarked(),
		},
		// What Service Connect leaves behind has ECS's tag and not berth's.
		{
			sid: "LeftByConnect", matches: oneOf("servicediscovery:DeleteService", "servicediscovery:DeregisterInstance"),
			resource: []string{"*"}, condition: hasTag("AmazonECSManaged"), also: true,
		},
		{sid: "Marked", matches: oneOf(marked()...), resource: []string{"*"}, condition: isMarked()},
	}
}

// isMarked returns the condition that an object has berth's mark.
func isMarked() map[string]map[string][]string { return hasTag("berth:owner") }

func hasTag(key string) map[string]map[string][]string {
	return map[string]map[string][]string{"Null": {"aws:ResourceTag/" + key: {"false"}}}
}

// marked are the actions that are limited to objects with berth's mark: AWS
// supports aws:ResourceTag for them, they are about one object, and berth tags
// it when it makes it. Actions that also concern other people's objects are not
// among them, such as those on rules of an existing balancer. For a mount
// target the mark of its file system counts, for a route that of its table.
// Source: the tables of actions in
// https://docs.aws.amazon.com/service-authorization/latest/reference/
func marked() []string {
	return []string{
		"acm:DeleteCertificate",
		"application-autoscaling:DeregisterScalableTarget", "application-autoscaling:DeleteScalingPolicy",
		"application-autoscaling:DeleteScheduledAction",
		"autoscaling:DeleteAutoScalingGroup", "autoscaling:DeleteTags", "autoscaling:SetInstanceProtection", "autoscaling:UpdateAutoScalingGroup",
		"codebuild:DeleteProject",
		"ec2:CreateLaunchTemplateVersion", "ec2:DeleteDhcpOptions", "ec2:DeleteInternetGateway", "ec2:DeleteLaunchTemplate", "ec2:DeleteNatGateway", "ec2:DeleteRoute", "ec2:DeleteRouteTable",
		"ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints",
		"ec2:DetachInternetGateway", "ec2:ModifyVpcAttribute", "ec2:ReleaseAddress",
		"ecs:DeleteCapacityProvider", "ecs:DeleteCluster", "ecs:DeleteService", "ecs:UpdateCapacityProvider", "ecs:UpdateCluster", "ecs:UpdateService",
		"elasticache:DeleteCacheSubnetGroup",
		"elasticfilesystem:DeleteAccessPoint", "elasticfilesystem:DeleteFileSystem", "elasticfilesystem:DeleteFileSystemPolicy",
		"elasticfilesystem:DeleteMountTarget", "elasticfilesystem:PutBackupPolicy",
		"elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteRule",
		"elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyLoadBalancerAttributes",
		"elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes",
		"rds:DeleteDBInstance", "rds:DeleteDBParameterGroup", "rds:DeleteDBSnapshot", "rds:DeleteDBSubnetGroup",
		"s3files:DeleteAccessPoint", "s3files:DeleteFileSystem", "s3files:DeleteMountTarget",
		"servicediscovery:DeleteNamespace", "servicediscovery:DeleteService", "servicediscovery:DeregisterInstance",
	}
}

// unmarked are the deletions that are allowed for every object of an account,
// and why they cannot be limited.
func unmarked() map[string]string {
	return map[string]string{
		"ec2:DeleteNetworkInterface":   "AWS makes the interfaces of caches and mount targets, without tags",
		"ec2:DeleteTags":               "it removes labels; see the next point",
		"logs:DeleteResourcePolicy":    "AWS supports no resource and no tags for it",
		"ecs:DeleteTaskDefinitions":    "one call deletes several, and only deregistered ones",
		"ecs:DeregisterTaskDefinition": "AWS supports no resource for it",
		"route53:DeleteHostedZone":     "AWS supports no tags of zones in policies; Cloud Map deletes a zone with its namespace",
	}
}

// principals returns the services of an implied permission.
func principals(action string) []string {
	var all []string
	for _, i := range sandbox.ImpliedActions() {
		if slices.Contains(i.Actions, action) {
			all = append(all, i.Principals...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
