package data

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cache "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func noCache(name string) error {
	return world.WithStatus(404, &types.ReplicationGroupNotFoundFault{Message: aws.String(fmt.Sprintf("ReplicationGroup %s not found.", name))})
}

func cacheInvalid(format string, args ...any) error {
	return &types.InvalidParameterValueException{Message: aws.String(fmt.Sprintf(format, args...))}
}

var (
	cacheName = regexp.MustCompile(`^[a-z]([a-z0-9]|-[a-z0-9]){0,39}$`)
	cacheType = regexp.MustCompile(`^cache\.[a-z0-9]+\.[0-9a-z]+$`)
)

// cacheVersions are the versions that ElastiCache has, as its nodes show them.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
var cacheVersions = map[string][]string{
	"redis":  {"7.1.0", "7.0.7", "6.2.6", "5.0.6"},
	"valkey": {"9.1.0", "9.0.0", "8.2.0", "8.1.0", "8.0.1", "7.2.6"},
}

func cacheVersion(engine, version string) (string, bool) {
	for _, v := range cacheVersions[engine] {
		if strings.HasPrefix(v+".", version+".") {
			return v, true
		}
	}
	return "", false
}

// hasEncryptionMode reports whether a version accepts the setting of a transit
// encryption mode, even for the mode that it already has.
// https://github.com/cloudposse/terraform-aws-elasticache-redis/pull/231
func hasEncryptionMode(version string) bool { return version >= "7.0.5" }

func noEncryptionMode(version string) error {
	return &types.InvalidParameterCombinationException{Message: aws.String(
		"Transit encryption mode is not supported for engine version " + version + ". Please use engine version 7.0.5 or higher.")}
}

// checkCache refuses the input that ElastiCache refuses, and finds the full version.
func checkCache(in *cache.CreateReplicationGroupInput) (version string, err error) {
	engine := strings.ToLower(aws.ToString(in.Engine))
	name := aws.ToString(in.ReplicationGroupId)
	version, ok := cacheVersion(engine, aws.ToString(in.EngineVersion))
	failover, multi := aws.ToBool(in.AutomaticFailoverEnabled), aws.ToBool(in.MultiAZEnabled)
	switch {
	case !cacheName.MatchString(name) || len(name) > 40:
		return "", cacheInvalid("The parameter ReplicationGroupId is not a valid identifier: at most 40 letters, digits and single hyphens.")
	case aws.ToString(in.ReplicationGroupDescription) == "":
		return "", cacheInvalid("The parameter ReplicationGroupDescription must be provided and must not be blank.")
	case !ok:
		return "", cacheInvalid("Cannot find version %s for %s", aws.ToString(in.EngineVersion), engine)
	case !cacheType.MatchString(aws.ToString(in.CacheNodeType)):
		return "", cacheInvalid("The cache node type is not valid: %s", aws.ToString(in.CacheNodeType))
	case (failover || multi) && aws.ToInt32(in.NumCacheClusters) < 2, multi && !failover:
		return "", &types.InvalidParameterCombinationException{Message: aws.String(
			"To use automatic failover and Multi-AZ there must be at least one replica.")}
	case in.TransitEncryptionMode != "" && !aws.ToBool(in.TransitEncryptionEnabled):
		return "", &types.InvalidParameterCombinationException{Message: aws.String("TransitEncryptionMode needs TransitEncryptionEnabled.")}
	case in.TransitEncryptionMode != "" && !hasEncryptionMode(version):
		return "", noEncryptionMode(version)
	}
	return version, nil
}

func (p *ElastiCache) createReplicationGroup(rq *world.Request, in *cache.CreateReplicationGroupInput) (*cache.CreateReplicationGroupOutput, error) {
	name := aws.ToString(in.ReplicationGroupId)
	version, err := checkCache(in)
	if err != nil {
		return nil, err
	}
	if p.s.Groups.Get(name) != nil {
		return nil, &types.ReplicationGroupAlreadyExistsFault{Message: aws.String("Replication group " + name + " already exists")}
	}
	subnets := p.s.Subnets.Find(rq, aws.ToString(in.CacheSubnetGroupName))
	if subnets == nil {
		return nil, noCacheSubnetGroup(aws.ToString(in.CacheSubnetGroupName))
	}
	if err := p.checkSecurity(rq, subnets.VPC, in.SecurityGroupIds); err != nil {
		return nil, err
	}
	if err := p.allowed(rq); err != nil {
		return nil, err
	}
	data, err := p.contents(rq, in)
	if err != nil {
		return nil, err
	}
	failover, multi := types.AutomaticFailoverStatusDisabled, types.MultiAZStatusDisabled
	if aws.ToBool(in.AutomaticFailoverEnabled) {
		failover = types.AutomaticFailoverStatusEnabled
	}
	if aws.ToBool(in.MultiAZEnabled) {
		multi = types.MultiAZStatusEnabled
	}
	mode := in.TransitEncryptionMode
	if aws.ToBool(in.TransitEncryptionEnabled) && mode == "" && hasEncryptionMode(version) {
		mode = types.TransitEncryptionModeRequired
	}
	g := &cacheGroup{
		ID: p.account.NewHex("cache", 16), Tags: world.TagMap(in.Tags), Version: version, SubnetGroup: subnets.Name,
		Groups: slices.Clone(in.SecurityGroupIds), Nodes: max(1, aws.ToInt32(in.NumCacheClusters)), Data: data, Port: cmp.Or(aws.ToInt32(in.Port), 6379),
		Shown: types.ReplicationGroup{
			ReplicationGroupId: &name, ARN: aws.String(p.account.ARN("elasticache", "replicationgroup:"+name)),
			Description: in.ReplicationGroupDescription, Status: aws.String("creating"), Engine: aws.String(strings.ToLower(aws.ToString(in.Engine))),
			CacheNodeType: in.CacheNodeType, AutomaticFailover: failover, MultiAZ: multi, ClusterEnabled: aws.Bool(false),
			SnapshotRetentionLimit: aws.Int32(aws.ToInt32(in.SnapshotRetentionLimit)), AtRestEncryptionEnabled: in.AtRestEncryptionEnabled,
			TransitEncryptionEnabled: in.TransitEncryptionEnabled, TransitEncryptionMode: mode, ReplicationGroupCreateTime: aws.Time(rq.Now),
		},
	}
	g.Interface = p.Needs.Interfaces.Attach("elasticache", subnets.Subnets[0], g.Groups, false, "ElastiCache "+name+"-001")
	p.s.Groups.Put(p.account, rq.Now, name, g)
	p.next(rq.Now, g, world.CacheCreated)
	return &cache.CreateReplicationGroupOutput{ReplicationGroup: p.shown(g)}, nil
}

func (p *ElastiCache) checkSecurity(rq *world.Request, vpc string, groups []string) error {
	for _, id := range groups {
		if have, ok := p.Needs.Network.FindGroup(rq, id); !ok || have != vpc {
			return cacheInvalid("Some security group Ids are invalid: %s", id)
		}
	}
	return nil
}

// contents is what a new group begins with.
func (p *ElastiCache) contents(rq *world.Request, in *cache.CreateReplicationGroupInput) (string, error) {
	name := aws.ToString(in.ReplicationGroupId)
	if from := aws.ToString(in.SnapshotName); from != "" {
		s := p.s.Snapshots.Find(rq, from)
		if s == nil {
			return "", noCacheSnapshot(from)
		}
		if aws.ToString(s.Shown.SnapshotStatus) != "available" {
			return "", &types.InvalidSnapshotStateFault{Message: aws.String("The snapshot " + from + " is not available.")}
		}
		return s.Data, nil
	}
	if p.s.Born == nil {
		p.s.Born = map[string]int{}
	}
	p.s.Born[name]++
	return fmt.Sprintf("%s, empty the %d. time", name, p.s.Born[name]), nil
}

// allowed checks the quota and the service-linked role.
func (p *ElastiCache) allowed(rq *world.Request) error {
	if len(p.s.Groups.All()) >= p.account.Quota("cache nodes", 300) {
		return &types.NodeQuotaForCustomerExceededFault{Message: aws.String("The quota of nodes has been reached.")}
	}
	if err := p.Needs.Roles.EnsureLinkedRole(rq, "elasticache.amazonaws.com"); err != nil {
		return err
	}
	if !p.Needs.Roles.LinkedRoleReady("elasticache.amazonaws.com") {
		return world.APIError(400, "InvalidParameterValue", "The service linked role of ElastiCache does not exist yet. Try again later.")
	}
	return nil
}

// next schedules the end of a step.
func (p *ElastiCache) next(now time.Time, g *cacheGroup, step world.Step) {
	p.account.Schedule(now.Add(p.account.Takes(step)), "cache.group.next", g.ID)
}

func (p *ElastiCache) byID(id string) *cacheGroup {
	for _, g := range p.s.Groups.All() {
		if g.ID == id {
			return g
		}
	}
	return nil
}

func (p *ElastiCache) groupNext(_ time.Time, id string) {
	g := p.byID(id)
	if g == nil || !slices.Contains([]string{"available", "creating", "modifying"}, aws.ToString(g.Shown.Status)) {
		return
	}
	g.Shown.Status = aws.String("available")
	if n := g.Next; n != nil {
		g.Shown.Engine, g.Version, g.Shown.CacheNodeType, g.Nodes = &n.Engine, n.Version, &n.NodeType, n.Nodes
		g.Shown.TransitEncryptionMode, g.Next = n.Mode, nil
	}
}

// shown is a group as AWS shows it. It has an address when it is available.
func (p *ElastiCache) shown(g *cacheGroup) *types.ReplicationGroup {
	out := g.Shown
	name := aws.ToString(out.ReplicationGroupId)
	node := types.NodeGroup{NodeGroupId: aws.String("0001"), Status: out.Status}
	if aws.ToString(out.Status) != "creating" {
		node.PrimaryEndpoint = &types.Endpoint{
			Address: aws.String("master." + name + "." + digest(p.account, "cache endpoint")[:6] + ".use1.cache.amazonaws.com"), Port: aws.Int32(g.Port),
		}
	}
	out.NodeGroups = []types.NodeGroup{node}
	for i := range g.Nodes {
		out.MemberClusters = append(out.MemberClusters, fmt.Sprintf("%s-%03d", name, i+1))
	}
	return &out
}
