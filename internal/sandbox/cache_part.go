package sandbox

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cache "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// cachePart is ElastiCache: replication groups with cluster mode off.
type cachePart struct {
	account *Account
	s       cacheState
	// Needs is set before the first call.
	Needs dataNeeds
}

func newCache(account *Account) *cachePart { return &cachePart{account: account} }

// ID implements Service.
func (p *cachePart) ID() string { return cache.ServiceID }

func (p *cachePart) State() any { return &p.s }

func (p *cachePart) Routes(r *router) {
	on(r, p.createReplicationGroup)
	on(r, p.describeReplicationGroups)
	on(r, p.describeCacheClusters)
	on(r, p.modifyReplicationGroup)
	on(r, p.increaseReplicaCount)
	on(r, p.decreaseReplicaCount)
	on(r, p.deleteReplicationGroup)
	on(r, p.describeSnapshots)
	on(r, p.deleteSnapshot)
	on(r, p.createCacheSubnetGroup)
	on(r, p.describeCacheSubnetGroups)
	on(r, p.modifyCacheSubnetGroup)
	on(r, p.deleteCacheSubnetGroup)
	on(r, p.addTagsToResource)
	on(r, p.removeTagsFromResource)
	on(r, p.listTagsForResource)
	r.event("cache.group.next", p.groupNext)
	r.event("cache.group.gone", p.groupGone)
	r.event("cache.snapshot.done", p.snapshotDone)
}

// tagsOf are the tags of the object with an ARN, to be read or changed.
func (p *cachePart) tagsOf(rq *request, arn string) (map[string]string, error) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 {
		return nil, &types.InvalidARNFault{Message: aws.String("The ARN is not valid: " + arn)}
	}
	switch name := parts[6]; parts[5] {
	case "replicationgroup":
		if g := p.s.Groups.find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noCache(name)
	case "snapshot":
		if s := p.s.Snapshots.find(rq, name); s != nil {
			return s.Tags, nil
		}
		return nil, noCacheSnapshot(name)
	default:
		if g := p.s.Subnets.find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noCacheSubnetGroup(name)
	}
}

func (p *cachePart) addTagsToResource(rq *request, in *cache.AddTagsToResourceInput) (*cache.AddTagsToResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, tagMap(in.Tags))
	return &cache.AddTagsToResourceOutput{TagList: tagList[types.Tag](tags)}, nil
}

func (p *cachePart) removeTagsFromResource(rq *request, in *cache.RemoveTagsFromResourceInput) (*cache.RemoveTagsFromResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &cache.RemoveTagsFromResourceOutput{TagList: tagList[types.Tag](tags)}, nil
}

func (p *cachePart) listTagsForResource(rq *request, in *cache.ListTagsForResourceInput) (*cache.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	return &cache.ListTagsForResourceOutput{TagList: tagList[types.Tag](tags)}, nil
}

// cachePage cuts a page as ElastiCache does: pages of at most 100.
func cachePage[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := pageOf(all, marker, size, 100)
	if err != nil {
		return nil, nil, &types.InvalidParameterValueException{Message: aws.String("Invalid marker.")}
	}
	return page, next, nil
}

// index implements indexed.
func (p *cachePart) index(f indexFunc) {
	indexRows(&p.s.Groups, f, func(g *cacheGroup) (string, map[string]string) { return aws.ToString(g.Shown.ARN), g.Tags })
	indexRows(&p.s.Snapshots, f, func(s *cacheSnapshot) (string, map[string]string) { return aws.ToString(s.Shown.ARN), s.Tags })
	indexRows(&p.s.Subnets, f, func(g *cacheSubnetGroup) (string, map[string]string) { return g.ARN, g.Tags })
}

func (p *cachePart) Dump(d *dumper) {
	for _, g := range p.s.Groups.all() {
		s := g.Shown
		d.add("elasticache.replication-group", aws.ToString(s.ARN), aws.ToString(s.ReplicationGroupId), map[string]any{
			"engine": s.Engine, "version": g.Version, "type": s.CacheNodeType, "nodes": g.Nodes, "failover": s.AutomaticFailover,
			"tls": s.TransitEncryptionMode, "backup": s.SnapshotRetentionLimit, "status": s.Status, "description": s.Description,
			"subnets": g.SubnetGroup, "groups": g.Groups, "data": g.Data, "tags": g.Tags,
		})
	}
	for _, s := range p.s.Snapshots.all() {
		d.add("elasticache.snapshot", aws.ToString(s.Shown.ARN), aws.ToString(s.Shown.SnapshotName), map[string]any{
			"data": s.Data, "status": s.Shown.SnapshotStatus,
		})
	}
	for _, g := range p.s.Subnets.all() {
		d.add("elasticache.subnet-group", g.ARN, g.Name, map[string]any{"subnets": g.Subnets, "description": g.Description, "tags": g.Tags})
	}
}

// locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
func (p *cachePart) locate(operation string, in any) string {
	if arn := fieldText(in, "ResourceName"); arn != "" {
		return arn
	}
	for _, field := range [][3]string{
		{"ReplicationGroupId", "replicationgroup", "Replica"}, {"CacheSubnetGroupName", "subnetgroup", "SubnetGroup"},
		{"SnapshotName", "snapshot", "Snapshot"}, {"CacheClusterId", "cluster", "CacheCluster"},
	} {
		switch name := fieldText(in, field[0]); {
		case !strings.Contains(operation, field[2]):
		case name != "":
			return p.account.arn("elasticache", field[1]+":"+name)
		default:
			return p.account.arn("elasticache", field[1]+":*")
		}
	}
	return ""
}

var (
	_ Service = (*cachePart)(nil)
	_ locator = (*cachePart)(nil)
)
