package gate

import "strings"

// Members returns the paths of the members that every answer of an operation
// has and that berth's types rely on. serviceID is the SDK's id, such as "EC2".
// See members for the form of the paths.
func Members(serviceID, operation string) []string {
	return membersOf(serviceByID(serviceID).name, operation)
}

func membersOf(service, operation string) []string {
	head := "\n" + service + " " + operation + ":"
	_, rest, ok := strings.Cut(members, head)
	if !ok {
		return nil
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.Fields(line)
}

// members has a line for each operation: objects that are made or listed have
// an identity, attributes that decide on a replacement are shown, and objects
// that berth waits for have a state. A step that ends with "[]" is a list each
// of whose elements must have the rest of the path; with "[1]" the list must
// also have an element. Sources: "always present" and the examples in each
// service's API reference.
const members = `
acm DescribeCertificate: Certificate.CertificateArn Certificate.Status
acm ListCertificates: CertificateSummaryList[].CertificateArn CertificateSummaryList[].DomainName
acm RequestCertificate: CertificateArn
cloudwatch DescribeAlarms: MetricAlarms[].AlarmName
codebuild BatchGetBuilds: Builds[].Id Builds[].BuildStatus
codebuild BatchGetProjects: Projects[].Name Projects[].Arn
codebuild CreateProject: Project.Name Project.Arn
codebuild StartBuild: Build.Id
codebuild UpdateProject: Project.Name Project.Arn
ec2 AllocateAddress: AllocationId
ec2 AssociateRouteTable: AssociationId
ec2 CreateDhcpOptions: DhcpOptions.DhcpOptionsId
ec2 CreateInternetGateway: InternetGateway.InternetGatewayId
ec2 CreateLaunchTemplate: LaunchTemplate.LaunchTemplateId LaunchTemplate.LatestVersionNumber
ec2 CreateLaunchTemplateVersion: LaunchTemplateVersion.VersionNumber
ec2 DescribeLaunchTemplateVersions: LaunchTemplateVersions[].LaunchTemplateData
ec2 DescribeLaunchTemplates: LaunchTemplates[].LaunchTemplateId LaunchTemplates[].LaunchTemplateName LaunchTemplates[].LatestVersionNumber
ec2 CreateNatGateway: NatGateway.NatGatewayId NatGateway.State
ec2 CreateRouteTable: RouteTable.RouteTableId
ec2 CreateSecurityGroup: GroupId
ec2 CreateSubnet: Subnet.SubnetId
ec2 CreateVpc: Vpc.VpcId
ec2 CreateVpcEndpoint: VpcEndpoint.VpcEndpointId VpcEndpoint.State
ec2 DescribeAddresses: Addresses[].AllocationId
ec2 DescribeAvailabilityZones: AvailabilityZones[].ZoneName
ec2 DescribeDhcpOptions: DhcpOptions[].DhcpOptionsId
ec2 DescribeInternetGateways: InternetGateways[].InternetGatewayId
ec2 DescribeNatGateways: NatGateways[].NatGatewayId NatGateways[].State
ec2 DescribeNetworkInterfaces: NetworkInterfaces[].NetworkInterfaceId
ec2 DescribeRouteTables: RouteTables[].RouteTableId RouteTables[].VpcId
ec2 DescribeSecurityGroups: SecurityGroups[].GroupId SecurityGroups[].GroupName
ec2 DescribeSubnets: Subnets[].SubnetId Subnets[].VpcId Subnets[].CidrBlock Subnets[].AvailabilityZone
ec2 DescribeVpcEndpoints: VpcEndpoints[].VpcEndpointId VpcEndpoints[].State
ec2 DescribeVpcs: Vpcs[].VpcId Vpcs[].CidrBlock
ec2 ReplaceRouteTableAssociation: NewAssociationId
ecr CreateRepository: Repository.RepositoryArn Repository.RepositoryUri
ecr DescribeRepositories: Repositories[].RepositoryName Repositories[].RepositoryArn Repositories[].RepositoryUri
ecs CreateCapacityProvider: CapacityProvider.CapacityProviderArn CapacityProvider.Name
ecs CreateCluster: Cluster.ClusterArn Cluster.ClusterName
ecs CreateService: Service.ServiceArn Service.ServiceName
ecs DescribeCapacityProviders: CapacityProviders[].Name
ecs DescribeClusters: Clusters[].ClusterArn Clusters[].ClusterName Clusters[].Status
ecs DescribeServices: Services[].ServiceArn Services[].ServiceName Services[].Status
ecs DescribeTaskDefinition: TaskDefinition.TaskDefinitionArn TaskDefinition.Family
ecs DescribeTasks: Tasks[].TaskArn Tasks[].LastStatus
ecs RegisterTaskDefinition: TaskDefinition.TaskDefinitionArn
ecs RunTask: Tasks[].TaskArn
ecs UpdateCapacityProvider: CapacityProvider.CapacityProviderArn CapacityProvider.Name
ecs UpdateService: Service.ServiceArn Service.ServiceName
efs CreateAccessPoint: AccessPointId AccessPointArn
efs CreateFileSystem: FileSystemId FileSystemArn
efs CreateMountTarget: MountTargetId
efs DescribeAccessPoints: AccessPoints[].AccessPointId AccessPoints[].LifeCycleState
efs DescribeFileSystems: FileSystems[].FileSystemId FileSystems[].LifeCycleState
efs DescribeMountTargets: MountTargets[].MountTargetId MountTargets[].LifeCycleState
elasticache CreateCacheSubnetGroup: CacheSubnetGroup.CacheSubnetGroupName
elasticache CreateReplicationGroup: ReplicationGroup.ReplicationGroupId ReplicationGroup.Status
elasticache DescribeCacheSubnetGroups: CacheSubnetGroups[].CacheSubnetGroupName
elasticache DescribeReplicationGroups: ReplicationGroups[].ReplicationGroupId ReplicationGroups[].Status
elb CreateListener: Listeners[1].ListenerArn
elb CreateLoadBalancer: LoadBalancers[1].LoadBalancerArn
elb CreateRule: Rules[1].RuleArn
elb CreateTargetGroup: TargetGroups[1].TargetGroupArn
elb DescribeListeners: Listeners[].ListenerArn
elb DescribeLoadBalancers: LoadBalancers[].LoadBalancerArn LoadBalancers[].State.Code LoadBalancers[].Type
elb DescribeRules: Rules[].RuleArn
elb DescribeTargetGroups: TargetGroups[].TargetGroupArn
iam CreateInstanceProfile: InstanceProfile.InstanceProfileName InstanceProfile.Arn
iam CreateRole: Role.RoleName Role.Arn
iam CreateServiceLinkedRole: Role.RoleName Role.Arn
iam GetInstanceProfile: InstanceProfile.InstanceProfileName InstanceProfile.Arn
iam GetRole: Role.RoleName Role.Arn
iam ListInstanceProfiles: InstanceProfiles[].InstanceProfileName InstanceProfiles[].Arn
iam ListRoles: Roles[].RoleName Roles[].Arn
logs DescribeLogGroups: LogGroups[].LogGroupName
rds CreateDBInstance: DBInstance.DBInstanceIdentifier DBInstance.DBInstanceStatus
rds CreateDBParameterGroup: DBParameterGroup.DBParameterGroupName
rds CreateDBSubnetGroup: DBSubnetGroup.DBSubnetGroupName
rds DescribeDBInstances: DBInstances[].DBInstanceIdentifier DBInstances[].DBInstanceStatus
rds DescribeDBParameterGroups: DBParameterGroups[].DBParameterGroupName
rds DescribeDBSnapshots: DBSnapshots[].DBSnapshotIdentifier
rds DescribeDBSubnetGroups: DBSubnetGroups[].DBSubnetGroupName
rds RestoreDBInstanceFromDBSnapshot: DBInstance.DBInstanceIdentifier DBInstance.DBInstanceStatus
route53 ChangeResourceRecordSets: ChangeInfo.Id
route53 CreateHostedZone: HostedZone.Id HostedZone.Name
route53 GetChange: ChangeInfo.Status
route53 GetHostedZone: HostedZone.Id HostedZone.Name
route53 ListHostedZones: HostedZones[].Id HostedZones[].Name
route53 ListHostedZonesByName: HostedZones[].Id HostedZones[].Name
route53 ListResourceRecordSets: ResourceRecordSets[].Name ResourceRecordSets[].Type
s3 CreateMultipartUpload: UploadId
s3 GetObject: Body ETag
s3 ListObjectsV2: Contents[].Key
s3 PutObject: ETag
s3 UploadPart: ETag
s3files CreateAccessPoint: AccessPointId AccessPointArn
s3files CreateFileSystem: FileSystemId FileSystemArn
s3files CreateMountTarget: MountTargetId
s3files GetAccessPoint: AccessPointId AccessPointArn
s3files GetFileSystem: FileSystemId FileSystemArn
s3files ListAccessPoints: AccessPoints[].AccessPointId
s3files ListFileSystems: FileSystems[].FileSystemId
s3files ListMountTargets: MountTargets[].MountTargetId
sd CreatePrivateDnsNamespace: OperationId
sd CreateService: Service.Id
sd DeleteNamespace: OperationId
sd DeregisterInstance: OperationId
sd GetNamespace: Namespace.Id
sd GetOperation: Operation.Status
sd ListInstances: Instances[].Id
sd ListNamespaces: Namespaces[].Id Namespaces[].Name
sd ListServices: Services[].Id Services[].Name
sd RegisterInstance: OperationId
ssm DescribeParameters: Parameters[].Name
ssm GetParameter: Parameter.Name Parameter.Value
ssm GetParameters: Parameters[].Name Parameters[].Value
ssm GetParametersByPath: Parameters[].Name Parameters[].Value
ssm PutParameter: Version
sts GetCallerIdentity: Account Arn
tagging GetResources: ResourceTagMappingList[].ResourceARN
`
