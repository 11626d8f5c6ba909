package storage

import (
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
	life(r, "s3files.target", &p.s.Targets, func(_ time.Time, m *bucketTarget) {
		if m.Shown.Status == types.LifeCycleStateCreating {
			m.Shown.Status = types.LifeCycleStateAvailable
		}
	})
}

// newTargets are the mount targets with the errors of S3 Files.
func (p *S3Files) newTargets() *targets {
	conflict := func(text string) func(string) error {
		return func(id string) error { return bucketConflict(id, "mount-target", text) }
	}
	return &targets{account: p.account, needs: &p.Needs, kind: "s3files", noun: "S3 Files", refuse: refusals{
		noSubnet: noBucketObject, noGroup: noBucketObject,
		tooMany: func() error {
			return invalidBucketInput("The maximum number of security groups per interface has been reached.")
		},
		otherVPC: conflict("The file system has mount targets in another VPC."),
		taken:    conflict("There is a mount target in this Availability Zone."),
	}}
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
			others = append(others, site{id: *s.MountTargetId, vpc: *s.VpcId, zone: m.Zone})
		}
	}
	at, err := p.targets.place(rq, *f.Shown.FileSystemId, aws.ToString(in.SubnetId), in.SecurityGroups, others)
	if err != nil {
		return nil, err
	}
	m := &bucketTarget{Zone: at.zone, Shown: s3files.GetMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: f.Shown.FileSystemId, SubnetId: in.SubnetId, VpcId: &at.vpc,
		AvailabilityZoneId: aws.String(p.account.ZoneID(at.zone)), OwnerId: aws.String(p.account.Number()), SecurityGroups: in.SecurityGroups,
		Status: types.LifeCycleStateCreating, NetworkInterfaceId: &at.eni, Ipv4Address: &at.ip,
	}}
	p.s.Targets.Put(p.account, rq.Now, at.id, m)
	p.targets.comes(rq, at.id)
	return &s3files.CreateMountTargetOutput{
		MountTargetId: &at.id, FileSystemId: m.Shown.FileSystemId, SubnetId: m.Shown.SubnetId, VpcId: m.Shown.VpcId,
		AvailabilityZoneId: m.Shown.AvailabilityZoneId, OwnerId: m.Shown.OwnerId, SecurityGroups: m.Shown.SecurityGroups,
		Status: m.Shown.Status, NetworkInterfaceId: &at.eni, Ipv4Address: m.Shown.Ipv4Address,
	}, nil
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
	if err := mayChangeTarget(rq); err != nil {
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
	if err := p.targets.change(rq, *m.Shown.NetworkInterfaceId, in.SecurityGroups); err != nil {
		return nil, err
	}
	m.Shown.SecurityGroups = in.SecurityGroups
	return &s3files.UpdateMountTargetOutput{
		MountTargetId: &id, OwnerId: m.Shown.OwnerId, SubnetId: m.Shown.SubnetId, SecurityGroups: in.SecurityGroups, Status: m.Shown.Status,
	}, nil
}

// deleteMountTarget deletes a mount target. Its network interface goes with it, and
// blocks its subnet and groups until then.
func (p *S3Files) deleteMountTarget(rq *world.Request, in *s3files.DeleteMountTargetInput) (*s3files.DeleteMountTargetOutput, error) {
	if err := mayDeleteTarget(rq); err != nil {
		return nil, err
	}
	id := aws.ToString(in.MountTargetId)
	m := p.s.Targets.Get(id)
	if m == nil {
		return nil, noBucketObject(id)
	}
	if m.Shown.Status != types.LifeCycleStateDeleting {
		m.Shown.Status = types.LifeCycleStateDeleting
		p.targets.goes(rq, id, *m.Shown.NetworkInterfaceId)
	}
	return &s3files.DeleteMountTargetOutput{}, nil
}
