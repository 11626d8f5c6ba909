package rds

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/subnetgroup"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// SubnetGroup is where the database instances of a stack may be: two or more
// subnets in different zones. Outputs: id (the name), arn.
type SubnetGroup subnetgroup.SubnetGroup

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
	return engine.Spec{Name: SubnetGroup{}.Type(), Identity: engine.UniqueName, DeletesAfter: []string{Instance{}.Type()}, InUse: "its databases go first"}
}

// List implements engine.Type: one call, if there may be any.
func (t SubnetGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if ok, err := tagindex.MayExist(ctx, q, t.Tagging, "rds:subgrp"); err != nil || !ok {
		return nil, err
	}
	return subnetgroup.List[SubnetGroup](ctx, q, t.all, func(ctx context.Context, arn string) (map[string]string, error) {
		return tagsAt(ctx, t.API, arn)
	})
}

// all are the groups of the account, or the one of a name.
func (t SubnetGroups) all(ctx context.Context, name *string) ([]subnetgroup.Group, error) {
	var all []subnetgroup.Group
	pages := rds.NewDescribeDBSubnetGroupsPaginator(t.API, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing subnet groups of RDS: %w", err)
		}
		for _, g := range page.DBSubnetGroups {
			group := subnetgroup.Group{
				Name: aws.ToString(g.DBSubnetGroupName), ARN: aws.ToString(g.DBSubnetGroupArn), Description: aws.ToString(g.DBSubnetGroupDescription),
			}
			for _, s := range g.Subnets {
				group.Subnets = append(group.Subnets, engine.Lit(aws.ToString(s.SubnetIdentifier)))
			}
			all = append(all, group)
		}
	}
	return all, nil
}

// Create implements engine.Type.
func (t SubnetGroups) Create(ctx context.Context, w engine.Desired[SubnetGroup]) (engine.Object, error) {
	out, err := t.API.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: &w.Want.Name, DBSubnetGroupDescription: aws.String(w.Mark().String()),
		SubnetIds: engine.Values(w.Want.Subnets), Tags: tagList(w.Tags),
	})
	switch {
	case gate.IsExists(err):
		return subnetgroup.Take(ctx, w, t.all, t.Update)
	case err != nil:
		return engine.Object{}, fmt.Errorf("creating subnet group %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, w.Want.Name, map[string]string{"arn": aws.ToString(out.DBSubnetGroup.DBSubnetGroupArn)}), nil
}

// Update implements engine.Type. The mark changes with the subnets in one call
// and comes last.
func (t SubnetGroups) Update(ctx context.Context, w engine.Desired[SubnetGroup], object engine.Object, _ []string) (engine.Object, error) {
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	subnets := engine.Values(w.Want.Subnets)
	slices.Sort(subnets)
	_, err := t.API.ModifyDBSubnetGroup(ctx, &rds.ModifyDBSubnetGroupInput{
		DBSubnetGroupName: &object.ID, DBSubnetGroupDescription: aws.String(w.Mark().String()), SubnetIds: subnets,
	})
	if err != nil {
		return object, fmt.Errorf("changing subnet group %s: %w", object.ID, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type.
func (t SubnetGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteDBSubnetGroup(ctx, &rds.DeleteDBSubnetGroupInput{DBSubnetGroupName: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting subnet group %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[SubnetGroup] = SubnetGroups{}
