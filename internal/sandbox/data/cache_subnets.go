package data

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cache "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func noCacheSubnetGroup(name string) error {
	return &types.CacheSubnetGroupNotFoundFault{Message: aws.String("Cache Subnet Group " + name + " does not exist.")}
}

// vpcOfSubnets checks the subnets of a group and finds their VPC.
func (p *ElastiCache) vpcOfSubnets(rq *world.Request, subnets []string) (vpc string, err error) {
	invalid := func(id string) error {
		return &types.InvalidSubnet{Message: aws.String("Some input subnets are invalid: " + id)}
	}
	vpc, _, err = p.Needs.subnetsOf(rq, subnets, invalid, invalid)
	if err != nil {
		return "", err
	}
	if vpc == "" {
		return "", &types.InvalidSubnet{Message: aws.String("At least one subnet is needed.")}
	}
	return vpc, nil
}

func (p *ElastiCache) createCacheSubnetGroup(rq *world.Request, in *cache.CreateCacheSubnetGroupInput) (*cache.CreateCacheSubnetGroupOutput, error) {
	name := strings.ToLower(aws.ToString(in.CacheSubnetGroupName))
	if name == "default" || !cacheSubnetNames.MatchString(name) {
		return nil, cacheInvalid("The parameter CacheSubnetGroupName is not a valid identifier: %s", name)
	}
	if p.s.Subnets.Get(name) != nil {
		return nil, &types.CacheSubnetGroupAlreadyExistsFault{Message: aws.String("Cache subnet group " + name + " already exists.")}
	}
	vpc, err := p.vpcOfSubnets(rq, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	g := p.s.Subnets.Put(p.account, rq.Now, name, &subnetGroup{
		Name: name, ARN: p.account.ARN("elasticache", "subnetgroup:"+name), Description: aws.ToString(in.CacheSubnetGroupDescription),
		VPC: vpc, Subnets: slices.Clone(in.SubnetIds), Tags: world.TagMap(in.Tags),
	})
	return &cache.CreateCacheSubnetGroupOutput{CacheSubnetGroup: p.subnetsShown(g)}, nil
}

func (p *ElastiCache) subnetsShown(g *subnetGroup) *types.CacheSubnetGroup {
	out := &types.CacheSubnetGroup{
		CacheSubnetGroupName: aws.String(g.Name), ARN: aws.String(g.ARN), VpcId: aws.String(g.VPC),
		CacheSubnetGroupDescription: aws.String(g.Description),
	}
	for _, id := range g.Subnets {
		out.Subnets = append(out.Subnets, types.Subnet{
			SubnetIdentifier: aws.String(id), SubnetAvailabilityZone: &types.AvailabilityZone{Name: aws.String(p.Needs.Network.Zone(id))},
		})
	}
	return out
}

func (p *ElastiCache) describeCacheSubnetGroups(rq *world.Request, in *cache.DescribeCacheSubnetGroupsInput) (*cache.DescribeCacheSubnetGroupsOutput, error) {
	var found []types.CacheSubnetGroup
	want := aws.ToString(in.CacheSubnetGroupName)
	for _, g := range groupsNamed(rq, &p.s.Subnets, want) {
		found = append(found, *p.subnetsShown(g))
	}
	if want != "" && len(found) == 0 {
		return nil, noCacheSubnetGroup(want)
	}
	page, next, err := cachePage(found, in.Marker, in.MaxRecords)
	return &cache.DescribeCacheSubnetGroupsOutput{CacheSubnetGroups: page, Marker: next}, err
}

func (p *ElastiCache) modifyCacheSubnetGroup(rq *world.Request, in *cache.ModifyCacheSubnetGroupInput) (*cache.ModifyCacheSubnetGroupOutput, error) {
	g := p.s.Subnets.Find(rq, aws.ToString(in.CacheSubnetGroupName))
	if g == nil {
		return nil, noCacheSubnetGroup(aws.ToString(in.CacheSubnetGroupName))
	}
	if in.SubnetIds != nil {
		if _, err := p.vpcOfSubnets(rq, in.SubnetIds); err != nil {
			return nil, err
		}
	}
	g.change(in.SubnetIds, in.CacheSubnetGroupDescription)
	return &cache.ModifyCacheSubnetGroupOutput{CacheSubnetGroup: p.subnetsShown(g)}, nil
}

func (p *ElastiCache) deleteCacheSubnetGroup(rq *world.Request, in *cache.DeleteCacheSubnetGroupInput) (*cache.DeleteCacheSubnetGroupOutput, error) {
	name := aws.ToString(in.CacheSubnetGroupName)
	if p.s.Subnets.Get(name) == nil {
		return nil, noCacheSubnetGroup(name)
	}
	for _, g := range p.s.Groups.All() {
		if g.SubnetGroup == name {
			return nil, &types.CacheSubnetGroupInUse{Message: aws.String("Cache subnet group " + name + " is currently in use by a cache cluster.")}
		}
	}
	p.s.Subnets.Remove(rq.Now, name)
	return &cache.DeleteCacheSubnetGroupOutput{}, nil
}
