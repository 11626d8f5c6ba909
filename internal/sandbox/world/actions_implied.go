package world

import (
	"slices"
)

// Implied is a permission that a call needs, or may need, besides its own,
// because AWS does something else on the caller's behalf.
type Implied struct {
	// Operations are those that need it, such as "s3:CreateBucket".
	Operations []string
	// Actions are the permissions.
	Actions []string
	// Principals are the services that a linked role is made for, or that a
	// role is passed to, as policy conditions name them.
	Principals []string
	// Source says where AWS writes of it.
	Source string

	// when reports from the input whether a call needs the permission. If it is
	// nil, the operation's handler decides, which knows the state of the
	// account.
	when func(in any) bool
}

const (
	linkRole = "iam:CreateServiceLinkedRole"
	handRole = "iam:PassRole"
)

// ImpliedActions returns the table of what calls need besides their own
// permission. Tags in a create are not in it: taggingActions has them.
func ImpliedActions() []Implied {
	return slices.Concat(impliedRoles(), impliedFleets(), impliedCalls())
}

// impliedRoles has the service-linked roles that calls make, and the roles that
// they pass to services.
func impliedRoles() []Implied {
	return []Implied{
		{
			Operations: []string{"ecs:CreateCluster", "ecs:CreateService", "ecs:RunTask", "ecs:CreateCapacityProvider"}, Actions: []string{linkRole},
			Principals: []string{"ecs.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html",
		},
		{
			Operations: []string{"application-autoscaling:RegisterScalableTarget"}, Actions: []string{linkRole},
			Principals: []string{"ecs.application-autoscaling.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html",
		},
		{
			Operations: []string{"elasticloadbalancing:CreateLoadBalancer"}, Actions: []string{linkRole},
			Principals: []string{"elasticloadbalancing.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html",
		},
		{
			Operations: []string{
				"elasticfilesystem:CreateFileSystem", "elasticfilesystem:CreateMountTarget", "s3files:CreateFileSystem", "s3files:CreateMountTarget",
			},
			Actions: []string{linkRole}, Principals: []string{"elasticfilesystem.amazonaws.com"},
			Source: "https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html",
		},
		{
			Operations: []string{"elasticfilesystem:CreateFileSystem", "elasticfilesystem:PutBackupPolicy"}, Actions: []string{linkRole},
			Principals: []string{"backup.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackup.html",
		},
		{
			Operations: []string{"rds:CreateDBInstance", "rds:RestoreDBInstanceFromDBSnapshot"}, Actions: []string{linkRole},
			Principals: []string{"rds.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html",
		},
		{
			Operations: []string{"elasticache:CreateReplicationGroup"}, Actions: []string{linkRole},
			Principals: []string{"elasticache.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/using-service-linked-roles.html",
		},
		{
			Operations: []string{"ecs:CreateService", "ecs:UpdateService"}, Actions: []string{handRole},
			Principals: []string{"ecs.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html",
		},
		{
			Operations: []string{"ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:CreateService", "ecs:UpdateService"}, Actions: []string{handRole},
			Principals: []string{"ecs-tasks.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
		},
		{
			Operations: []string{"ecs:CreateCapacityProvider", "ecs:UpdateCapacityProvider"}, Actions: []string{handRole},
			Principals: []string{"ecs.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html",
		},
		{
			Operations: []string{"iam:AddRoleToInstanceProfile"}, Actions: []string{handRole},
			Principals: []string{"ec2.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html",
		},
		{
			Operations: []string{"ecs:RunTask"}, Actions: []string{"ecs:TagResource"},
			Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html: also for propagated tags",
		},
		{
			Operations: []string{"scheduler:CreateSchedule", "scheduler:UpdateSchedule"}, Actions: []string{handRole},
			Principals: []string{"scheduler.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role",
		},
		{
			Operations: []string{"codebuild:CreateProject", "codebuild:UpdateProject"}, Actions: []string{handRole},
			Principals: []string{"codebuild.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
		},
		{
			Operations: []string{"s3files:CreateFileSystem"}, Actions: []string{handRole}, Principals: []string{"elasticfilesystem.amazonaws.com"},
			Source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html",
		},
	}
}

// impliedFleets has what starting instances and letting ECS scale them needs.
func impliedFleets() []Implied {
	return []Implied{
		{
			Operations: []string{"autoscaling:CreateAutoScalingGroup"}, Actions: []string{linkRole}, Principals: []string{"autoscaling.amazonaws.com"},
			Source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html",
		},
		{
			Operations: []string{"autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"}, Actions: []string{handRole},
			Principals: []string{"ec2.amazonaws.com"},
			Source:     "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
		},
		{
			Operations: []string{"autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"}, Actions: []string{"ec2:RunInstances", "ec2:CreateTags"},
			Source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
		},
		{
			Operations: []string{"ecs:CreateCapacityProvider"}, Actions: []string{"autoscaling:CreateOrUpdateTags"},
			Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html",
		},
	}
}

// impliedCalls has what else AWS does on the caller's behalf.
func impliedCalls() []Implied {
	always := func(any) bool { return true }
	has := func(field string) func(any) bool {
		return func(in any) bool { return !zeroField(in, field) }
	}
	return []Implied{
		{
			Operations: []string{"s3:CreateBucket"}, Actions: []string{"s3:PutBucketOwnershipControls"},
			Source: "s3 api_op_CreateBucket.go, Permissions", when: has("ObjectOwnership"),
		},
		{
			Operations: []string{"s3:GetObject", "s3:HeadObject"}, Actions: []string{"s3:GetObjectVersion"},
			Source: "s3 api_op_GetObject.go, Permissions", when: has("VersionId"),
		},
		{
			Operations: []string{
				"elasticache:CreateReplicationGroup", "elasticache:ModifyReplicationGroup", "elasticache:DeleteReplicationGroup",
				"elasticache:IncreaseReplicaCount", "elasticache:DecreaseReplicaCount",
			},
			Actions: []string{
				"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
				"ec2:DescribeSubnets", "ec2:DescribeVpcs",
			},
			Source: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html, dependent actions",
			when:   always,
		},
		{
			Operations: []string{"elasticfilesystem:CreateMountTarget", "s3files:CreateMountTarget"},
			Actions:    []string{"ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface"},
			Source:     "efs api_op_CreateMountTarget.go",
		},
		{
			Operations: []string{"elasticfilesystem:DeleteMountTarget", "s3files:DeleteMountTarget"}, Actions: []string{"ec2:DeleteNetworkInterface"},
			Source: "efs api_op_DeleteMountTarget.go",
		},
		{
			Operations: []string{"elasticfilesystem:ModifyMountTargetSecurityGroups", "s3files:UpdateMountTarget"},
			Actions:    []string{"ec2:ModifyNetworkInterfaceAttribute"},
			Source:     "efs api_op_ModifyMountTargetSecurityGroups.go",
		},
		{
			Operations: []string{"elasticfilesystem:DescribeMountTargetSecurityGroups"}, Actions: []string{"ec2:DescribeNetworkInterfaceAttribute"},
			Source: "efs api_op_DescribeMountTargetSecurityGroups.go", when: always,
		},
		{
			Operations: []string{"servicediscovery:CreatePrivateDnsNamespace"},
			Actions: []string{
				"route53:CreateHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName", "ec2:DescribeVpcs", "ec2:DescribeRegions",
			},
			Source: "https://docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html",
		},
		{
			Operations: []string{"servicediscovery:UpdatePrivateDnsNamespace"}, Actions: []string{"route53:ChangeResourceRecordSets"},
			Source: "https://docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html",
		},
		{
			Operations: []string{"servicediscovery:DeleteNamespace"}, Actions: []string{"route53:DeleteHostedZone"},
			Source: "https://docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html",
		},
		{
			Operations: []string{"route53:CreateHostedZone"}, Actions: []string{"ec2:DescribeVpcs"},
			Source: "route53 api_op_CreateHostedZone.go", when: has("VPC"),
		},
	}
}

// MayNeed lists every permission that an operation can need, whatever its
// input: its own, the tagging that goes with it, and what it implies. in is a
// value of the operation's input.
func MayNeed(service, op string, in any) []string {
	actions := []string{ownAction(service, op)}
	if tag := taggingActions[prefixOf(service)]; tag != "" && mayTag(op, in) {
		actions = append(actions, tag)
	}
	for _, i := range ImpliedActions() {
		if slices.Contains(i.Operations, prefixOf(service)+":"+op) {
			actions = append(actions, i.Actions...)
		}
	}
	return actions
}

// impliedBy lists what a call needs besides its own action, as far as its input
// shows it.
func impliedBy(prefix, op string, in any) []string {
	var actions []string
	for _, i := range ImpliedActions() {
		if i.when != nil && slices.Contains(i.Operations, prefix+":"+op) && i.when(in) {
			actions = append(actions, i.Actions...)
		}
	}
	return actions
}
