package storage

import (
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *EFS) targetRoutes(r *world.Router) {
	world.On(r, p.createMountTarget)
	world.On(r, p.describeMountTargets)
	world.On(r, p.deleteMountTarget)
	world.On(r, p.targetGroups)
	world.On(r, p.setTargetGroups)
	p.targets.events(r, func(at time.Time, m *mountTarget) { m.Resolves = at.Add(p.account.Takes(world.MountTargetResolves)) })
}

// newTargets are the mount targets with EFS's errors.
func (p *EFS) newTargets() targets[mountTarget, types.LifeCycleState] {
	conflict := func(text string) func(string) error {
		return func(string) error {
			return world.WithStatus(http.StatusConflict, &types.MountTargetConflict{Message: aws.String(text)})
		}
	}
	t := targets[mountTarget, types.LifeCycleState]{needs: &p.Needs, owner: "efs", noun: "EFS"}
	t.objects = objects[mountTarget, types.LifeCycleState]{
		account: p.account, table: &p.s.Targets, kind: "efs.target", comes: world.MountTargetAvailable, goes: world.MountTargetDeleted,
		state:  func(m *mountTarget) *types.LifeCycleState { return &m.Shown.LifeCycleState },
		system: func(m *mountTarget) string { return *m.Shown.FileSystemId },
		missing: func(id string) error {
			return world.WithStatus(http.StatusNotFound, &types.MountTargetNotFound{Message: aws.String("Mount target '" + id + "' does not exist.")})
		},
		busy: func(id, _ string) error {
			return world.WithStatus(http.StatusConflict, &types.IncorrectMountTargetState{
				Message: aws.String("Mount target '" + id + "' is not in the 'available' state."),
			})
		},
	}
	t.site = func(m *mountTarget) site {
		return site{id: *m.Shown.MountTargetId, vpc: *m.Shown.VpcId, zone: *m.Shown.AvailabilityZoneName, eni: *m.Shown.NetworkInterfaceId}
	}
	t.refuse = refusals{
		noSubnet: func(id string) error {
			return &types.SubnetNotFound{Message: aws.String("The subnet ID '" + id + "' does not exist")}
		},
		noGroup: func(id string) error {
			return &types.SecurityGroupNotFound{Message: aws.String("The SecurityGroup ID '" + id + "' does not exist")}
		},
		tooMany: func() error {
			return &types.SecurityGroupLimitExceeded{Message: aws.String("The maximum number of security groups per interface has been reached.")}
		},
		otherVPC: conflict("requested subnet for new mount target is not in the same VPC as existing mount targets"),
		taken:    conflict("mount target already exists in this AZ"),
	}
	return t
}

func (p *EFS) createMountTarget(rq *world.Request, in *efs.CreateMountTargetInput) (*efs.CreateMountTargetOutput, error) {
	if err := mayMakeTarget(rq); err != nil {
		return nil, err
	}
	f, err := p.systems.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	at, err := p.targets.place(rq, *f.Shown.FileSystemId, aws.ToString(in.SubnetId), in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	m := &mountTarget{Groups: in.SecurityGroups, Shown: types.MountTargetDescription{
		MountTargetId: &at.id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &at.vpc,
		AvailabilityZoneName: &at.zone, AvailabilityZoneId: aws.String(p.account.ZoneID(at.zone)), OwnerId: aws.String(p.account.Number()),
		NetworkInterfaceId: &at.eni, IpAddress: &at.ip,
	}}
	p.targets.create(rq, at.id, m)
	return &efs.CreateMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneName: m.Shown.AvailabilityZoneName, AvailabilityZoneId: m.Shown.AvailabilityZoneId,
		LifeCycleState: m.Shown.LifeCycleState, NetworkInterfaceId: &at.eni, IpAddress: m.Shown.IpAddress, OwnerId: m.Shown.OwnerId,
	}, nil
}

func (p *EFS) describeMountTargets(rq *world.Request, in *efs.DescribeMountTargetsInput) (*efs.DescribeMountTargetsOutput, error) {
	if in.MountTargetId != nil {
		m, err := p.targets.find(rq, in.MountTargetId)
		if err != nil {
			return nil, err
		}
		return &efs.DescribeMountTargetsOutput{MountTargets: []types.MountTargetDescription{m.Shown}}, nil
	}
	of := world.BareID(in.FileSystemId)
	if a := p.s.Points.Find(rq, world.BareID(in.AccessPointId)); a != nil {
		of = *a.Shown.FileSystemId
	}
	if of == "" {
		return nil, &types.BadRequest{Message: aws.String("Must specify exactly one mutually exclusive parameter.")}
	}
	if p.s.Systems.Find(rq, of) == nil {
		return nil, noSystem(of)
	}
	all := []types.MountTargetDescription{}
	for _, m := range p.targets.list(rq, of) {
		all = append(all, m.Shown)
	}
	page, next, err := world.Page(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid Marker")}
	}
	return &efs.DescribeMountTargetsOutput{MountTargets: page, NextMarker: next, Marker: in.Marker}, nil
}

func (p *EFS) deleteMountTarget(rq *world.Request, in *efs.DeleteMountTargetInput) (*efs.DeleteMountTargetOutput, error) {
	return &efs.DeleteMountTargetOutput{}, p.targets.delete(rq, aws.ToString(in.MountTargetId))
}

func (p *EFS) targetGroups(rq *world.Request, in *efs.DescribeMountTargetSecurityGroupsInput) (*efs.DescribeMountTargetSecurityGroupsOutput, error) {
	m, err := p.targets.available(rq, in.MountTargetId)
	if err != nil {
		return nil, err
	}
	return &efs.DescribeMountTargetSecurityGroupsOutput{SecurityGroups: m.Groups}, nil
}

func (p *EFS) setTargetGroups(rq *world.Request, in *efs.ModifyMountTargetSecurityGroupsInput) (*efs.ModifyMountTargetSecurityGroupsOutput, error) {
	m, err := p.targets.change(rq, in.MountTargetId, in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	m.Groups = in.SecurityGroups
	return &efs.ModifyMountTargetSecurityGroupsOutput{}, nil
}
