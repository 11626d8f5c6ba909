package aws

import (
	"crypto/rand"
	"io"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/cloudwatch"
	"github.com/berthdev/berth/internal/aws/codebuild"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/eventbridge"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/aws/scalinggroup"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// Place is where types work: the parts of their ARNs and names.
type Place struct {
	Account, Region, Partition string
	Clock                      clock.Clock
	// Random is the source of generated secrets; nil is the system's.
	Random io.Reader
	// Builder makes the images that do not exist; nil if none are built.
	Builder ecr.Builder
}

func (p Place) random() io.Reader {
	if p.Random == nil {
		return rand.Reader
	}
	return p.Random
}

// Types returns all resource types, one line each.
func Types(c *Clients, at Place) []engine.AnyType {
	namespaces := cloudmap.Namespaces{
		API: c.SD, Clock: at.Clock, Account: at.Account, Region: at.Region, Partition: at.Partition,
	}
	balancers := elb.LoadBalancers{API: c.ELB, Region: at.Region, Turns: c.Turns, Tagging: c.Tagging}
	systems := efs.FileSystems{API: c.EFS, Tagging: c.Tagging, Clock: at.Clock}
	onBuckets := s3files.FileSystems{API: c.S3Files, IAM: c.IAM, Clock: at.Clock}
	repositories := ecr.Repositories{
		API: c.ECR, Tagging: c.Tagging, Account: at.Account, Region: at.Region, Partition: at.Partition,
	}
	groups := scheduler.Groups{API: c.Scheduler, Tagging: c.Tagging, Region: at.Region}
	families := ecs.TaskDefinitions{API: c.ECS, Region: at.Region}
	targets := autoscaling.Targets{API: c.Scaling, Tagging: c.Tagging, Account: at.Account, Region: at.Region, Partition: at.Partition}
	clusters := ecs.Clusters{API: c.ECS, Region: at.Region}
	return append(append(networkTypes(c), fleets(c, clusters, at)...), []engine.AnyType{
		engine.Erase(iam.ServiceLinkedRoles{API: c.IAM}),
		engine.Erase(iam.Roles{API: c.IAM, Region: at.Region}),
		engine.Erase(iam.InstanceProfiles{Roles: iam.Roles{API: c.IAM, Region: at.Region}}),
		engine.Erase(logs.LogGroups{API: c.Logs, Account: at.Account, Region: at.Region, Partition: at.Partition}),
		engine.Erase(logs.ResourcePolicies{API: c.Logs, Tagging: c.Tagging, Region: at.Region}),
		engine.Erase(ssm.Parameters{API: c.SSM, Tagging: c.Tagging, Account: at.Account, Region: at.Region, Partition: at.Partition}),
		engine.Erase(ssm.Secrets{API: c.SSM}),
		engine.Erase(rds.SubnetGroups{API: c.RDS, Tagging: c.Tagging}),
		engine.Erase(rds.ParameterGroups{API: c.RDS, Tagging: c.Tagging}),
		engine.Erase(ssm.Passwords{
			API: c.SSM, Tagging: c.Tagging, Random: at.random(), Account: at.Account, Region: at.Region, Partition: at.Partition,
		}),
		engine.Erase(rds.Instances{
			API: c.RDS, Tagging: c.Tagging, Clock: at.Clock, Passwords: rds.SecretStores{SSM: c.SSM, Secrets: c.Secrets},
		}),
		engine.Erase(elasticache.SubnetGroups{API: c.Cache, Tagging: c.Tagging}),
		engine.Erase(elasticache.ReplicationGroups{API: c.Cache, Tagging: c.Tagging, Region: at.Region}),
		engine.Erase(clusters),
		engine.Erase(namespaces),
		engine.Erase(cloudmap.Services{Namespaces: namespaces}),
		engine.Erase(acm.Certificates{API: c.ACM, Tagging: c.Tagging, Clock: at.Clock}),
		engine.Erase(route53.HostedZones{API: c.Route53}),
		engine.Erase(route53.Records{API: c.Route53, Account: at.Account, Region: at.Region, Turns: c.Turns}),
		engine.Erase(cloudflare.NewZones{Client: c.Cloudflare, Account: at.Account, Region: at.Region}),
		engine.Erase(cloudflare.Records{Client: c.Cloudflare, Account: at.Account, Region: at.Region}),
		engine.Erase(cloudmap.Instances{Services: cloudmap.Services{Namespaces: namespaces}}),
		engine.Erase(balancers),
		engine.Erase(elb.TargetGroups{LoadBalancers: balancers}),
		engine.Erase(elb.Listeners{LoadBalancers: balancers}),
		engine.Erase(elb.Rules{LoadBalancers: balancers}),
		engine.Erase(systems),
		engine.Erase(efs.MountTargets{FileSystems: systems, EC2: c.EC2}),
		engine.Erase(efs.AccessPoints{FileSystems: systems}),
		engine.Erase(onBuckets),
		engine.Erase(s3files.MountTargets{FileSystems: onBuckets, EC2: c.EC2}),
		engine.Erase(s3files.AccessPoints{FileSystems: onBuckets}),
		engine.Erase(codebuild.Projects{
			API: c.CodeBuild, Tagging: c.Tagging, Roles: iam.Roles{API: c.IAM, Region: at.Region}.Serving(codebuild.Principal), Account: at.Account, Region: at.Region, Partition: at.Partition,
		}),
		engine.Erase(repositories),
		engine.Erase(ecr.Images{Repositories: repositories, Builder: at.Builder}),
		engine.Erase(cloudwatch.Alarms{
			API: c.Metrics, Tagging: c.Tagging, Scaled: targets.Any, Moving: balancers.Moving, Account: at.Account, Region: at.Region, Partition: at.Partition,
		}),
		engine.Erase(families),
		engine.Erase(ecs.Jobs{TaskDefinitions: families, Clock: at.Clock}),
		engine.Erase(groups),
		engine.Erase(scheduler.Schedules{Groups: groups, ECS: c.ECS, Partition: at.Partition}),
		engine.Erase(eventbridge.Rules{API: c.Events, Tagging: c.Tagging, Region: at.Region}),
		engine.Erase(ecs.Services{API: c.ECS, Region: at.Region, Tagging: c.Tagging}),
		engine.Erase(targets),
		engine.Erase(autoscaling.Policies{Targets: targets}),
		engine.Erase(autoscaling.ScheduledActions{Targets: targets}),
	}...)
}

// networkTypes are the types of EC2, one line each.
func networkTypes(c *Clients) []engine.AnyType {
	return []engine.AnyType{
		engine.Erase(ec2.VPCs{API: c.EC2}),
		engine.Erase(ec2.DHCPOptionsSets{API: c.EC2}),
		engine.Erase(ec2.Subnets{API: c.EC2}),
		engine.Erase(ec2.InternetGateways{API: c.EC2}),
		engine.Erase(ec2.RouteTables{API: c.EC2}),
		engine.Erase(ec2.RouteTableAssociations{API: c.EC2}),
		engine.Erase(ec2.Routes{API: c.EC2}),
		engine.Erase(ec2.ElasticIPs{API: c.EC2}),
		engine.Erase(ec2.NATGateways{API: c.EC2}),
		engine.Erase(ec2.VPCEndpoints{API: c.EC2}),
		engine.Erase(ec2.SecurityGroups{API: c.EC2}),
	}
}

// fleets are the types of what starts instances.
func fleets(c *Clients, clusters ecs.Clusters, at Place) []engine.AnyType {
	templates := ec2.LaunchTemplates{API: c.EC2, Tagging: c.Tagging, Roles: iam.Roles{API: c.IAM, Region: at.Region}.Serving(iam.InstancesPrincipal)}
	return []engine.AnyType{
		engine.Erase(templates),
		engine.Erase(scalinggroup.Groups{API: c.Groups, Used: templates.Used}),
		engine.Erase(ecs.CapacityProviders{Clusters: clusters, Tagging: c.Tagging}),
		engine.Erase(ecs.GroupProviders{Clusters: clusters, Tagging: c.Tagging, Turns: c.Turns}),
	}
}
