package placing

import (
	"cmp"
	"regexp"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/settings"
	"github.com/berthdev/berth/internal/project"
)

// Placing is where the tasks of a service or job run.
type Placing struct {
	// Capacity is the existing capacity provider that its tasks run on, or Managed or EC2;
	// empty for Fargate.
	Capacity string
	// Instances are what the instances have that berth makes; Own says that those of the
	// service are not shared with others.
	Instances project.XInstances
	Own       bool
	// Subnets are the existing subnets that its tasks are in, PublicIP says whether they
	// have public addresses there; nil is as the environment has it.
	Subnets  []string
	PublicIP *bool
}

const (
	// Managed is the capacity of Managed Instances.
	Managed = "managed"
	// EC2 is that of the instances of an Auto Scaling group that berth makes.
	EC2 = "ec2"
)

// OnManaged says that the tasks run on Managed Instances.
func (p Placing) OnManaged() bool { return p.Capacity == Managed }

// OnEC2 says that the tasks run on the instances of an Auto Scaling group of berth's.
func (p Placing) OnEC2() bool { return p.Capacity == EC2 }

// OnInstances says that berth makes what starts the instances of the tasks.
func (p Placing) OnInstances() bool { return p.OnManaged() || p.OnEC2() }

// Provider is the existing capacity provider; empty for Fargate and what berth makes.
func (p Placing) Provider() string {
	if p.OnInstances() {
		return ""
	}
	return p.Capacity
}

// Of is where the tasks of a service run: as the service says, else the environment.
func Of(s settings.Settings, env project.XBerth, x project.XService) Placing {
	p := Placing{Capacity: *cmp.Or(x.Capacity, &s.Capacity.Value), Subnets: x.Subnets, PublicIP: x.AssignPublicIP}
	if p.Capacity == settings.CapacityFargate {
		p.Capacity = ""
	}
	switch {
	case !p.OnInstances():
	case x.Instances != nil:
		p.Instances, p.Own = *x.Instances, true
	case env.Instances != nil:
		p.Instances = *env.Instances
	}
	return p
}

// On is the capacity itself.
func (p Placing) On() capacity.Capacity {
	if p.Capacity == "" {
		return capacity.Fargate()
	}
	switch {
	case p.OnManaged():
		return capacity.Managed()
	case p.OnEC2():
		return capacity.EC2()
	}
	return capacity.Instances(p.Capacity)
}

// Subject is a service or job, and what happens to a refused key of its x-berth.
type Subject struct {
	Placing
	Refuse func(key, what, why, remedy string)
	// Given says that the service has instances of its own.
	Given bool
	// ArmGPUs says that its tasks need GPUs beside a processor for arm64.
	ArmGPUs bool
	// Reached says that clients reach it under a published port.
	Reached bool
}

// reserved are the names that ECS keeps for capacity providers of its own.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
var reserved = regexp.MustCompile(`(?i)^(aws|ecs|fargate)`)

// addresses is why tasks on instances have no public addresses.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
const addresses = "AWS gives public addresses to tasks on Fargate only"

// nat is the network in which tasks need no public addresses.
const nat = "write network: {tasks: private, nat: single} under x-berth"

// Check refuses capacity providers and networks in which tasks could not run.
func (s Subject) Check(in settings.Settings) {
	if len(s.Subnets) > 0 && in.VPC.Value == "" {
		s.Refuse("subnets", "subnets need the VPC that they are in", "a subnet belongs to one VPC", "add network.vpc with its subnets")
	}
	switch {
	case s.Given && !s.OnInstances():
		s.Refuse("instances", "instances applies only to capacity: managed and ec2", "its tasks run elsewhere", "write capacity: managed or ec2, or remove instances")
	case s.OnManaged() && s.Instances.Max > 0 && (s.Given || in.Capacity.Value == Managed):
		s.Refuse("instances", "instances.max is for capacity: ec2", "AWS starts as many Managed Instances as the tasks need", "remove max, or write capacity: ec2")
	case s.OnEC2() && in.Cluster.Value != "":
		s.Refuse("capacity", "berth attaches no Auto Scaling group to an existing cluster", "it would have to change the capacity providers of "+in.Cluster.Value,
			"write managed, or the name of a capacity provider that the cluster has")
	case s.OnEC2() && s.ArmGPUs:
		s.Refuse("capacity", "there are no instances for linux/arm64 with GPUs", "AWS publishes no AMI for ECS with both", "write managed, or build the image for linux/amd64")
	}
	switch {
	case reserved.MatchString(s.Capacity):
		s.Refuse("capacity", s.Capacity+" is not the name of a capacity provider of the account", "ECS keeps such names for itself",
			"write fargate; x-berth.spot lets tasks run on Fargate Spot")
	case s.Capacity != "":
		s.checkInstances(in)
	case s.PublicIP != nil && len(s.Subnets) == 0 && in.VPC.Value == "":
		s.checkAddress(*s.PublicIP, in.TaskSubnets.Value == settings.SubnetsPublic)
	}
}

// checkInstances refuses a network in which tasks on instances reach no registry.
func (s Subject) checkInstances(in settings.Settings) {
	on := "tasks on the capacity provider " + s.Capacity
	if s.OnManaged() {
		on = "tasks on Managed Instances"
	}
	if s.OnEC2() {
		on = "tasks on EC2 instances"
	}
	switch {
	case s.PublicIP != nil && *s.PublicIP:
		s.Refuse("assign_public_ip", on+" cannot have public addresses", addresses, "remove assign_public_ip")
	case in.Direct() && s.Reached:
		s.Refuse("capacity", on+" cannot be reached directly", addresses, "write ingress: balancer")
	case len(s.Subnets) == 0 && in.TaskSubnets.Value == settings.SubnetsPublic:
		s.Refuse("capacity", on+" would not reach the internet in public subnets", addresses+", and a public subnet has no NAT gateway",
			nat+", or name subnets with a NAT gateway under x-berth.subnets")
	}
}

// checkAddress refuses public addresses that do not fit the subnets.
func (s Subject) checkAddress(given, public bool) {
	switch {
	case public && !given:
		s.Refuse("assign_public_ip", "its tasks could not pull their images", "without a public address they reach nothing outside of a public subnet",
			nat+", or remove assign_public_ip")
	case given && !public:
		s.Refuse("assign_public_ip", "a public address has no use in a private subnet", "its traffic goes through the NAT gateway",
			"write network: {tasks: public} under x-berth, or remove assign_public_ip")
	}
}
