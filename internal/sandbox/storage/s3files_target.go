package storage

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *S3Files) targetRoutes(r *world.Router) {
	world.On(r, p.createMountTarget)
	world.On(r, p.getMountTarget)
	world.On(r, p.listMountTargets)
	world.On(r, p.updateMountTarget)
	world.On(r, p.deleteMountTarget)
	r.Event("s3files.target.available", func(_ time.Time, id string) {
		if m := p.s.Targets.Get(id); m != nil && m.Shown.Status == types.LifeCycleStateCreating {
			m.Shown.Status = types.LifeCycleStateAvailable
		}
	})
	r.Event("s3files.target.gone", func(at time.Time, id string) { p.s.Targets.Remove(at, id) })
}

// available is a file system that can be worked with.
func (p *S3Files) available(rq *world.Request, id *string) (*bucketSystem, error) {
	f := p.s.Systems.Find(rq, world.BareID(id))
	if f == nil {
		return nil, noBucketObject(world.BareID(id))
	}
	if f.Shown.Status != types.LifeCycleStateAvailable {
		return nil, bucketConflict(world.BareID(id), "file-system", "The file system is not available: "+string(f.Shown.Status))
	}
	return f, nil
}

func (p *S3Files) createMountTarget(rq *world.Request, in *s3files.CreateMountTargetInput) (*s3files.CreateMountTargetOutput, error) {
	if err := rq.Needs(efsRole, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface"); err != nil {
		return nil, err
	}
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	vpc, zone, ok := p.Needs.Network.FindSubnet(rq, aws.ToString(in.SubnetId))
	if !ok {
		return nil, noBucketObject(aws.ToString(in.SubnetId))
	}
	if err := p.checkGroups(rq, in.SecurityGroups); err != nil {
		return nil, err
	}
	for _, m := range p.s.Targets.All() {
		switch {
		case *m.Shown.FileSystemId != *f.Shown.FileSystemId:
		case *m.Shown.VpcId != vpc:
			return nil, bucketConflict(*m.Shown.MountTargetId, "mount-target", "The file system has mount targets in another VPC.")
		case m.Zone == zone:
			return nil, bucketConflict(*m.Shown.MountTargetId, "mount-target", "There is a mount target in this Availability Zone.")
		}
	}
	id := p.account.NewID("fsmt")
	eni := p.Needs.Interfaces.Attach("s3files", *in.SubnetId, in.SecurityGroups, false,
		fmt.Sprintf("S3 Files mount target for %s (%s)", *f.Shown.FileSystemId, id))
	m := &bucketTarget{Zone: zone, Shown: s3files.GetMountTargetOutput{
		MountTargetId: &id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &vpc,
		AvailabilityZoneId: aws.String(p.account.ZoneID(zone)), OwnerId: aws.String(p.account.Number()), SecurityGroups: in.SecurityGroups,
		Status: types.LifeCycleStateCreating, NetworkInterfaceId: &eni, Ipv4Address: aws.String(p.Needs.Interfaces.Address(eni)),
	}}
	p.s.Targets.Put(p.account, rq.Now, id, m)
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.MountTargetAvailable)), "s3files.target.available", id)
	return &s3files.CreateMountTargetOutput{
		MountTargetId: &id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneId: m.Shown.AvailabilityZoneId, OwnerId: m.Shown.OwnerId, SecurityGroups: m.Shown.SecurityGroups,
		Status: m.Shown.Status, NetworkInterfaceId: &eni, Ipv4Address: m.Shown.Ipv4Address,
	}, nil
}

func (p *S3Files) checkGroups(rq *world.Request, groups []string) error {
	if len(groups) > maxTargetGroups {
		return invalidBucketInput("The maximum number of security groups per interface has been reached.")
	}
	for _, g := range groups {
		if _, ok := p.Needs.Network.FindGroup(rq, g); !ok {
			return noBucketObject(g)
		}
	}
	return nil
}

func (p *S3Files) getMountTarget(rq *world.Request, in *s3files.GetMountTargetInput) (*s3files.GetMountTargetOutput, error) {
	m := p.s.Targets.Find(rq, aws.ToString(in.MountTargetId))
	if m == nil {
		return nil, noBucketObject(aws.ToString(in.MountTargetId))
	}
	return &m.Shown, nil
}

// listMountTargets shows no security groups, as on AWS.
func (p *S3Files) listMountTargets(rq *world.Request, in *s3files.ListMountTargetsInput) (*s3files.ListMountTargetsOutput, error) {
	of := world.BareID(in.FileSystemId)
	if of != "" && p.s.Systems.Find(rq, of) == nil {
		return nil, noBucketObject(of)
	}
	all := []types.ListMountTargetsDescription{}
	for _, m := range p.s.Targets.List(rq) {
		s := m.Shown
		if of == "" || *s.FileSystemId == of {
			all = append(all, types.ListMountTargetsDescription{
				MountTargetId: s.MountTargetId, FileSystemId: s.FileSystemId, SubnetId: s.SubnetId, VpcId: s.VpcId, OwnerId: s.OwnerId,
				AvailabilityZoneId: s.AvailabilityZoneId, NetworkInterfaceId: s.NetworkInterfaceId, Ipv4Address: s.Ipv4Address,
				Status: s.Status, StatusMessage: s.StatusMessage,
			})
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListMountTargetsOutput{MountTargets: page, NextToken: next}, nil
}

func (p *S3Files) updateMountTarget(rq *world.Request, in *s3files.UpdateMountTargetInput) (*s3files.UpdateMountTargetOutput, error) {
	if err := rq.Needs("ec2:ModifyNetworkInterfaceAttribute"); err != nil {
		return nil, err
	}
	id := aws.ToString(in.MountTargetId)
	m := p.s.Targets.Find(rq, id)
	if m == nil {
		return nil, noBucketObject(id)
	}
	if m.Shown.Status != types.LifeCycleStateAvailable {
		return nil, bucketConflict(id, "mount-target", "The mount target is not available: "+string(m.Shown.Status))
	}
	if err := p.checkGroups(rq, in.SecurityGroups); err != nil {
		return nil, err
	}
	m.Shown.SecurityGroups = in.SecurityGroups
	p.Needs.Interfaces.SetGroups(*m.Shown.NetworkInterfaceId, in.SecurityGroups)
	return &s3files.UpdateMountTargetOutput{
		MountTargetId: &id, OwnerId: m.Shown.OwnerId, SubnetId: m.Shown.SubnetId, SecurityGroups: in.SecurityGroups, Status: m.Shown.Status,
	}, nil
}

// deleteMountTarget: the network interface goes with the mount target, and
// blocks its subnet and groups until then.
func (p *S3Files) deleteMountTarget(rq *world.Request, in *s3files.DeleteMountTargetInput) (*s3files.DeleteMountTargetOutput, error) {
	if err := rq.Needs("ec2:DeleteNetworkInterface"); err != nil {
		return nil, err
	}
	id := aws.ToString(in.MountTargetId)
	m := p.s.Targets.Get(id)
	if m == nil {
		return nil, noBucketObject(id)
	}
	if m.Shown.Status != types.LifeCycleStateDeleting {
		m.Shown.Status = types.LifeCycleStateDeleting
		at := rq.Now.Add(p.account.Takes(world.MountTargetDeleted))
		p.Needs.Interfaces.Release(*m.Shown.NetworkInterfaceId, at)
		p.account.Schedule(at, "s3files.target.gone", id)
	}
	return &s3files.DeleteMountTargetOutput{}, nil
}
