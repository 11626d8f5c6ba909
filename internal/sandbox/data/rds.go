package data

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// RDS is RDS: instances, snapshots, subnet groups, parameter groups.
type RDS struct {
	account *world.Account
	s       rdsState
	// Needs is set before the first call.
	Needs Needs

	groups *groups
}

// NewRDS makes the RDS of an account, without databases.
func NewRDS(account *world.Account) *RDS {
	p := &RDS{account: account}
	p.groups = &groups{account: account, s: &p.s, needs: &p.Needs}
	return p
}

// ID implements world.Service.
func (p *RDS) ID() string { return rds.ServiceID }

// State implements world.Service.
func (p *RDS) State() any { return &p.s }

// Routes implements world.Service.
func (p *RDS) Routes(r *world.Router) {
	world.On(r, p.createDBInstance)
	world.On(r, p.restoreDBInstance)
	world.On(r, p.describeDBInstances)
	world.On(r, p.modifyDBInstance)
	world.On(r, p.deleteDBInstance)
	world.On(r, p.startDBInstance)
	world.On(r, p.stopDBInstance)
	world.On(r, p.createDBSnapshot)
	world.On(r, p.describeDBSnapshots)
	world.On(r, p.deleteDBSnapshot)
	world.On(r, p.groups.createDBSubnetGroup)
	world.On(r, p.groups.describeDBSubnetGroups)
	world.On(r, p.groups.modifyDBSubnetGroup)
	world.On(r, p.groups.deleteDBSubnetGroup)
	world.On(r, p.groups.createDBParameterGroup)
	world.On(r, p.groups.describeDBParameterGroups)
	world.On(r, p.groups.describeDBParameters)
	world.On(r, p.groups.modifyDBParameterGroup)
	world.On(r, p.groups.deleteDBParameterGroup)
	world.On(r, p.addTagsToResource)
	world.On(r, p.removeTagsFromResource)
	world.On(r, p.listTagsForResource)
	r.Event("rds.instance.next", p.instanceNext)
	r.Event("rds.instance.gone", p.instanceGone)
	r.Event(stoppedEvent, p.instanceStopped)
	r.Event(weekEvent, p.instanceWeek)
	r.Event("rds.snapshot.done", p.snapshotDone)
}

// tagsOf are the tags of the object with an ARN, to be read or changed.
func (p *RDS) tagsOf(rq *world.Request, arn string) (map[string]string, error) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 {
		return nil, world.APIError(400, "InvalidParameterValue", "The specified resource name does not match an RDS resource in this region.")
	}
	switch name := parts[6]; parts[5] {
	case "db":
		if d := p.s.Instances.Find(rq, name); d != nil {
			return d.Tags, nil
		}
		return nil, noDatabase(name)
	case "snapshot":
		if s := p.s.Snapshots.Find(rq, name); s != nil {
			return s.Tags, nil
		}
		return nil, noDBSnapshot(name)
	case "subgrp":
		if g := p.s.Subnets.Find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noDBSubnetGroup(name)
	default:
		if g := p.s.Parameters.Find(rq, name); g != nil {
			return g.Tags, nil
		}
		return nil, noParameterGroup(name)
	}
}

func (p *RDS) addTagsToResource(rq *world.Request, in *rds.AddTagsToResourceInput) (*rds.AddTagsToResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, world.TagMap(in.Tags))
	return &rds.AddTagsToResourceOutput{}, nil
}

func (p *RDS) removeTagsFromResource(rq *world.Request, in *rds.RemoveTagsFromResourceInput) (*rds.RemoveTagsFromResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &rds.RemoveTagsFromResourceOutput{}, nil
}

func (p *RDS) listTagsForResource(rq *world.Request, in *rds.ListTagsForResourceInput) (*rds.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	return &rds.ListTagsForResourceOutput{TagList: world.TagList[types.Tag](tags)}, nil
}

// rdsPage cuts a page as RDS does: pages of at most 100.
func rdsPage[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := world.Page(all, marker, size, 100)
	if err != nil {
		return nil, nil, world.APIError(400, "InvalidParameterValue", "Invalid value for the marker.")
	}
	return page, next, nil
}

// rdsFilter reports whether a filter of RDS lets a value pass.
func rdsFilter(filters []types.Filter, values map[string]string) bool {
	for _, f := range filters {
		if !slices.Contains(f.Values, values[aws.ToString(f.Name)]) {
			return false
		}
	}
	return true
}

// Index implements world.Indexed.
func (p *RDS) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Instances, f, func(d *database) (string, map[string]string) { return aws.ToString(d.Shown.DBInstanceArn), d.Tags })
	world.IndexRows(&p.s.Snapshots, f, func(s *dbSnapshot) (string, map[string]string) { return aws.ToString(s.Shown.DBSnapshotArn), s.Tags })
	world.IndexRows(&p.s.Subnets, f, func(g *subnetGroup) (string, map[string]string) { return g.ARN, g.Tags })
	world.IndexRows(&p.s.Parameters, f, func(g *dbParameterGroup) (string, map[string]string) { return g.ARN, g.Tags })
}

// Dump implements world.Service.
func (p *RDS) Dump(d *world.Dumper) {
	for _, i := range p.s.Instances.All() {
		s := i.Shown
		d.Add("rds.instance", aws.ToString(s.DBInstanceArn), aws.ToString(s.DBInstanceIdentifier), map[string]any{
			"engine": s.Engine, "version": s.EngineVersion, "class": s.DBInstanceClass, "storage": s.AllocatedStorage,
			"max": s.MaxAllocatedStorage, "database": s.DBName, "user": s.MasterUsername, "multi": s.MultiAZ,
			"backup": s.BackupRetentionPeriod, "protected": s.DeletionProtection, "status": s.DBInstanceStatus,
			"subnets": i.SubnetGroup, "parameters": i.ParameterGroup, "groups": i.Groups, "data": i.Data,
			"password": i.Password, "tags": i.Tags,
		})
	}
	for _, s := range p.s.Snapshots.All() {
		d.Add("rds.snapshot", aws.ToString(s.Shown.DBSnapshotArn), aws.ToString(s.Shown.DBSnapshotIdentifier), map[string]any{
			"data": s.Data, "status": s.Shown.Status, "tags": s.Tags,
		})
	}
	for _, data := range p.s.Retained {
		d.Add("rds.automated-backup", data, data, map[string]any{"data": data})
	}
	for _, g := range p.s.Subnets.All() {
		d.Add("rds.subnet-group", g.ARN, g.Name, map[string]any{"subnets": g.Subnets, "description": g.Description, "tags": g.Tags})
	}
	for _, g := range p.s.Parameters.All() {
		d.Add("rds.parameter-group", g.ARN, g.Name, map[string]any{"family": g.Family, "values": g.Values, "tags": g.Tags})
	}
}

var _ world.Service = (*RDS)(nil)
