package sandbox

import (
	"fmt"
)

// World is a world with all the services that berth knows, and with the hands
// of everybody else who works in the account.
type World struct {
	*core
	ec2        *ec2Part
	iam        *iamPart
	s3         *s3Part
	ecs        *ecsPart
	ecr        *ecrPart
	cloudMap   *sdPart
	route53    *route53Part
	cloudflare *cloudflarePart
	rds        *rdsPart
	cache      *cachePart
	ssm        *ssmPart
	secrets    *secretsPart
}

// New makes a world with nothing in it but what every account has: a default
// VPC and AWS's managed policies. It fails on a policy that is not valid.
func New(opt Options) (*World, error) { return build(opt, nil) }

// Load reads a world that Save wrote. Seed, profile, account and region come
// from the file, the rest from opt. Between Save and Load the world's clock
// stands still: it goes on at the moment of the Save. The error wraps
// fs.ErrNotExist when there is no file.
func Load(path string, opt Options) (*World, error) {
	saved, err := readSaved(path)
	if err != nil {
		return nil, fmt.Errorf("load sandbox: %w", err)
	}
	w, err := build(saved.options(opt), saved)
	if err != nil {
		return nil, fmt.Errorf("load sandbox: %s: %w", path, err)
	}
	return w, nil
}

// build makes the services, connects them, and gives the world its objects: the
// saved ones, or with nil those of every account.
func build(opt Options, saved *Saved) (*World, error) {
	a := newAccount(opt)
	w := &World{ec2: newEC2(a), iam: newIAM(a), s3: newS3(a), ecs: newECS(a), ecr: newECR(a), cloudMap: newSD(a), cloudflare: newCloudflare(a), rds: newRDS(a), cache: newCache(a), ssm: newSSM(a), secrets: newSecrets(a)}
	w.route53 = newRoute53(a, w.cloudMap)
	acm := newACM(a, w.route53, w.cloudflare)
	elb, logs, tags := newELB(a), newLogs(a), newTagging(a)
	efs, files, builds := newEFS(a), newS3Files(a, w.s3), newCodeBuild(a, w.ecr)
	hosts := Hosts{RDS: w.rds, Cache: w.cache}

	w.ec2.Needs.Tasks = w.ecs
	w.ecs.Needs = ecsNeeds{
		Network: w.ec2.View, Interfaces: w.ec2.Interfaces, Reach: w.ec2.View, Roles: w.iam, Targets: elb.Targets,
		Directory: w.cloudMap, Names: w.cloudMap, Secrets: w.secrets, Parameters: w.ssm,
		Registry: w.ecr, Logs: logs, Databases: hosts, Files: []ecsFiles{files, efs},
	}
	elb.Needs = elbNeeds{Network: w.ec2.Late("elb"), Interfaces: w.ec2.Interfaces, Reach: w.ec2.View, Roles: w.iam, Certificates: acm}
	acm.Needs.Listeners = elb
	w.route53.Needs.Balancers = elb
	w.cloudMap.Needs = sdNeeds{Network: w.ec2.View, Hosts: hosts}
	efs.Needs = filesNeeds{Network: w.ec2.View, Interfaces: w.ec2.Interfaces, Roles: w.iam, Tasks: w.ecs}
	files.Needs = efs.Needs
	w.rds.Needs = dataNeeds{Network: w.ec2.View, Interfaces: w.ec2.Interfaces, Roles: w.iam}
	w.cache.Needs = w.rds.Needs
	builds.Needs = codebuildNeeds{Objects: w.s3, Roles: w.iam, Logs: logs}

	all := []Service{
		w.ec2, w.iam, newSTS(a), w.s3, newQuotas(a), tags,
		w.ecs, elb, w.cloudMap, logs,
		efs, files, w.ssm, w.secrets,
		w.route53, acm, w.cloudflare,
		w.rds, w.cache,
		w.ecr, builds,
	}
	tags.Index = services(all)
	var err error
	w.core, err = newWorld(a, all, saved)
	return w, err
}
