package sandbox

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// rdsPart is RDS: instances, snapshots, subnet groups, parameter groups.
type rdsPart struct {
	account *Account
	s       rdsState
	// Needs is set before the first call.
	Needs dataNeeds

	groups *rdsGroups
}

func newRDS(account *Account) *rdsPart {
	p := &rdsPart{account: account}
	p.groups = &rdsGroups{account: p.account, s: &p.s, needs: &p.Needs}
	return p
}

// ID implements Service.
func (p *rdsPart) ID() string { return rds.ServiceID }

func (p *rdsPart) State() any { return &p.s }

func (p *rdsPart) Routes(r *router) {
	on(r, p.createDBInstance)
	on(r, p.restoreDBInstance)
	on(r, p.describeDBInstances)
	on(r, p.modifyDBInstance)
	on(r, p.deleteDBInstance)
	on(r, p.startDBInstance)
	on(r, p.stopDBInstance)
	on(r, p.createDBSnapshot)
	on(r, p.describeDBSnapshots)
	on(r, p.deleteDBSnapshot)
	on(r, p.groups.createDBSubnetGroup)
	on(r, p.groups.describeDBSubnetGroups)
	on(r, p.groups.modifyDBSubnetGroup)
	on(r, p.groups.deleteDBSubnetGroup)
	on(r, p.groups.createDBParameterGroup)
	on(r, p.groups.describeDBParameterGroups)
	on(r, p.groups.describeDBParameters)
	on(r, p.groups.modifyDBParameterGroup)
	on(r, p.groups.deleteDBParameterGroup)
	on(r, p.addTagsToResource)
	on(r, p.removeTagsFromResource)
	on(r, p.listTagsForResource)
	r.event("rds.instance.next", p.instanceNext)
	r.event("rds.instance.gone", p.instanceGone)
	r.event("rds.snapshot.done", p.snapshotDone)
}

// tagsOf are the tags of the object with an ARN, to be read or changed.
func (p *rdsPart) tagsOf(rq *request, arn string) (map[string]string, error) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 {
		return nil, apiError(400, "InvalidParameterValue", "The specified resource name does not match an RDS resource in this region.")
	}
	switch name := parts[6]; parts[5] {
	case "db":
		if d := p.s.Instances.find(rq, name); d != nil {
			return d.Tags, nil
		}
		return nil, noDatabase(name)
	case "snapshot":
		if s := p.s.Snapshots.find(rq, name); s != nil {
			return s.Tags, nil
		}
		return nil, noDBSnapshot(name)
	case "subgrp":
		if g := p.s.Subnets.find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noDBSubnetGroup(name)
	default:
		if g := p.s.Parameters.find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noParameterGroup(name)
	}
}

func (p *rdsPart) addTagsToResource(rq *request, in *rds.AddTagsToResourceInput) (*rds.AddTagsToResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, tagMap(in.Tags))
	return &rds.AddTagsToResourceOutput{}, nil
}

func (p *rdsPart) removeTagsFromResource(rq *request, in *rds.RemoveTagsFromResourceInput) (*rds.RemoveTagsFromResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &rds.RemoveTagsFromResourceOutput{}, nil
}

func (p *rdsPart) listTagsForResource(rq *request, in *rds.ListTagsForResourceInput) (*rds.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	return &rds.ListTagsForResourceOutput{TagList: tagList[types.Tag](tags)}, nil
}

// rdsPage cuts a page as RDS does: pages of at most 100.
func rdsPage[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := pageOf(all, marker, size, 100)
	if err != nil {
		return nil, nil, apiError(400, "InvalidParameterValue", "Invalid value for the marker.")
	}
	return page, next, nil
}

// rdsFilter tells whether a filter of RDS lets a value pass.
func rdsFilter(filters []types.Filter, values map[string]string) bool {
	for _, f := range filters {
		if !slices.Contains(f.Values, values[aws.ToString(f.Name)]) {
			return false
		}
	}
	return true
}

// index implements indexed.
func (p *rdsPart) index(f indexFunc) {
	indexRows(&p.s.Instances, f, func(d *database) (string, map[string]string) { return aws.ToString(d.Shown.DBInstanceArn), d.Tags })
	indexRows(&p.s.Snapshots, f, func(s *dbSnapshot) (string, map[string]string) { return aws.ToString(s.Shown.DBSnapshotArn), s.Tags })
	indexRows(&p.s.Subnets, f, func(g *dbSubnetGroup) (string, map[string]string) { return g.ARN, g.Tags })
	indexRows(&p.s.Parameters, f, func(g *dbParameterGroup) (string, map[string]string) { return g.ARN, g.Tags })
}

func (p *rdsPart) Dump(d *dumper) {
	for _, i := range p.s.Instances.all() {
		s := i.Shown
		d.add("rds.instance", aws.ToString(s.DBInstanceArn), aws.ToString(s.DBInstanceIdentifier), map[string]any{
			"engine": s.Engine, "version": s.EngineVersion, "class": s.DBInstanceClass, "storage": s.AllocatedStorage,
			"max": s.MaxAllocatedStorage, "database": s.DBName, "user": s.MasterUsername, "multi": s.MultiAZ,
			"backup": s.BackupRetentionPeriod, "protected": s.DeletionProtection, "status": s.DBInstanceStatus,
			"subnets": i.SubnetGroup, "parameters": i.ParameterGroup, "groups": i.Groups, "data": i.Data,
			"password": i.Password, "tags": i.Tags,
		})
	}
	for _, s := range p.s.Snapshots.all() {
		d.add("rds.snapshot", aws.ToString(s.Shown.DBSnapshotArn), aws.ToString(s.Shown.DBSnapshotIdentifier), map[string]any{
			"data": s.Data, "status": s.Shown.Status, "tags": s.Tags,
		})
	}
	for _, data := range p.s.Retained {
		d.add("rds.automated-backup", data, data, map[string]any{"data": data})
	}
	for _, g := range p.s.Subnets.all() {
		d.add("rds.subnet-group", g.ARN, g.Name, map[string]any{"subnets": g.Subnets, "description": g.Description, "tags": g.Tags})
	}
	for _, g := range p.s.Parameters.all() {
		d.add("rds.parameter-group", g.ARN, g.Name, map[string]any{"family": g.Family, "values": g.Values, "tags": g.Tags})
	}
}

var _ Service = (*rdsPart)(nil)
