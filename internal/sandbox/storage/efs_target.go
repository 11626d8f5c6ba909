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
	life(r, "efs.target", &p.s.Targets, func(at time.Time, m *mountTarget) {
		if m.Shown.LifeCycleState == types.LifeCycleStateCreating {
			m.Shown.LifeCycleState, m.Resolves = types.LifeCycleStateAvailable, at.Add(p.account.Takes(world.MountTargetResolves))
		}
	})
}

// newTargets are the mount targets with EFS's errors.
func (p *EFS) newTargets() *targets {
	conflict := func(text string) func(string) error {
		return func(string) error {
			return world.WithStatus(http.StatusConflict, &types.MountTargetConflict{Message: aws.String(text)})
		}
	}
	return &targets{account: p.account, needs: &p.Needs, kind: "efs", noun: "EFS", refuse: refusals{
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
	}}
}

func (p *EFS) createMountTarget(rq *world.Request, in *efs.CreateMountTargetInput) (*efs.CreateMountTargetOutput, error) {
	if err := mayMakeTarget(rq); err != nil {
		return nil, err
	}
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	var others []site
	for _, m := range p.s.Targets.All() {
		if s := m.Shown; *s.FileSystemId == *f.Shown.FileSystemId {
			others = append(others, site{id: *s.MountTargetId, vpc: *s.VpcId, zone: *s.AvailabilityZoneName})
		}
	}
	at, err := p.targets.place(rq, *f.Shown.FileSystemId, aws.ToString(in.SubnetId), in.SecurityGroups, others)
	if err != nil {
		return nil, err
	}
	m := &mountTarget{Groups: in.SecurityGroups, Shown: types.MountTargetDescription{
		MountTargetId: &at.id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &at.vpc,
		AvailabilityZoneName: &at.zone, AvailabilityZoneId: aws.String(p.account.ZoneID(at.zone)), OwnerId: aws.String(p.account.Number()),
		LifeCycleState: types.LifeCycleStateCreating, NetworkInterfaceId: &at.eni, IpAddress: &at.ip,
	}}
	p.s.Targets.Put(p.account, rq.Now, at.id, m)
	p.targets.comes(rq, at.id)
	return &efs.CreateMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneName: m.Shown.AvailabilityZoneName, AvailabilityZoneId: m.Shown.AvailabilityZoneId,
		LifeCycleState: m.Shown.LifeCycleState, NetworkInterfaceId: &at.eni, IpAddress: m.Shown.IpAddress, OwnerId: m.Shown.OwnerId,
	}, nil
}

func (p *EFS) describeMountTargets(rq *world.Request, in *efs.DescribeMountTargetsInput) (*efs.DescribeMountTargetsOutput, error) {
	if id := aws.ToString(in.MountTargetId); id != "" {
		m := p.s.Targets.Find(rq, id)
		if m == nil {
			return nil, noTarget(id)
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
	for _, m := range p.s.Targets.List(rq) {
		if *m.Shown.FileSystemId == of {
			all = append(all, m.Shown)
		}
	}
	page, next, err := world.Page(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid Marker")}
	}
	return &efs.DescribeMountTargetsOutput{MountTargets: page, NextMarker: next, Marker: in.Marker}, nil
}

// deleteMountTarget deletes a mount target. Its network interface goes with it, and
// blocks its subnet and groups until then.
func (p *EFS) deleteMountTarget(rq *world.Request, in *efs.DeleteMountTargetInput) (*efs.DeleteMountTargetOutput, error) {
	if err := mayDeleteTarget(rq); err != nil {
		return nil, err
	}
	id := aws.ToString(in.MountTargetId)
	m := p.s.Targets.Get(id)
	if m == nil {
		return nil, noTarget(id)
	}
	if m.Shown.LifeCycleState != types.LifeCycleStateDeleting {
		m.Shown.LifeCycleState = types.LifeCycleStateDeleting
		p.targets.goes(rq, id, *m.Shown.NetworkInterfaceId)
	}
	return &efs.DeleteMountTargetOutput{}, nil
}

// working is a mount target that can be changed.
func (p *EFS) working(rq *world.Request, id string) (*mountTarget, error) {
	m := p.s.Targets.Find(rq, id)
	if m == nil {
		return nil, noTarget(id)
	}
	if m.Shown.LifeCycleState != types.LifeCycleStateAvailable {
		return nil, world.WithStatus(http.StatusConflict, &types.IncorrectMountTargetState{
			Message: aws.String("Mount target '" + id + "' is not in the 'available' state."),
		})
	}
	return m, nil
}

func (p *EFS) targetGroups(rq *world.Request, in *efs.DescribeMountTargetSecurityGroupsInput) (*efs.DescribeMountTargetSecurityGroupsOutput, error) {
	m, err := p.working(rq, aws.ToString(in.MountTargetId))
	if err != nil {
		return nil, err
	}
	return &efs.DescribeMountTargetSecurityGroupsOutput{SecurityGroups: m.Groups}, nil
}

func (p *EFS) setTargetGroups(rq *world.Request, in *efs.ModifyMountTargetSecurityGroupsInput) (*efs.ModifyMountTargetSecurityGroupsOutput, error) {
	if err := mayChangeTarget(rq); err != nil {
		return nil, err
	}
	m, err := p.working(rq, aws.ToString(in.MountTargetId))
	if err != nil {
		return nil, err
	}
	if err := p.targets.change(rq, *m.Shown.NetworkInterfaceId, in.SecurityGroups); err != nil {
		return nil, err
	}
	m.Groups = in.SecurityGroups
	return &efs.ModifyMountTargetSecurityGroupsOutput{}, nil
}
