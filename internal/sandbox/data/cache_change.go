package data

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cache "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *ElastiCache) describeReplicationGroups(rq *world.Request, in *cache.DescribeReplicationGroupsInput) (*cache.DescribeReplicationGroupsOutput, error) {
	var found []types.ReplicationGroup
	want := aws.ToString(in.ReplicationGroupId)
	for _, g := range p.s.Groups.List(rq) {
		if want == "" || want == aws.ToString(g.Shown.ReplicationGroupId) {
			found = append(found, *p.shown(g))
		}
	}
	if want != "" && len(found) == 0 {
		return nil, noCache(want)
	}
	page, next, err := cachePage(found, in.Marker, in.MaxRecords)
	return &cache.DescribeReplicationGroupsOutput{ReplicationGroups: page, Marker: next}, err
}

// describeCacheClusters shows the nodes. Only they show a group's version, its security
// groups and its subnets.
func (p *ElastiCache) describeCacheClusters(rq *world.Request, in *cache.DescribeCacheClustersInput) (*cache.DescribeCacheClustersOutput, error) {
	var found []types.CacheCluster
	for _, g := range p.s.Groups.List(rq) {
		for _, id := range p.shown(g).MemberClusters {
			c := types.CacheCluster{
				CacheClusterId: aws.String(id), ReplicationGroupId: g.Shown.ReplicationGroupId, Engine: g.Shown.Engine,
				EngineVersion: aws.String(g.Version), CacheNodeType: g.Shown.CacheNodeType, CacheClusterStatus: g.Shown.Status,
				CacheSubnetGroupName: aws.String(g.SubnetGroup), NumCacheNodes: aws.Int32(1),
			}
			for _, sg := range g.Groups {
				c.SecurityGroups = append(c.SecurityGroups, types.SecurityGroupMembership{SecurityGroupId: aws.String(sg), Status: aws.String("active")})
			}
			if want := aws.ToString(in.CacheClusterId); want == "" || want == id {
				found = append(found, c)
			}
		}
	}
	page, next, err := cachePage(found, in.Marker, in.MaxRecords)
	return &cache.DescribeCacheClustersOutput{CacheClusters: page, Marker: next}, err
}

// idle is a group that can be changed now.
func (p *ElastiCache) idle(rq *world.Request, name string) (*cacheGroup, error) {
	g := p.s.Groups.Find(rq, name)
	if g == nil {
		return nil, noCache(name)
	}
	if status := aws.ToString(g.Shown.Status); status != "available" {
		return nil, &types.InvalidReplicationGroupStateFault{Message: aws.String("Replication group " + name + " has status " + status + " which is not valid for modification.")}
	}
	return g, nil
}

func (g *cacheGroup) future() *cacheNext {
	return &cacheNext{
		Engine: aws.ToString(g.Shown.Engine), Version: g.Version, NodeType: aws.ToString(g.Shown.CacheNodeType),
		Nodes: g.Nodes, Mode: g.Shown.TransitEncryptionMode,
	}
}

// become starts a change, if there is anything to change.
func (p *ElastiCache) become(rq *world.Request, g *cacheGroup, n *cacheNext) {
	if *n == *g.future() {
		return
	}
	g.Next, g.Shown.Status = n, aws.String("modifying")
	p.next(rq.Now, g, world.CacheModified)
}

func (p *ElastiCache) modifyReplicationGroup(rq *world.Request, in *cache.ModifyReplicationGroupInput) (*cache.ModifyReplicationGroupOutput, error) {
	g, err := p.idle(rq, aws.ToString(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	n := g.future()
	if in.Engine != nil {
		if n.Engine == "valkey" && *in.Engine != "valkey" {
			return nil, cacheInvalid("A Valkey cache cannot be changed to %s.", *in.Engine)
		}
		n.Engine = *in.Engine
	}
	if in.EngineVersion != nil {
		version, ok := cacheVersion(n.Engine, *in.EngineVersion)
		if !ok || n.Engine == aws.ToString(g.Shown.Engine) && version < g.Version {
			return nil, cacheInvalid("Cannot find upgrade target from %s with requested version %s.", g.Version, *in.EngineVersion)
		}
		n.Version = version
	}
	if in.CacheNodeType != nil {
		n.NodeType = *in.CacheNodeType
	}
	if in.TransitEncryptionMode != "" {
		if !hasEncryptionMode(g.Version) {
			return nil, noEncryptionMode(g.Version)
		}
		n.Mode = in.TransitEncryptionMode
	}
	if in.SecurityGroupIds != nil {
		g.Groups = slices.Clone(in.SecurityGroupIds)
		p.Needs.Interfaces.SetGroups(g.Interface, g.Groups)
	}
	if in.SnapshotRetentionLimit != nil {
		g.Shown.SnapshotRetentionLimit = in.SnapshotRetentionLimit
	}
	if in.ReplicationGroupDescription != nil {
		g.Shown.Description = in.ReplicationGroupDescription
	}
	if on := in.AutomaticFailoverEnabled; on != nil {
		if *on && g.Nodes < 2 {
			return nil, &types.InvalidParameterCombinationException{Message: aws.String("Automatic failover needs at least one replica.")}
		}
		g.Shown.AutomaticFailover, g.Shown.MultiAZ = types.AutomaticFailoverStatusDisabled, types.MultiAZStatusDisabled
		if *on {
			g.Shown.AutomaticFailover = types.AutomaticFailoverStatusEnabled
		}
	}
	if aws.ToBool(in.MultiAZEnabled) {
		g.Shown.MultiAZ = types.MultiAZStatusEnabled
	}
	p.become(rq, g, n)
	return &cache.ModifyReplicationGroupOutput{ReplicationGroup: p.shown(g)}, nil
}

func (p *ElastiCache) increaseReplicaCount(rq *world.Request, in *cache.IncreaseReplicaCountInput) (*cache.IncreaseReplicaCountOutput, error) {
	g, err := p.replicas(rq, aws.ToString(in.ReplicationGroupId), aws.ToInt32(in.NewReplicaCount))
	if err != nil {
		return nil, err
	}
	return &cache.IncreaseReplicaCountOutput{ReplicationGroup: p.shown(g)}, nil
}

func (p *ElastiCache) decreaseReplicaCount(rq *world.Request, in *cache.DecreaseReplicaCountInput) (*cache.DecreaseReplicaCountOutput, error) {
	g, err := p.replicas(rq, aws.ToString(in.ReplicationGroupId), aws.ToInt32(in.NewReplicaCount))
	if err != nil {
		return nil, err
	}
	return &cache.DecreaseReplicaCountOutput{ReplicationGroup: p.shown(g)}, nil
}

func (p *ElastiCache) replicas(rq *world.Request, name string, count int32) (*cacheGroup, error) {
	g, err := p.idle(rq, name)
	if err != nil {
		return nil, err
	}
	if count < 1 && g.Shown.AutomaticFailover == types.AutomaticFailoverStatusEnabled {
		return nil, &types.InvalidReplicationGroupStateFault{Message: aws.String("Automatic failover needs a replica: switch it off first.")}
	}
	n := g.future()
	n.Nodes = count + 1
	p.become(rq, g, n)
	return g, nil
}

func (p *ElastiCache) deleteReplicationGroup(rq *world.Request, in *cache.DeleteReplicationGroupInput) (*cache.DeleteReplicationGroupOutput, error) {
	name, final := aws.ToString(in.ReplicationGroupId), aws.ToString(in.FinalSnapshotIdentifier)
	g := p.s.Groups.Find(rq, name)
	if g == nil {
		return nil, noCache(name)
	}
	status := aws.ToString(g.Shown.Status)
	switch {
	case status != "available" && (status != "create-failed" || final != ""):
		return nil, &types.InvalidReplicationGroupStateFault{Message: aws.String("Replication group " + name + " has status " + status + " which is not valid for deletion.")}
	case final != "" && aws.ToString(g.Shown.CacheNodeType) == "cache.t1.micro":
		return nil, &types.SnapshotFeatureNotSupportedFault{Message: aws.String("Snapshots are not supported on cache.t1.micro nodes.")}
	}
	takes := p.account.Takes(world.CacheDeleted)
	if final != "" {
		if err := rq.AlsoOn(p.account.ARN("elasticache", "snapshot:"+final)); err != nil {
			return nil, err
		}
		if p.s.Snapshots.Get(final) != nil {
			return nil, &types.SnapshotAlreadyExistsFault{Message: aws.String("Snapshot with specified name already exists.")}
		}
		takes += p.account.Takes(world.CacheSnapshot)
		p.s.Snapshots.Put(p.account, rq.Now, final, &cacheSnapshot{Data: g.Data, Tags: map[string]string{}, Shown: types.Snapshot{
			SnapshotName: &final, ARN: aws.String(p.account.ARN("elasticache", "snapshot:"+final)), SnapshotStatus: aws.String("creating"),
			SnapshotSource: aws.String("manual"), CacheClusterId: aws.String(name + "-001"), Engine: g.Shown.Engine,
			EngineVersion: aws.String(g.Version), CacheNodeType: g.Shown.CacheNodeType,
		}})
		p.account.Schedule(rq.Now.Add(p.account.Takes(world.CacheSnapshot)), "cache.snapshot.done", final)
	}
	g.Shown.Status = aws.String("deleting")
	p.account.Schedule(rq.Now.Add(takes), "cache.group.gone", g.ID)
	return &cache.DeleteReplicationGroupOutput{ReplicationGroup: p.shown(g)}, nil
}

func (p *ElastiCache) groupGone(at time.Time, id string) {
	if g := p.byID(id); g != nil {
		p.s.Groups.Remove(at, aws.ToString(g.Shown.ReplicationGroupId))
		p.Needs.Interfaces.Release(g.Interface, at)
	}
}

func noCacheSnapshot(name string) error {
	return world.WithStatus(404, &types.SnapshotNotFoundFault{Message: aws.String(fmt.Sprintf("%s is either not present or not available.", name))})
}

func (p *ElastiCache) snapshotDone(_ time.Time, name string) {
	if s := p.s.Snapshots.Get(name); s != nil {
		s.Shown.SnapshotStatus = aws.String("available")
	}
}

func (p *ElastiCache) describeSnapshots(rq *world.Request, in *cache.DescribeSnapshotsInput) (*cache.DescribeSnapshotsOutput, error) {
	var found []types.Snapshot
	want := aws.ToString(in.SnapshotName)
	for _, s := range p.s.Snapshots.List(rq) {
		if want == "" || want == aws.ToString(s.Shown.SnapshotName) {
			found = append(found, s.Shown)
		}
	}
	if want != "" && len(found) == 0 {
		return nil, noCacheSnapshot(want)
	}
	page, next, err := world.Page(found, in.Marker, in.MaxRecords, 50)
	if err != nil {
		return nil, cacheInvalid("Invalid marker.")
	}
	return &cache.DescribeSnapshotsOutput{Snapshots: page, Marker: next}, nil
}

func (p *ElastiCache) deleteSnapshot(rq *world.Request, in *cache.DeleteSnapshotInput) (*cache.DeleteSnapshotOutput, error) {
	name := aws.ToString(in.SnapshotName)
	s := p.s.Snapshots.Get(name)
	if s == nil {
		return nil, noCacheSnapshot(name)
	}
	if status := aws.ToString(s.Shown.SnapshotStatus); !strings.EqualFold(status, "available") {
		return nil, &types.InvalidSnapshotStateFault{Message: aws.String("The snapshot " + name + " has status " + status + ".")}
	}
	p.s.Snapshots.Remove(rq.Now, name)
	return &cache.DeleteSnapshotOutput{Snapshot: &s.Shown}, nil
}
