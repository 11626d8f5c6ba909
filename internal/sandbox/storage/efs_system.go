package storage

import (
	"cmp"
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// efsRole is what EFS needs of the caller who makes its first file system or mount
// target in an account: it makes its service-linked role in their name.
// https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html
const efsRole = "iam:CreateServiceLinkedRole"

func (p *EFS) systemRoutes(r *world.Router) {
	world.On(r, p.createFileSystem)
	world.On(r, p.describeFileSystems)
	world.On(r, p.deleteFileSystem)
	world.On(r, p.putPolicy)
	world.On(r, p.describePolicy)
	world.On(r, p.deletePolicy)
	world.On(r, p.putBackup)
	world.On(r, p.describeBackup)
	p.systems.events(r, nil)
}

func (p *EFS) newSystems() objects[fileSystem, types.LifeCycleState] {
	return objects[fileSystem, types.LifeCycleState]{
		account: p.account, table: &p.s.Systems, kind: "efs.system", comes: world.FileSystemAvailable, goes: world.FileSystemDeleted,
		state:   func(f *fileSystem) *types.LifeCycleState { return &f.Shown.LifeCycleState },
		missing: noSystem, busy: systemBusy,
	}
}

func (p *EFS) createFileSystem(rq *world.Request, in *efs.CreateFileSystemInput) (*efs.CreateFileSystemOutput, error) {
	if err := rq.Needs(efsRole); err != nil {
		return nil, err
	}
	token := aws.ToString(in.CreationToken)
	if token == "" || len(token) > 64 {
		return nil, &types.BadRequest{Message: aws.String("CreationToken must have 1 to 64 characters.")}
	}
	all := p.s.Systems.All()
	for _, f := range all {
		if *f.Shown.CreationToken == token {
			return nil, world.WithStatus(http.StatusConflict, &types.FileSystemAlreadyExists{
				Message: aws.String("File system '" + *f.Shown.FileSystemId + "' already exists with creation token '" + token + "'"), FileSystemId: f.Shown.FileSystemId,
			})
		}
	}
	if len(all) >= p.account.Quota("file systems", 1000) {
		return nil, world.WithStatus(http.StatusForbidden, &types.FileSystemLimitExceeded{Message: aws.String("The maximum number of file systems has been reached.")})
	}
	if in.ThroughputMode == types.ThroughputModeElastic && in.PerformanceMode == types.PerformanceModeMaxIo {
		return nil, &types.BadRequest{Message: aws.String("Elastic throughput is not supported with the maxIO performance mode.")}
	}
	id := p.account.NewID("fs")
	f := &fileSystem{Tags: world.TagMap(in.Tags), Backup: aws.ToBool(in.Backup), Shown: types.FileSystemDescription{
		FileSystemId: &id, FileSystemArn: aws.String(p.systemARN(id)), CreationToken: &token, CreationTime: aws.Time(rq.Now),
		OwnerId: aws.String(p.account.Number()), Encrypted: in.Encrypted,
		PerformanceMode: cmp.Or(in.PerformanceMode, types.PerformanceModeGeneralPurpose),
		ThroughputMode:  cmp.Or(in.ThroughputMode, types.ThroughputModeBursting),
		SizeInBytes:     &types.FileSystemSize{Value: 6144},
	}}
	p.systems.create(rq, id, f)
	s := p.shownSystem(f)
	return &efs.CreateFileSystemOutput{
		FileSystemId: s.FileSystemId, FileSystemArn: s.FileSystemArn, CreationToken: s.CreationToken, CreationTime: s.CreationTime,
		LifeCycleState: s.LifeCycleState, OwnerId: s.OwnerId, Encrypted: s.Encrypted, PerformanceMode: s.PerformanceMode,
		ThroughputMode: s.ThroughputMode, SizeInBytes: s.SizeInBytes, Tags: s.Tags, Name: s.Name,
	}, nil
}

func (p *EFS) shownSystem(f *fileSystem) types.FileSystemDescription {
	s := f.Shown
	s.Tags = world.TagList[types.Tag](f.Tags)
	if name, ok := f.Tags["Name"]; ok {
		s.Name = &name
	}
	s.NumberOfMountTargets = int32(len(p.targets.all(*s.FileSystemId)))
	return s
}

func (p *EFS) describeFileSystems(rq *world.Request, in *efs.DescribeFileSystemsInput) (*efs.DescribeFileSystemsOutput, error) {
	id, token := aws.ToString(in.FileSystemId), aws.ToString(in.CreationToken)
	if id != "" && token != "" {
		return nil, &types.BadRequest{Message: aws.String("Request cannot contain both a file system ID and a creation token.")}
	}
	if id != "" {
		f := p.s.Systems.Find(rq, id)
		if f == nil {
			return nil, noSystem(id)
		}
		return &efs.DescribeFileSystemsOutput{FileSystems: []types.FileSystemDescription{p.shownSystem(f)}}, nil
	}
	all := []types.FileSystemDescription{}
	for _, f := range p.s.Systems.List(rq) {
		if token == "" || *f.Shown.CreationToken == token {
			all = append(all, p.shownSystem(f))
		}
	}
	page, next, err := world.Page(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid Marker")}
	}
	return &efs.DescribeFileSystemsOutput{FileSystems: page, NextMarker: next, Marker: in.Marker}, nil
}

func (p *EFS) deleteFileSystem(rq *world.Request, in *efs.DeleteFileSystemInput) (*efs.DeleteFileSystemOutput, error) {
	id := world.BareID(in.FileSystemId)
	f := p.s.Systems.Get(id)
	if f == nil {
		return nil, noSystem(id)
	}
	if p.shownSystem(f).NumberOfMountTargets > 0 {
		return nil, world.WithStatus(http.StatusConflict, &types.FileSystemInUse{Message: aws.String("Cannot delete a file system with mount targets. (" + id + ")")})
	}
	for _, a := range p.points.all(id) {
		p.s.Points.Remove(rq.Now, *a.Shown.AccessPointId)
	}
	_, err := p.systems.delete(rq, id)
	return &efs.DeleteFileSystemOutput{}, err
}

func (p *EFS) putPolicy(rq *world.Request, in *efs.PutFileSystemPolicyInput) (*efs.PutFileSystemPolicyOutput, error) {
	f, err := p.systems.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	if !json.Valid([]byte(aws.ToString(in.Policy))) {
		return nil, &types.InvalidPolicyException{Message: aws.String("The policy is not valid JSON.")}
	}
	f.Policy = *in.Policy
	return &efs.PutFileSystemPolicyOutput{FileSystemId: f.Shown.FileSystemId, Policy: in.Policy}, nil
}

func noFilePolicy() error {
	return world.WithStatus(http.StatusNotFound, &types.PolicyNotFound{Message: aws.String("None")})
}

func (p *EFS) describePolicy(rq *world.Request, in *efs.DescribeFileSystemPolicyInput) (*efs.DescribeFileSystemPolicyOutput, error) {
	f, err := p.systems.find(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	if f.Policy == "" {
		return nil, noFilePolicy()
	}
	return &efs.DescribeFileSystemPolicyOutput{FileSystemId: f.Shown.FileSystemId, Policy: aws.String(f.Policy)}, nil
}

func (p *EFS) deletePolicy(rq *world.Request, in *efs.DeleteFileSystemPolicyInput) (*efs.DeleteFileSystemPolicyOutput, error) {
	f, err := p.systems.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	f.Policy = ""
	return &efs.DeleteFileSystemPolicyOutput{}, nil
}

func (p *EFS) putBackup(rq *world.Request, in *efs.PutBackupPolicyInput) (*efs.PutBackupPolicyOutput, error) {
	f, err := p.systems.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	f.Backup = in.BackupPolicy.Status == types.StatusEnabled
	return &efs.PutBackupPolicyOutput{BackupPolicy: in.BackupPolicy}, nil
}

func (p *EFS) describeBackup(rq *world.Request, in *efs.DescribeBackupPolicyInput) (*efs.DescribeBackupPolicyOutput, error) {
	f, err := p.systems.find(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	if !f.Backup {
		return nil, noFilePolicy()
	}
	return &efs.DescribeBackupPolicyOutput{BackupPolicy: &types.BackupPolicy{Status: types.StatusEnabled}}, nil
}
