package storage

import (
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxTargetGroups is how many security groups a mount target has:
// https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
const maxTargetGroups = 5

func (p *EFS) targetRoutes(r *world.Router) {
	world.On(r, p.createMountTarget)
	world.On(r, p.describeMountTargets)
	world.On(r, p.deleteMountTarget)
	world.On(r, p.targetGroups)
	world.On(r, p.setTargetGroups)
	r.Event("efs.target.available", func(at time.Time, id string) {
		if m := p.s.Targets.Get(id); m != nil && m.Shown.LifeCycleState == types.LifeCycleStateCreating {
			m.Shown.LifeCycleState, m.Resolves = types.LifeCycleStateAvailable, at.Add(p.account.Takes(world.MountTargetResolves))
		}
	})
	r.Event("efs.target.gone", func(at time.Time, id string) { p.s.Targets.Remove(at, id) })
}

func (p *EFS) createMountTarget(rq *world.Request, in *efs.CreateMountTargetInput) (*efs.CreateMountTargetOutput, error) {
	if err := rq.Needs(efsRole, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface"); err != nil {
		return nil, err
	}
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	vpc, zone, ok := p.Needs.Network.FindSubnet(rq, aws.ToString(in.SubnetId))
	if !ok {
		return nil, &types.SubnetNotFound{Message: aws.String("The subnet ID '" + aws.ToString(in.SubnetId) + "' does not exist")}
	}
	if err := p.checkGroups(rq, in.SecurityGroups); err != nil {
		return nil, err
	}
	for _, m := range p.s.Targets.All() {
		switch {
		case *m.Shown.FileSystemId != *f.Shown.FileSystemId:
		case *m.Shown.VpcId != vpc:
			return nil, targetConflict("requested subnet for new mount target is not in the same VPC as existing mount targets")
		case *m.Shown.AvailabilityZoneName == zone:
			return nil, targetConflict("mount target already exists in this AZ")
		}
	}
	id := p.account.NewID("fsmt")
	eni := p.Needs.Interfaces.Attach("efs", *in.SubnetId, in.SecurityGroups, false,
		fmt.Sprintf("EFS mount target for %s (%s)", *f.Shown.FileSystemId, id))
	m := &mountTarget{Groups: in.SecurityGroups, Shown: types.MountTargetDescription{
		MountTargetId: &id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &vpc,
		AvailabilityZoneName: &zone, AvailabilityZoneId: aws.String(p.account.ZoneID(zone)), OwnerId: aws.String(p.account.Number()),
		LifeCycleState: types.LifeCycleStateCreating, NetworkInterfaceId: &eni,
		IpAddress: aws.String(p.Needs.Interfaces.Address(eni)),
	}}
	p.s.Targets.Put(p.account, rq.Now, id, m)
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.MountTargetAvailable)), "efs.target.available", id)
	return &efs.CreateMountTargetOutput{
		MountTargetId: &id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneName: m.Shown.AvailabilityZoneName, AvailabilityZoneId: m.Shown.AvailabilityZoneId,
		LifeCycleState: m.Shown.LifeCycleState, NetworkInterfaceId: &eni, IpAddress: m.Shown.IpAddress, OwnerId: m.Shown.OwnerId,
	}, nil
}

func (p *EFS) checkGroups(rq *world.Request, groups []string) error {
	if len(groups) > maxTargetGroups {
		return &types.SecurityGroupLimitExceeded{Message: aws.String("The maximum number of security groups per interface has been reached.")}
	}
	for _, g := range groups {
		if _, ok := p.Needs.Network.FindGroup(rq, g); !ok {
			return &types.SecurityGroupNotFound{Message: aws.String("The SecurityGroup ID '" + g + "' does not exist")}
		}
	}
	return nil
}

func targetConflict(text string) error {
	return world.WithStatus(http.StatusConflict, &types.MountTargetConflict{Message: aws.String(text)})
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

// deleteMountTarget: the network interface goes with the mount target, and
// blocks its subnet and groups until then.
func (p *EFS) deleteMountTarget(rq *world.Request, in *efs.DeleteMountTargetInput) (*efs.DeleteMountTargetOutput, error) {
	if err := rq.Needs("ec2:DeleteNetworkInterface"); err != nil {
		return nil, err
	}
	id := aws.ToString(in.MountTargetId)
	m := p.s.Targets.Get(id)
	if m == nil {
		return nil, noTarget(id)
	}
	if m.Shown.LifeCycleState != types.LifeCycleStateDeleting {
		m.Shown.LifeCycleState = types.LifeCycleStateDeleting
		at := rq.Now.Add(p.account.Takes(world.MountTargetDeleted))
		p.Needs.Interfaces.Release(*m.Shown.NetworkInterfaceId, at)
		p.account.Schedule(at, "efs.target.gone", id)
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
	if err := rq.Needs("ec2:ModifyNetworkInterfaceAttribute"); err != nil {
		return nil, err
	}
	m, err := p.working(rq, aws.ToString(in.MountTargetId))
	if err != nil {
		return nil, err
	}
	if err := p.checkGroups(rq, in.SecurityGroups); err != nil {
		return nil, err
	}
	m.Groups = in.SecurityGroups
	p.Needs.Interfaces.SetGroups(*m.Shown.NetworkInterfaceId, in.SecurityGroups)
	return &efs.ModifyMountTargetSecurityGroupsOutput{}, nil
}
