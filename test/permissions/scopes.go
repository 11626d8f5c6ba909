package permissions

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/sandbox"
)

// scope limits actions to what berth makes: by the names and paths that it
// gives, or by its mark.
type scope struct {
	sid       string
	matches   func(action string) bool
	resource  []string
	condition map[string]map[string][]string
}

func oneOf(actions ...string) func(string) bool {
	return func(a string) bool { return slices.Contains(actions, a) }
}

func all(service string, except ...string) func(string) bool {
	return func(a string) bool { return strings.HasPrefix(a, service+":") && !slices.Contains(except, a) }
}

// scopes say which actions can be limited. The first match counts; everything
// else needs "*", because AWS takes no resource for it, because the object is
// not berth's, or because the id is not known beforehand.
func scopes() []scope {
	return []scope{
		{
			"PassRoles", oneOf("iam:PassRole"),
			[]string{"arn:aws:iam::*:role/berth/*"},
			map[string]map[string][]string{"StringEquals": {"iam:PassedToService": principals("iam:PassRole")}},
		},
		{
			"LinkedRoles", oneOf("iam:CreateServiceLinkedRole"),
			[]string{"arn:aws:iam::*:role/aws-service-role/*"},
			map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": principals("iam:CreateServiceLinkedRole")}},
		},
		// Roles and policies that a file names are anywhere.
		{"Roles", all("iam", "iam:ListRoles", "iam:GetRole", "iam:GetPolicy"), []string{"arn:aws:iam::*:role/berth/*"}, nil},
		// Nobody knows the names of the buckets that volumes are on.
		{
			"VolumeBuckets", oneOf("s3:ListBucket", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"),
			[]string{"arn:aws:s3:::*"}, nil,
		},
		{"State", all("s3"), []string{"arn:aws:s3:::berth-*", "arn:aws:s3:::berth-*/*"}, nil},
		{
			"Images", all("ecr", "ecr:GetAuthorizationToken", "ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:DescribePullThroughCacheRules"),
			[]string{"arn:aws:ecr:*:*:repository/berth/*"}, nil,
		},
		{"Logs", all("logs", "logs:DescribeLogGroups"), []string{"arn:aws:logs:*:*:log-group:/berth/*"}, nil},
		{"Secrets", all("ssm", "ssm:DescribeParameters"), []string{"arn:aws:ssm:*:*:parameter/berth/*"}, nil},
		{
			"Marked", oneOf(marked()...),
			[]string{"*"}, map[string]map[string][]string{"Null": {"aws:ResourceTag/berth:owner": {"false"}}},
		},
	}
}

// marked are the actions that are limited to objects with berth's mark: AWS
// knows aws:ResourceTag for them, they are about one object, and berth tags it
// when it makes it. What shares a call with objects of others is not among
// them: rules of a given balancer, mount targets of a given file system, routes
// of a given table; nor what AWS checks a second, new object for, such as the
// last snapshot of a cache. Source: the tables of actions in
// https://docs.aws.amazon.com/service-authorization/latest/reference/
func marked() []string {
	return []string{
		"acm:DeleteCertificate",
		"codebuild:DeleteProject",
		"ec2:DeleteDhcpOptions", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteRouteTable",
		"ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints",
		"ec2:DetachInternetGateway", "ec2:ModifyVpcAttribute", "ec2:ReleaseAddress",
		"ecs:DeleteCluster", "ecs:DeleteService", "ecs:UpdateCluster", "ecs:UpdateService",
		"elasticache:DeleteCacheSubnetGroup",
		"elasticfilesystem:DeleteAccessPoint", "elasticfilesystem:DeleteFileSystem", "elasticfilesystem:DeleteFileSystemPolicy",
		"elasticfilesystem:PutBackupPolicy",
		"elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteRule",
		"elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyLoadBalancerAttributes",
		"elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes",
		"rds:DeleteDBInstance", "rds:DeleteDBParameterGroup", "rds:DeleteDBSnapshot", "rds:DeleteDBSubnetGroup",
		// Not servicediscovery:DeleteService: what Service Connect left has ECS's
		// tag and not berth's.
		"servicediscovery:DeleteNamespace",
	}
}

// principals are the services of an implied permission.
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
