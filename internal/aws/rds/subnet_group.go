package rds

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/aws/tagged"
	"github.com/berthdev/berth/internal/engine"
)

// SubnetGroup is where the database instances of a stack may be: two or more
// subnets in different zones. Outputs: id (the name), arn.
type SubnetGroup struct {
	// Name is unique in the account and region.
	Name    string       `attr:"name,replace,own"`
	Subnets []engine.Ref `attr:"subnets,set"`
}

// Type implements engine.Resource.
func (SubnetGroup) Type() string { return "rds.subnet-group" }

// SubnetGroups is the type of SubnetGroup. Its description carries berth's
// mark, because listing shows no tags.
type SubnetGroups struct {
	API     *rds.Client
	Tagging *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type.
func (SubnetGroups) Spec() engine.Spec {
	return engine.Spec{Name: SubnetGroup{}.Type(), Identity: engine.UniqueName, DeletesAfter: []string{Instance{}.Type()}}
}

// List implements engine.Type: one call, if there may be any.
func (t SubnetGroups) List(ctx context.Context, q engine.Query) ([]engine.Live, error) {
	if ok, err := tagged.MayExist(ctx, q, t.Tagging, "rds:subgrp"); err != nil || !ok {
		return nil, err
	}
	groups, err := t.all(ctx, nil)
	if err != nil {
		return nil, err
	}
	var lives []engine.Live
	for _, g := range groups {
		mark, ok := engine.ParseMark(aws.ToString(g.DBSubnetGroupDescription))
		if ok && mark.Address.Type == (SubnetGroup{}).Type() && q.Has(mark.Address.Owner) {
			lives = append(lives, subnetGroupLive(g, mark))
		}
	}
	if !q.Deep {
		return lives, nil
	}
	return lives, engine.Each(lives, func(i int, l engine.Live) (err error) {
		lives[i].Tags, err = tagsAt(ctx, t.API, l.Output("arn"))
		return err
	})
}

// all are the groups of the account, or the one of a name.
func (t SubnetGroups) all(ctx context.Context, name *string) ([]types.DBSubnetGroup, error) {
	var all []types.DBSubnetGroup
	pages := rds.NewDescribeDBSubnetGroupsPaginator(t.API, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing subnet groups of RDS: %w", err)
		}
		all = append(all, page.DBSubnetGroups...)
	}
	return all, nil
}

func subnetGroupLive(g types.DBSubnetGroup, mark engine.Mark) engine.Live {
	shown := SubnetGroup{Name: aws.ToString(g.DBSubnetGroupName)}
	for _, s := range g.Subnets {
		shown.Subnets = append(shown.Subnets, engine.Lit(aws.ToString(s.SubnetIdentifier)))
	}
	return engine.Live{
		Address: mark.Address, ID: shown.Name, Asked: mark.Asked, State: engine.StateReady,
		Attrs: engine.Shown(shown), Outputs: map[string]string{"arn": aws.ToString(g.DBSubnetGroupArn)},
	}
}

// Create implements engine.Type.
func (t SubnetGroups) Create(ctx context.Context, w engine.Wish[SubnetGroup]) (engine.Live, error) {
	out, err := t.API.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: &w.Want.Name, DBSubnetGroupDescription: aws.String(w.Mark().String()),
		SubnetIds: engine.Values(w.Want.Subnets), Tags: tagList(w.Tags),
	})
	switch {
	case call.IsExists(err):
		return t.take(ctx, w)
	case err != nil:
		return engine.Live{}, fmt.Errorf("creating subnet group %s: %w", w.Want.Name, err)
	}
	return engine.AsWished(w, w.Want.Name, map[string]string{"arn": aws.ToString(out.DBSubnetGroup.DBSubnetGroupArn)}), nil
}

// take goes on with a group of the name that exists.
func (t SubnetGroups) take(ctx context.Context, w engine.Wish[SubnetGroup]) (engine.Live, error) {
	groups, err := t.all(ctx, &w.Want.Name)
	if call.IsNotFound(err) || err == nil && len(groups) == 0 {
		return engine.Live{}, call.Unlisted("subnet group " + w.Want.Name)
	}
	if err != nil {
		return engine.Live{}, err
	}
	mark, _ := engine.ParseMark(aws.ToString(groups[0].DBSubnetGroupDescription))
	live := subnetGroupLive(groups[0], mark)
	if err := w.Claim(mark, w.Want.Name, live.Output("arn")); err != nil {
		return engine.Live{}, err
	}
	return t.Update(ctx, w, live, nil)
}

// Update implements engine.Type. The mark changes with the subnets in one call
// and comes last.
func (t SubnetGroups) Update(ctx context.Context, w engine.Wish[SubnetGroup], live engine.Live, _ []string) (engine.Live, error) {
	if err := setTags(ctx, t.API, live.Output("arn"), live.Tags, w.Tags); err != nil {
		return live, err
	}
	subnets := engine.Values(w.Want.Subnets)
	slices.Sort(subnets)
	_, err := t.API.ModifyDBSubnetGroup(ctx, &rds.ModifyDBSubnetGroupInput{
		DBSubnetGroupName: &live.ID, DBSubnetGroupDescription: aws.String(w.Mark().String()), SubnetIds: subnets,
	})
	if err != nil {
		return live, fmt.Errorf("changing subnet group %s: %w", live.ID, err)
	}
	return engine.AsWished(w, live.ID, live.Outputs), nil
}

// Delete implements engine.Type.
func (t SubnetGroups) Delete(ctx context.Context, live engine.Live) error {
	_, err := t.API.DeleteDBSubnetGroup(ctx, &rds.DeleteDBSubnetGroupInput{DBSubnetGroupName: &live.ID})
	if err != nil && !call.IsNotFound(err) {
		return fmt.Errorf("deleting subnet group %s: %w", live.ID, err)
	}
	return nil
}

var _ engine.Type[SubnetGroup] = SubnetGroups{}
