package storage

import (
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
	p.targets.events(r, nil)
}

// newTargets are the mount targets with the errors of S3 Files.
func (p *S3Files) newTargets() targets[bucketTarget, types.LifeCycleState] {
	conflict := func(text string) func(string) error {
		return func(id string) error { return bucketConflict(id, "mount-target", text) }
	}
	t := targets[bucketTarget, types.LifeCycleState]{needs: &p.Needs, owner: "s3files", noun: "S3 Files"}
	t.objects = objects[bucketTarget, types.LifeCycleState]{
		account: p.account, table: &p.s.Targets, kind: "s3files.target", comes: world.MountTargetAvailable, goes: world.MountTargetDeleted,
		state:   func(m *bucketTarget) *types.LifeCycleState { return &m.Shown.Status },
		system:  func(m *bucketTarget) string { return *m.Shown.FileSystemId },
		missing: noBucketObject,
		busy: func(id, state string) error {
			return bucketConflict(id, "mount-target", "The mount target is not available: "+state)
		},
	}
	t.site = func(m *bucketTarget) site {
		return site{id: *m.Shown.MountTargetId, vpc: *m.Shown.VpcId, zone: m.Zone, eni: *m.Shown.NetworkInterfaceId}
	}
	t.refuse = refusals{
		noSubnet: noBucketObject, noGroup: noBucketObject,
		tooMany: func() error {
			return invalidBucketInput("The maximum number of security groups per interface has been reached.")
		},
		otherVPC: conflict("The file system has mount targets in another VPC."),
		taken:    conflict("There is a mount target in this Availability Zone."),
	}
	return t
}

func (p *S3Files) createMountTarget(rq *world.Request, in *s3files.CreateMountTargetInput) (*s3files.CreateMountTargetOutput, error) {
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
	m := &bucketTarget{Zone: at.zone, Shown: s3files.GetMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &at.vpc,
		AvailabilityZoneId: aws.String(p.account.ZoneID(at.zone)), OwnerId: aws.String(p.account.Number()), SecurityGroups: in.SecurityGroups,
		NetworkInterfaceId: &at.eni, Ipv4Address: &at.ip,
	}}
	p.targets.create(rq, at.id, m)
	return &s3files.CreateMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneId: m.Shown.AvailabilityZoneId, OwnerId: m.Shown.OwnerId, SecurityGroups: m.Shown.SecurityGroups,
		Status: m.Shown.Status, NetworkInterfaceId: &at.eni, Ipv4Address: m.Shown.Ipv4Address,
	}, nil
}

func (p *S3Files) getMountTarget(rq *world.Request, in *s3files.GetMountTargetInput) (*s3files.GetMountTargetOutput, error) {
	m, err := p.targets.find(rq, in.MountTargetId)
	if err != nil {
		return nil, err
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
	for _, m := range p.targets.list(rq, of) {
		s := m.Shown
		all = append(all, types.ListMountTargetsDescription{
			MountTargetId: s.MountTargetId, FileSystemId: s.FileSystemId, SubnetId: s.SubnetId, VpcId: s.VpcId, OwnerId: s.OwnerId,
			AvailabilityZoneId: s.AvailabilityZoneId, NetworkInterfaceId: s.NetworkInterfaceId, Ipv4Address: s.Ipv4Address,
			Status: s.Status, StatusMessage: s.StatusMessage,
		})
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListMountTargetsOutput{MountTargets: page, NextToken: next}, nil
}

func (p *S3Files) updateMountTarget(rq *world.Request, in *s3files.UpdateMountTargetInput) (*s3files.UpdateMountTargetOutput, error) {
	m, err := p.targets.change(rq, in.MountTargetId, in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	m.Shown.SecurityGroups = in.SecurityGroups
	return &s3files.UpdateMountTargetOutput{
		MountTargetId: m.Shown.MountTargetId, OwnerId: m.Shown.OwnerId, SubnetId: m.Shown.SubnetId, SecurityGroups: in.SecurityGroups, Status: m.Shown.Status,
	}, nil
}

func (p *S3Files) deleteMountTarget(rq *world.Request, in *s3files.DeleteMountTargetInput) (*s3files.DeleteMountTargetOutput, error) {
	return &s3files.DeleteMountTargetOutput{}, p.targets.delete(rq, aws.ToString(in.MountTargetId))
}
