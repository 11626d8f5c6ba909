package data

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func noDBSubnetGroup(name string) error {
	return world.WithStatus(404, &types.DBSubnetGroupNotFoundFault{Message: aws.String(fmt.Sprintf("DB subnet group '%s' does not exist.", name))})
}

func noParameterGroup(name string) error {
	return world.WithStatus(404, &types.DBParameterGroupNotFoundFault{Message: aws.String("DBParameterGroup not found: " + name)})
}

// groups are the subnet groups and the parameter groups.
type groups struct {
	account *world.Account
	s       *rdsState
	needs   *Needs
}

// coverage checks the subnets of a group and finds their VPC.
func (p *groups) coverage(rq *world.Request, subnets []string) (vpc string, err error) {
	vpc, zones, err := p.needs.subnetsOf(rq, subnets, func(id string) error {
		return &types.InvalidSubnet{Message: aws.String(fmt.Sprintf("Some input subnets in :[%s] are invalid.", id))}
	}, func(string) error {
		return &types.InvalidSubnet{Message: aws.String("The subnets are in different VPCs.")}
	})
	if err != nil {
		return "", err
	}
	if len(zones) < 2 {
		return "", &types.DBSubnetGroupDoesNotCoverEnoughAZs{Message: aws.String(
			"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.")}
	}
	return vpc, nil
}

func (p *groups) createDBSubnetGroup(rq *world.Request, in *rds.CreateDBSubnetGroupInput) (*rds.CreateDBSubnetGroupOutput, error) {
	name := strings.ToLower(aws.ToString(in.DBSubnetGroupName))
	if err := rdsGroupName("DBSubnetGroupName", name, rdsSubnetNames); err != nil {
		return nil, err
	}
	if p.s.Subnets.Get(name) != nil {
		return nil, &types.DBSubnetGroupAlreadyExistsFault{Message: aws.String("The DB subnet group '" + name + "' already exists.")}
	}
	vpc, err := p.coverage(rq, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	g := p.s.Subnets.Put(p.account, rq.Now, name, &subnetGroup{
		Name: name, ARN: p.account.ARN("rds", "subgrp:"+name), Description: aws.ToString(in.DBSubnetGroupDescription), VPC: vpc,
		Subnets: slices.Clone(in.SubnetIds), Created: rq.Now, Tags: world.TagMap(in.Tags),
	})
	return &rds.CreateDBSubnetGroupOutput{DBSubnetGroup: p.subnetGroupShown(g)}, nil
}

func (p *groups) subnetGroupShown(g *subnetGroup) *types.DBSubnetGroup {
	out := &types.DBSubnetGroup{
		DBSubnetGroupName: aws.String(g.Name), DBSubnetGroupArn: aws.String(g.ARN), VpcId: aws.String(g.VPC),
		DBSubnetGroupDescription: aws.String(g.Description), SubnetGroupStatus: aws.String("Complete"),
	}
	for _, id := range g.Subnets {
		out.Subnets = append(out.Subnets, types.Subnet{
			SubnetIdentifier: aws.String(id), SubnetStatus: aws.String("Active"),
			SubnetAvailabilityZone: &types.AvailabilityZone{Name: aws.String(p.needs.Network.Zone(id))},
		})
	}
	return out
}

func (p *groups) describeDBSubnetGroups(rq *world.Request, in *rds.DescribeDBSubnetGroupsInput) (*rds.DescribeDBSubnetGroupsOutput, error) {
	var found []types.DBSubnetGroup
	want := aws.ToString(in.DBSubnetGroupName)
	for _, g := range groupsNamed(rq, &p.s.Subnets, want) {
		found = append(found, *p.subnetGroupShown(g))
	}
	if want != "" && len(found) == 0 {
		return nil, noDBSubnetGroup(want)
	}
	page, next, err := rdsPage(found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBSubnetGroupsOutput{DBSubnetGroups: page, Marker: next}, err
}

func (p *groups) modifyDBSubnetGroup(rq *world.Request, in *rds.ModifyDBSubnetGroupInput) (*rds.ModifyDBSubnetGroupOutput, error) {
	g := p.s.Subnets.Find(rq, aws.ToString(in.DBSubnetGroupName))
	if g == nil {
		return nil, noDBSubnetGroup(aws.ToString(in.DBSubnetGroupName))
	}
	if _, err := p.coverage(rq, in.SubnetIds); err != nil {
		return nil, err
	}
	g.change(in.SubnetIds, in.DBSubnetGroupDescription)
	return &rds.ModifyDBSubnetGroupOutput{DBSubnetGroup: p.subnetGroupShown(g)}, nil
}

func (p *groups) deleteDBSubnetGroup(rq *world.Request, in *rds.DeleteDBSubnetGroupInput) (*rds.DeleteDBSubnetGroupOutput, error) {
	name := aws.ToString(in.DBSubnetGroupName)
	if p.s.Subnets.Get(name) == nil {
		return nil, noDBSubnetGroup(name)
	}
	for _, d := range p.s.Instances.All() {
		if d.SubnetGroup == name {
			return nil, &types.InvalidDBSubnetGroupStateFault{Message: aws.String(fmt.Sprintf(
				"Cannot delete the subnet group '%s' because at least one database instance: %s is still using it.", name, aws.ToString(d.Shown.DBInstanceIdentifier)))}
		}
	}
	p.s.Subnets.Remove(rq.Now, name)
	return &rds.DeleteDBSubnetGroupOutput{}, nil
}

func (p *groups) createDBParameterGroup(rq *world.Request, in *rds.CreateDBParameterGroupInput) (*rds.CreateDBParameterGroupOutput, error) {
	name := strings.ToLower(aws.ToString(in.DBParameterGroupName))
	if err := rdsGroupName("DBParameterGroupName", name, rdsParameterNames); err != nil {
		return nil, err
	}
	if p.s.Parameters.Get(name) != nil {
		return nil, &types.DBParameterGroupAlreadyExistsFault{Message: aws.String("Parameter group " + name + " already exists")}
	}
	family := aws.ToString(in.DBParameterGroupFamily)
	if !isFamily(family) {
		return nil, world.APIError(400, "InvalidParameterValue", "ParameterGroupFamily %s is not a valid parameter group family", family)
	}
	g := p.s.Parameters.Put(p.account, rq.Now, name, &dbParameterGroup{
		Name: name, ARN: p.account.ARN("rds", "pg:"+name), Family: family,
		Description: aws.ToString(in.Description), Values: map[string]string{}, Tags: world.TagMap(in.Tags),
	})
	return &rds.CreateDBParameterGroupOutput{DBParameterGroup: parameterGroupShown(g)}, nil
}

func parameterGroupShown(g *dbParameterGroup) *types.DBParameterGroup {
	return &types.DBParameterGroup{
		DBParameterGroupName: aws.String(g.Name), DBParameterGroupArn: aws.String(g.ARN),
		DBParameterGroupFamily: aws.String(g.Family), Description: aws.String(g.Description),
	}
}

func (p *groups) describeDBParameterGroups(rq *world.Request, in *rds.DescribeDBParameterGroupsInput) (*rds.DescribeDBParameterGroupsOutput, error) {
	var found []types.DBParameterGroup
	want := aws.ToString(in.DBParameterGroupName)
	for _, g := range p.s.Parameters.List(rq) {
		if want == "" || want == g.Name {
			found = append(found, *parameterGroupShown(g))
		}
	}
	if want != "" && len(found) == 0 {
		return nil, noParameterGroup(want)
	}
	page, next, err := rdsPage(found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBParameterGroupsOutput{DBParameterGroups: page, Marker: next}, err
}

func (p *groups) deleteDBParameterGroup(rq *world.Request, in *rds.DeleteDBParameterGroupInput) (*rds.DeleteDBParameterGroupOutput, error) {
	name := aws.ToString(in.DBParameterGroupName)
	if p.s.Parameters.Get(name) == nil {
		return nil, noParameterGroup(name)
	}
	for _, d := range p.s.Instances.All() {
		if d.ParameterGroup == name {
			return nil, &types.InvalidDBParameterGroupStateFault{Message: aws.String(
				"One or more database instances are still members of this parameter group " + name + ", so the group cannot be deleted")}
		}
	}
	p.s.Parameters.Remove(rq.Now, name)
	return &rds.DeleteDBParameterGroupOutput{}, nil
}

// checkFamily refuses a parameter group that does not fit the engine.
func (p *groups) checkFamily(rq *world.Request, name, family string) error {
	if name == "default."+family {
		return nil
	}
	g := p.s.Parameters.Find(rq, name)
	if g == nil {
		return noParameterGroup(name)
	}
	if g.Family != family {
		return world.APIError(400, "InvalidParameterCombination",
			"The parameter group %s with DBParameterGroupFamily %s can't be used for this instance. Please use a parameter group with DBParameterGroupFamily %s", name, g.Family, family)
	}
	return nil
}
