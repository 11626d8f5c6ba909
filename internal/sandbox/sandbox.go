package sandbox

import (
	"fmt"

	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/sandbox/autoscaling"
	"github.com/berthdev/berth/internal/sandbox/balancing"
	"github.com/berthdev/berth/internal/sandbox/bus"
	"github.com/berthdev/berth/internal/sandbox/compute"
	"github.com/berthdev/berth/internal/sandbox/data"
	"github.com/berthdev/berth/internal/sandbox/groups"
	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/images"
	"github.com/berthdev/berth/internal/sandbox/logs"
	"github.com/berthdev/berth/internal/sandbox/metrics"
	"github.com/berthdev/berth/internal/sandbox/names"
	"github.com/berthdev/berth/internal/sandbox/network"
	"github.com/berthdev/berth/internal/sandbox/queues"
	"github.com/berthdev/berth/internal/sandbox/scheduler"
	"github.com/berthdev/berth/internal/sandbox/secrets"
	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/storage"
	"github.com/berthdev/berth/internal/sandbox/topics"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// World is a world with all the services that berth knows. Besides the methods of
// world.World, it has methods that do what users, other tools and AWS do in the
// account (hands.go), and methods that ask how the account looks to tasks and
// resolvers (questions.go).
type World struct {
	*world.World
	ec2        *network.EC2
	iam        *identity.IAM
	s3         *storage.S3
	ecs        *compute.ECS
	scaling    *autoscaling.AutoScaling
	figures    *metrics.CloudWatch
	ecr        *images.ECR
	cloudMap   *names.CloudMap
	route53    *names.Route53
	cloudflare *names.Cloudflare
	rds        *data.RDS
	cache      *data.ElastiCache
	ssm        *secrets.SSM
	secrets    *secrets.Manager
	scheduler  *scheduler.Scheduler
	sqs        *queues.SQS
	events     *bus.Bus
	sns        *topics.SNS
	targets    *balancing.Targets
	// Sessions are the sessions in containers.
	Sessions *Sessions
}

// New makes a world that only has what every account has: a default VPC and
// AWS's managed policies. It fails on a policy that is not valid.
func New(opt Options) (*World, error) { return build(opt, nil) }

// Load reads a world that Save wrote. Seed, profile, account and region come
// from the file, the rest from opt. Between Save and Load the world's clock
// stands still: it goes on at the time of the Save. If there is no file, the
// error wraps fs.ErrNotExist.
func Load(path string, opt Options) (*World, error) {
	saved, err := world.ReadSaved(path)
	if err != nil {
		return nil, fmt.Errorf("loading the sandbox: %w", err)
	}
	w, err := build(saved.Options(opt), saved)
	if err != nil {
		return nil, fmt.Errorf("loading the sandbox: %s: %w", path, err)
	}
	return w, nil
}

// build makes the services, connects them, and adds the world's objects: the
// saved ones or, with nil, those of every account.
func build(opt Options, saved *world.Saved) (*World, error) {
	a := world.NewAccount(opt)
	w := &World{
		ec2: network.NewEC2(a), iam: identity.NewIAM(a), s3: storage.NewS3(a),
		ecs: compute.NewECS(a), scaling: autoscaling.New(a), ecr: images.NewECR(a), rds: data.NewRDS(a), cache: data.NewElastiCache(a),
		cloudMap: names.NewCloudMap(a), cloudflare: names.NewCloudflare(a),
		ssm: secrets.NewSSM(a), secrets: secrets.NewManager(a), scheduler: scheduler.New(a), sqs: queues.New(a),
	}
	w.route53 = names.NewRoute53(a, w.cloudMap)
	w.Sessions = &Sessions{Service: agent.New(), world: w}
	all := append(connect(w, a), world.Service(identity.NewSTS(a)), identity.NewQuotas(a))
	index := identity.NewTagIndex(a)
	all = append(all, index)
	index.Index = world.Services(all)
	var err error
	w.World, err = world.New(a, all, saved)
	return w, err
}

// connect gives every service what it needs from the others, and returns all
// services.
func connect(w *World, a *world.Account) []world.Service {
	balancers, written, fleets := balancing.NewELB(a), logs.New(a), groups.New(a)
	certificates := names.NewACM(a, w.route53, w.cloudflare)
	efs, s3Files := storage.NewEFS(a), storage.NewS3Files(a, w.s3)
	builds, hosts := images.NewCodeBuild(a, w.ecr), data.Hosts{RDS: w.rds, Cache: w.cache}
	view, interfaces := w.ec2.View, w.ec2.Interfaces
	w.targets = balancers.Targets

	w.ec2.Needs = network.Needs{Tasks: w.ecs}
	w.ecs.Needs = compute.Needs{
		Network: view, Interfaces: interfaces, Reach: view, Roles: w.iam, Profiles: w.iam.Profiles, Fleets: fleets, Targets: balancers.Targets,
		Directory: w.cloudMap, Names: w.cloudMap,
		Registry: w.ecr, Logs: written, Databases: hosts, Files: []compute.Files{s3Files, efs}, Sessions: w.Sessions,
	}
	fleets.Needs = groups.Needs{Network: view, Interfaces: interfaces, Roles: w.iam, Profiles: w.iam.Profiles, Agents: w.ecs}
	w.ecs.Startup.Needs = startup.Needs{Roles: w.iam, Secrets: w.secrets, Parameters: w.ssm, Registry: w.ecr, Logs: written}
	balancers.Needs = balancing.Needs{
		Network: w.ec2.Late("elb"), Interfaces: interfaces, Reach: view, Roles: w.iam, Certificates: certificates,
	}
	certificates.Needs = names.ACMNeeds{Listeners: balancers}
	w.route53.Needs = names.Route53Needs{Balancers: balancers}
	w.cloudMap.Needs = names.CloudMapNeeds{Network: view, Hosts: hosts}
	efs.Needs = storage.Needs{Network: view, Interfaces: interfaces, Roles: w.iam, Tasks: w.ecs}
	s3Files.Needs = efs.Needs
	w.rds.Needs = data.Needs{Network: view, Interfaces: interfaces, Roles: w.iam}
	w.cache.Needs = w.rds.Needs
	w.ssm.Needs = secrets.Needs{Containers: w.ecs, Sessions: w.Sessions}
	w.scheduler.Needs = scheduler.Needs{Roles: w.iam}
	w.scaling.Needs = autoscaling.Needs{Services: w.ecs, Roles: w.iam}
	figures := metrics.New(a)
	figures.Needs = metrics.Needs{Services: w.ecs.Fargate, Targets: balancers.Targets, Queues: w.sqs, Actions: w.scaling}
	w.figures, w.scaling.Needs.Figures = figures, figures
	w.ecs.Needs.Alarms = figures
	w.events = bus.New(a)
	w.sns = topics.New(a)
	w.events.Needs = bus.Needs{Logs: written, Topics: w.sns}
	w.ecs.Needs.Bus = w.events
	builds.Needs = images.Needs{Objects: w.s3, Roles: w.iam, Logs: written}

	return []world.Service{
		w.ec2, w.iam, w.s3, w.ecs, balancers, w.cloudMap, written, efs, s3Files, w.ssm, w.secrets,
		w.route53, certificates, w.cloudflare, w.rds, w.cache, w.ecr, builds, w.scheduler, w.scaling, w.sqs, figures, w.events, w.sns, fleets,
	}
}
