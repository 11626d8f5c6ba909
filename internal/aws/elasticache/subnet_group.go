package elasticache

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// SubnetGroup is where the caches of a stack may be. Outputs: id (the name),
// arn.
type SubnetGroup struct {
	// Name is unique in the account and region.
	Name    string       `attr:"name,replace,own"`
	Subnets []engine.Ref `attr:"subnets,set"`
}

// Type implements engine.Resource.
func (SubnetGroup) Type() string { return "elasticache.subnet-group" }

// SubnetGroups is the type of SubnetGroup.
type SubnetGroups struct {
	API     *elasticache.Client
	Tagging *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type.
func (SubnetGroups) Spec() engine.Spec {
	return engine.Spec{
		Name: SubnetGroup{}.Type(), Identity: engine.UniqueName, DeletesAfter: []string{ReplicationGroup{}.Type()},
	}
}

// List implements engine.Type: one call, if there may be any.
func (t SubnetGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if ok, err := tagindex.MayExist(ctx, q, t.Tagging, "elasticache:subnetgroup"); err != nil || !ok {
		return nil, err
	}
	groups, err := t.all(ctx, nil)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, g := range groups {
		mark, ok := engine.ParseMark(aws.ToString(g.CacheSubnetGroupDescription))
		if ok && mark.Address.Type == (SubnetGroup{}).Type() && q.Has(mark.Address.Owner) {
			objects = append(objects, subnetGroupObject(g, mark))
		}
	}
	if !q.Deep {
		return objects, nil
	}
	return objects, engine.Each(objects, func(i int, l engine.Object) (err error) {
		objects[i].Tags, err = tagsAt(ctx, t.API, l.Output("arn"))
		return err
	})
}

// all are the groups of the account, or the one of a name.
func (t SubnetGroups) all(ctx context.Context, name *string) ([]types.CacheSubnetGroup, error) {
	var all []types.CacheSubnetGroup
	pages := elasticache.NewDescribeCacheSubnetGroupsPaginator(t.API, &elasticache.DescribeCacheSubnetGroupsInput{CacheSubnetGroupName: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing subnet groups of ElastiCache: %w", err)
		}
		all = append(all, page.CacheSubnetGroups...)
	}
	return all, nil
}

func subnetGroupObject(g types.CacheSubnetGroup, mark engine.Mark) engine.Object {
	shown := SubnetGroup{Name: aws.ToString(g.CacheSubnetGroupName)}
	for _, s := range g.Subnets {
		shown.Subnets = append(shown.Subnets, engine.Lit(aws.ToString(s.SubnetIdentifier)))
	}
	return engine.Object{
		Address: mark.Address, ID: shown.Name, LastApplied: mark.LastApplied, State: engine.StateReady,
		Attrs: engine.Shown(shown), Outputs: map[string]string{"arn": aws.ToString(g.ARN)},
	}
}

// Create implements engine.Type.
func (t SubnetGroups) Create(ctx context.Context, w engine.Desired[SubnetGroup]) (engine.Object, error) {
	out, err := t.API.CreateCacheSubnetGroup(ctx, &elasticache.CreateCacheSubnetGroupInput{
		CacheSubnetGroupName: &w.Want.Name, CacheSubnetGroupDescription: aws.String(w.Mark().String()),
		SubnetIds: engine.Values(w.Want.Subnets), Tags: tagList(w.Tags),
	})
	switch {
	case gate.IsExists(err):
		return t.take(ctx, w)
	case err != nil:
		return engine.Object{}, fmt.Errorf("creating subnet group %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, w.Want.Name, map[string]string{"arn": aws.ToString(out.CacheSubnetGroup.ARN)}), nil
}

// take goes on with a group of the name that exists.
func (t SubnetGroups) take(ctx context.Context, w engine.Desired[SubnetGroup]) (engine.Object, error) {
	groups, err := t.all(ctx, &w.Want.Name)
	if gate.IsNotFound(err) || err == nil && len(groups) == 0 {
		return engine.Object{}, gate.Unlisted("subnet group " + w.Want.Name)
	}
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.ParseMark(aws.ToString(groups[0].CacheSubnetGroupDescription))
	object := subnetGroupObject(groups[0], mark)
	if err := w.Claim(mark, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type. The mark changes with the subnets in one call
// and comes last.
func (t SubnetGroups) Update(ctx context.Context, w engine.Desired[SubnetGroup], object engine.Object, _ []string) (engine.Object, error) {
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	_, err := t.API.ModifyCacheSubnetGroup(ctx, &elasticache.ModifyCacheSubnetGroupInput{
		CacheSubnetGroupName: &object.ID, CacheSubnetGroupDescription: aws.String(w.Mark().String()), SubnetIds: engine.Values(w.Want.Subnets),
	})
	if err != nil {
		return object, fmt.Errorf("changing subnet group %s: %w", object.ID, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type.
func (t SubnetGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteCacheSubnetGroup(ctx, &elasticache.DeleteCacheSubnetGroupInput{CacheSubnetGroupName: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting subnet group %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[SubnetGroup] = SubnetGroups{}
