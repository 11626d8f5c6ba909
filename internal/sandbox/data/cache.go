package data

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cache "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// ElastiCache is ElastiCache: replication groups with cluster mode off.
type ElastiCache struct {
	account *world.Account
	s       cacheState
	// Needs is set before the first call.
	Needs Needs
}

// NewElastiCache makes the ElastiCache of an account, without caches.
func NewElastiCache(account *world.Account) *ElastiCache { return &ElastiCache{account: account} }

// ID implements world.Service.
func (p *ElastiCache) ID() string { return cache.ServiceID }

// State implements world.Service.
func (p *ElastiCache) State() any { return &p.s }

// Routes implements world.Service.
func (p *ElastiCache) Routes(r *world.Router) {
	world.On(r, p.createReplicationGroup)
	world.On(r, p.describeReplicationGroups)
	world.On(r, p.describeCacheClusters)
	world.On(r, p.modifyReplicationGroup)
	world.On(r, p.increaseReplicaCount)
	world.On(r, p.decreaseReplicaCount)
	world.On(r, p.deleteReplicationGroup)
	world.On(r, p.describeSnapshots)
	world.On(r, p.deleteSnapshot)
	world.On(r, p.createCacheSubnetGroup)
	world.On(r, p.describeCacheSubnetGroups)
	world.On(r, p.modifyCacheSubnetGroup)
	world.On(r, p.deleteCacheSubnetGroup)
	world.On(r, p.addTagsToResource)
	world.On(r, p.removeTagsFromResource)
	world.On(r, p.listTagsForResource)
	r.Event("cache.group.next", p.groupNext)
	r.Event("cache.group.gone", p.groupGone)
	r.Event("cache.snapshot.done", p.snapshotDone)
}

// tagsOf are the tags of the object with an ARN, to be read or changed.
func (p *ElastiCache) tagsOf(rq *world.Request, arn string) (map[string]string, error) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 {
		return nil, &types.InvalidARNFault{Message: aws.String("The ARN is not valid: " + arn)}
	}
	switch name := parts[6]; parts[5] {
	case "replicationgroup":
		if g := p.s.Groups.Find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noCache(name)
	case "snapshot":
		if s := p.s.Snapshots.Find(rq, name); s != nil {
			return s.Tags, nil
		}
		return nil, noCacheSnapshot(name)
	default:
		if g := p.s.Subnets.Find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noCacheSubnetGroup(name)
	}
}

func (p *ElastiCache) addTagsToResource(rq *world.Request, in *cache.AddTagsToResourceInput) (*cache.AddTagsToResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, world.TagMap(in.Tags))
	return &cache.AddTagsToResourceOutput{TagList: world.TagList[types.Tag](tags)}, nil
}

func (p *ElastiCache) removeTagsFromResource(rq *world.Request, in *cache.RemoveTagsFromResourceInput) (*cache.RemoveTagsFromResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &cache.RemoveTagsFromResourceOutput{TagList: world.TagList[types.Tag](tags)}, nil
}

func (p *ElastiCache) listTagsForResource(rq *world.Request, in *cache.ListTagsForResourceInput) (*cache.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	return &cache.ListTagsForResourceOutput{TagList: world.TagList[types.Tag](tags)}, nil
}

// cachePage cuts a page as ElastiCache does: pages of at most 100.
func cachePage[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := world.Page(all, marker, size, 100)
	if err != nil {
		return nil, nil, &types.InvalidParameterValueException{Message: aws.String("Invalid marker.")}
	}
	return page, next, nil
}

// Index implements world.Indexed.
func (p *ElastiCache) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Groups, f, func(g *cacheGroup) (string, map[string]string) { return aws.ToString(g.Shown.ARN), g.Tags })
	world.IndexRows(&p.s.Snapshots, f, func(s *cacheSnapshot) (string, map[string]string) { return aws.ToString(s.Shown.ARN), s.Tags })
	world.IndexRows(&p.s.Subnets, f, func(g *subnetGroup) (string, map[string]string) { return g.ARN, g.Tags })
}

// Dump implements world.Service.
func (p *ElastiCache) Dump(d *world.Dumper) {
	for _, g := range p.s.Groups.All() {
		s := g.Shown
		d.Add("elasticache.replication-group", aws.ToString(s.ARN), aws.ToString(s.ReplicationGroupId), map[string]any{
			"engine": s.Engine, "version": g.Version, "type": s.CacheNodeType, "nodes": g.Nodes, "failover": s.AutomaticFailover,
			"tls": s.TransitEncryptionMode, "backup": s.SnapshotRetentionLimit, "status": s.Status, "description": s.Description,
			"subnets": g.SubnetGroup, "groups": g.Groups, "data": g.Data, "tags": g.Tags,
		})
	}
	for _, s := range p.s.Snapshots.All() {
		d.Add("elasticache.snapshot", aws.ToString(s.Shown.ARN), aws.ToString(s.Shown.SnapshotName), map[string]any{
			"data": s.Data, "status": s.Shown.SnapshotStatus,
		})
	}
	for _, g := range p.s.Subnets.All() {
		d.Add("elasticache.subnet-group", g.ARN, g.Name, map[string]any{"subnets": g.Subnets, "description": g.Description, "tags": g.Tags})
	}
}

// Locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
func (p *ElastiCache) Locate(operation string, in any) string {
	if arn := world.FieldText(in, "ResourceName"); arn != "" {
		return arn
	}
	for _, field := range [][3]string{
		{"ReplicationGroupId", "replicationgroup", "Replica"}, {"CacheSubnetGroupName", "subnetgroup", "SubnetGroup"},
		{"SnapshotName", "snapshot", "Snapshot"}, {"CacheClusterId", "cluster", "CacheCluster"},
	} {
		switch name := world.FieldText(in, field[0]); {
		case !strings.Contains(operation, field[2]):
		case name != "":
			return p.account.ARN("elasticache", field[1]+":"+name)
		default:
			return p.account.ARN("elasticache", field[1]+":*")
		}
	}
	return ""
}

var (
	_ world.Service = (*ElastiCache)(nil)
	_ world.Locator = (*ElastiCache)(nil)
)
