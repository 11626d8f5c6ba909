package world

import (
	"maps"
	"time"
)

// The steps that take time.
const (
	// RoleAssumable is the time from CreateRole until a service can assume the
	// role.
	RoleAssumable Step = "role assumable"
	// LinkedRoleReady is from CreateServiceLinkedRole until its service works.
	LinkedRoleReady Step = "service-linked role ready"
	// NATAvailable is from CreateNatGateway until available.
	NATAvailable Step = "nat gateway available"
	// NATDeleted is from DeleteNatGateway until deleted and its address free.
	NATDeleted Step = "nat gateway deleted"
	// PublicAddressUnmapped is from the end of an interface with a public
	// address until the internet gateway can be detached.
	PublicAddressUnmapped Step = "public address unmapped"
	// VPCEndpointDeleted is for a gateway endpoint.
	VPCEndpointDeleted Step = "gateway endpoint deleted"
	// BalancerActive is from CreateLoadBalancer until active.
	BalancerActive Step = "load balancer active"
	// NetworkBalancerActive is BalancerActive for a network load balancer.
	NetworkBalancerActive Step = "network load balancer active"
	// NetworkTargetRegistered is from the registration of a target with a
	// network load balancer until its checks count.
	NetworkTargetRegistered Step = "network target registered"
	// BalancerInterfaces is from DeleteLoadBalancer, which answers at once,
	// until its network interfaces and their public addresses are gone.
	BalancerInterfaces Step = "load balancer interfaces released"
	// NamespaceCreated is from CreatePrivateDnsNamespace until SUCCESS.
	NamespaceCreated Step = "private dns namespace created"
	// NamespaceUpdated is from UpdatePrivateDnsNamespace until SUCCESS.
	NamespaceUpdated Step = "private dns namespace updated"
	// NameUpdated is from UpdateService of Cloud Map until SUCCESS.
	NameUpdated Step = "name updated"
	// NamespaceDeleted is from DeleteNamespace until SUCCESS.
	NamespaceDeleted Step = "private dns namespace deleted"
	// ScheduleGroupDeleted is from DeleteScheduleGroup until the group is gone.
	ScheduleGroupDeleted Step = "schedule group deleted"
	// TaskPlaced is from the decision to start a task until its network
	// interface exists (PROVISIONING to PENDING).
	TaskPlaced Step = "task placed"
	// TaskPulled is from PENDING until RUNNING, a small image.
	TaskPulled Step = "image pulled"
	// TaskSettled is how long ECS waits after RUNNING before a task without
	// any health check counts as healthy.
	TaskSettled Step = "task without a health check counts as healthy"
	// TaskInterface is from STOPPED until the task's network interface is gone.
	TaskInterface Step = "task interface released"
	// MachineRegistered is from the launch of an EC2 instance until it takes tasks.
	MachineRegistered Step = "instance registered"
	// ProviderMade is from CreateCapacityProvider until CREATE_COMPLETE.
	ProviderMade Step = "capacity provider made"
	// MachineTerminated is from the end of an instance until its interface is gone.
	MachineTerminated Step = "instance terminated"
	// ServiceScheduler is how long ECS takes to react to a change of a service.
	ServiceScheduler Step = "service scheduler reacts"
	// ImageBuilt is from the beginning of a build until its image is pushed.
	ImageBuilt Step = "image built"
	// CodeBuildDone is from StartBuild until the build has ended.
	CodeBuildDone Step = "codebuild build done"
	// MetricSeen is from the end of a minute until an alarm has looked at its
	// data point.
	MetricSeen Step = "metric seen by its alarm"
	// FastMetricSeen is MetricSeen of a data point of 20 seconds.
	FastMetricSeen Step = "20-second metric seen by its alarm"
	// TaskDefinitionDeleted is from DeleteTaskDefinitions until it is gone.
	TaskDefinitionDeleted Step = "task definition deleted"
	// FileSystemAvailable is from CreateFileSystem until available.
	FileSystemAvailable Step = "file system available"
	// FileSystemDeleted is from DeleteFileSystem until it is gone.
	FileSystemDeleted Step = "file system deleted"
	// MountTargetAvailable is from CreateMountTarget until available.
	MountTargetAvailable Step = "mount target available"
	// MountTargetResolves is from available until tasks can resolve its name,
	// which they need to mount it.
	MountTargetResolves Step = "mount target's name resolved"
	// MountTargetDeleted is from DeleteMountTarget until it and its network
	// interface are gone.
	MountTargetDeleted Step = "mount target deleted"
	// AccessPointAvailable is from CreateAccessPoint until available.
	AccessPointAvailable Step = "access point available"
	// AccessPointDeleted is from DeleteAccessPoint until it is gone.
	AccessPointDeleted Step = "access point deleted"
	// ChangeInsync is from ChangeResourceRecordSets until INSYNC.
	ChangeInsync Step = "dns change on all name servers"
	// CertificateRecords is from RequestCertificate until DescribeCertificate
	// shows the validation records.
	CertificateRecords Step = "certificate's validation records shown"
	// CertificateIssued is from the moment at which the validation records can
	// be seen until the certificate is issued.
	CertificateIssued Step = "certificate issued"
	// CertificateReleased is from the end of a listener until its certificate
	// can be deleted.
	CertificateReleased Step = "certificate released"
)

// durations is the table in section 3.14 of the AWS reference, with further
// rows. "Assumption" marks what has not been measured.
var durations = withRows(map[Step]Duration{
	RoleAssumable: {
		8 * time.Second, 9 * time.Second,
		"cdkd benchmark: 7.9 s cold, 6.9-9.0",
	},
	LinkedRoleReady: {
		12 * time.Second, 15 * time.Second,
		"10-15 s, from memory of AWS's documentation",
	},
	NATAvailable: {
		86 * time.Second, 120 * time.Second,
		"cdkd benchmark: 109.7-23.4 s; AWS: 1-2 min",
	},
	NATDeleted: {
		60 * time.Second, 120 * time.Second,
		"assumption: Terraform destroys commonly report 50-60 s, up to 2 min",
	},
	PublicAddressUnmapped: {
		5 * time.Second, 120 * time.Second,
		"assumption: mostly at once; cdkd's code allows for 5-10 min",
	},
	VPCEndpointDeleted: {
		3 * time.Second, 10 * time.Second,
		"assumption: Terraform reports 5-10 s with a 5 s poll",
	},
	ScheduleGroupDeleted: {
		2 * time.Second, 30 * time.Second,
		"assumption: a group without schedules is DELETING for a moment; AWS names no time",
	},
	BalancerActive: {
		128 * time.Second, 180 * time.Second,
		"cdkd benchmark: 162.8-34.5 s; cdkd reference: 90-180 s",
	},
	NetworkBalancerActive: {
		150 * time.Second, 240 * time.Second,
		"assumption: Terraform commonly reports 2.5-3 min, at times 4, with a 10 s poll",
	},
	NetworkTargetRegistered: {
		30 * time.Second, 120 * time.Second,
		"assumption: AWS says minutes before a new target receives traffic; users see 0.5 to 2",
	},
	BalancerInterfaces: {
		20 * time.Second, 90 * time.Second,
		"assumption: users see the interfaces for half a minute, at times minutes, after the deletion",
	},
	NamespaceCreated: {
		25 * time.Second, 60 * time.Second,
		"assumption: a Route 53 private hosted zone; Terraform reports 30-50 s with a coarse poll",
	},
	NamespaceUpdated: {
		5 * time.Second, 30 * time.Second,
		"assumption: a change of a record in Route 53, which is in sync within 60 s",
	},
	NameUpdated: {
		3 * time.Second, 30 * time.Second,
		"assumption: as the update of a namespace",
	},
	NamespaceDeleted: {
		20 * time.Second, 60 * time.Second,
		"assumption: as the creation",
	},
	TaskPlaced: {
		10 * time.Second, 20 * time.Second,
		"containers-roadmap#358: place and pull together 20-40 s for a small image",
	},
	TaskPulled: {
		25 * time.Second, 50 * time.Second,
		"containers-roadmap#358 and elasticscale.com: 20-40 s small, 53-62 s for 413 MB, both with placing",
	},
	TaskSettled: {
		40 * time.Second, 40 * time.Second,
		"SDK, MinimumHealthyPercent: 40 s after RUNNING",
	},
	TaskInterface: {
		5 * time.Second, 60 * time.Second,
		"assumption: ECS detaches within seconds (DEPROVISIONING); users report up to minutes",
	},
	MachineRegistered: {
		40 * time.Second, 90 * time.Second,
		"assumption: an instance boots and its agent registers within about a minute",
	},
	ProviderMade: {
		5 * time.Second, 20 * time.Second,
		"assumption: nothing is launched, so that it takes seconds",
	},
	MachineTerminated: {
		40 * time.Second, 2 * time.Minute,
		"assumption: an instance shuts down within about a minute",
	},
	ServiceScheduler: {
		1 * time.Second, 3 * time.Second,
		"assumption: the first events of a service appear within seconds",
	},
	ImageBuilt: {
		35 * time.Second, 180 * time.Second,
		"assumption: a small image with a warm cache, and its push",
	},
	CodeBuildDone: {
		75 * time.Second, 240 * time.Second,
		"assumption: 15-25 s of provisioning as users report, then a small image and its push",
	},
	MetricSeen: {
		150 * time.Second, 183 * time.Second,
		"containers-roadmap#2113: AWS measured 363 s from the load to the scale-out, of which three data points are 180 to 240",
	},
	FastMetricSeen: {
		16 * time.Second, 26 * time.Second,
		"containers-roadmap#2113: AWS measured 86 s from the load to the scale-out, of which three data points are 60 to 80",
	},
	TaskDefinitionDeleted: {
		60 * time.Second, 10 * time.Minute,
		"assumption: AWS names no limit; it waits until nothing refers to it",
	},
	FileSystemAvailable: {
		6 * time.Second, 15 * time.Second,
		"assumption: Terraform reports 5-12 s with a coarse poll",
	},
	FileSystemDeleted: {
		5 * time.Second, 15 * time.Second,
		"assumption: as the creation",
	},
	MountTargetAvailable: {
		90 * time.Second, 300 * time.Second,
		"Terraform reports 80-90 s; terraform-provider-aws#15278: over 10 min at times",
	},
	MountTargetResolves: {
		90 * time.Second, 90 * time.Second,
		"EFS user guide, mounting-fs-mount-cmd-dns-name: wait 90 s until the DNS records have spread in the region; " +
			"valheim-ecs-fargate-cdk#28: the first tasks fail until then",
	},
	MountTargetDeleted: {
		45 * time.Second, 120 * time.Second,
		"assumption: Terraform destroys commonly report 20-60 s",
	},
	AccessPointAvailable: {
		3 * time.Second, 10 * time.Second,
		"assumption: Terraform reports 2-8 s",
	},
	AccessPointDeleted: {
		3 * time.Second, 10 * time.Second,
		"assumption: as the creation",
	},
	ChangeInsync: {
		35 * time.Second, 60 * time.Second,
		"API reference of ChangeResourceRecordSets: generally within 60 seconds",
	},
	CertificateRecords: {
		3 * time.Second, 10 * time.Second,
		"ACM user guide, DNS validation: some seconds after the request",
	},
	CertificateIssued: {
		75 * time.Second, 10 * time.Minute,
		"assumption: users report from half a minute to 5-15 min (errornotes.dev)",
	},
	CertificateReleased: {
		5 * time.Second, 60 * time.Second,
		"assumption: Terraform retries ResourceInUse for up to 20 min, mostly seconds",
	},
}, dataDurations(), bucketSystemDurations())

// withRows joins tables of durations.
func withRows(tables ...map[Step]Duration) map[Step]Duration {
	all := map[Step]Duration{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}
