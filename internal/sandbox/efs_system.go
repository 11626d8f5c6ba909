package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

// efsRole is what EFS needs of whoever makes its first file system or mount
// target in an account: it makes its service-linked role in their name.
// https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html
const efsRole = "iam:CreateServiceLinkedRole"

func (p *efsPart) systemRoutes(r *router) {
	on(r, p.createFileSystem)
	on(r, p.describeFileSystems)
	on(r, p.deleteFileSystem)
	on(r, p.putPolicy)
	on(r, p.describePolicy)
	on(r, p.deletePolicy)
	on(r, p.putBackup)
	on(r, p.describeBackup)
	r.event("efs.system.available", func(_ time.Time, id string) {
		if f := p.s.Systems.get(id); f != nil && f.Shown.LifeCycleState == types.LifeCycleStateCreating {
			f.Shown.LifeCycleState = types.LifeCycleStateAvailable
		}
	})
	r.event("efs.system.gone", func(at time.Time, id string) { p.s.Systems.remove(at, id) })
}

func (p *efsPart) createFileSystem(rq *request, in *efs.CreateFileSystemInput) (*efs.CreateFileSystemOutput, error) {
	if err := rq.needs(efsRole); err != nil {
		return nil, err
	}
	token := aws.ToString(in.CreationToken)
	if token == "" || len(token) > 64 {
		return nil, &types.BadRequest{Message: aws.String("CreationToken must have 1 to 64 characters.")}
	}
	all := p.s.Systems.all()
	for _, f := range all {
		if *f.Shown.CreationToken == token {
			return nil, withStatus(http.StatusConflict, &types.FileSystemAlreadyExists{
				Message: aws.String("File system '" + *f.Shown.FileSystemId + "' already exists with creation token '" + token + "'"), FileSystemId: f.Shown.FileSystemId,
			})
		}
	}
	if len(all) >= p.account.quota("file systems", 1000) {
		return nil, withStatus(http.StatusForbidden, &types.FileSystemLimitExceeded{Message: aws.String("The maximum number of file systems has been reached.")})
	}
	if in.ThroughputMode == types.ThroughputModeElastic && in.PerformanceMode == types.PerformanceModeMaxIo {
		return nil, &types.BadRequest{Message: aws.String("Elastic throughput is not supported with the maxIO performance mode.")}
	}
	id := p.account.newID("fs")
	f := &fileSystem{Tags: tagMap(in.Tags), Backup: aws.ToBool(in.Backup), Shown: types.FileSystemDescription{
		FileSystemId: &id, FileSystemArn: aws.String(p.systemARN(id)), CreationToken: &token, CreationTime: aws.Time(rq.now),
		LifeCycleState: types.LifeCycleStateCreating, OwnerId: aws.String(p.account.number()), Encrypted: in.Encrypted,
		PerformanceMode: cmp.Or(in.PerformanceMode, types.PerformanceModeGeneralPurpose),
		ThroughputMode:  cmp.Or(in.ThroughputMode, types.ThroughputModeBursting),
		SizeInBytes:     &types.FileSystemSize{Value: 6144},
	}}
	p.s.Systems.put(p.account, rq.now, id, f)
	p.account.schedule(rq.now.Add(p.account.takes(FileSystemAvailable)), "efs.system.available", id)
	s := p.shownSystem(f)
	return &efs.CreateFileSystemOutput{
		FileSystemId: s.FileSystemId, FileSystemArn: s.FileSystemArn, CreationToken: s.CreationToken, CreationTime: s.CreationTime,
		LifeCycleState: s.LifeCycleState, OwnerId: s.OwnerId, Encrypted: s.Encrypted, PerformanceMode: s.PerformanceMode,
		ThroughputMode: s.ThroughputMode, SizeInBytes: s.SizeInBytes, Tags: s.Tags, Name: s.Name,
	}, nil
}

func (p *efsPart) shownSystem(f *fileSystem) types.FileSystemDescription {
	s := f.Shown
	s.Tags = tagList[types.Tag](f.Tags)
	if name, ok := f.Tags["Name"]; ok {
		s.Name = &name
	}
	for _, m := range p.s.Targets.all() {
		if *m.Shown.FileSystemId == *s.FileSystemId {
			s.NumberOfMountTargets++
		}
	}
	return s
}

func (p *efsPart) describeFileSystems(rq *request, in *efs.DescribeFileSystemsInput) (*efs.DescribeFileSystemsOutput, error) {
	id, token := aws.ToString(in.FileSystemId), aws.ToString(in.CreationToken)
	if id != "" && token != "" {
		return nil, &types.BadRequest{Message: aws.String("Request cannot contain both a file system ID and a creation token.")}
	}
	if id != "" {
		f := p.s.Systems.find(rq, id)
		if f == nil {
			return nil, noSystem(id)
		}
		return &efs.DescribeFileSystemsOutput{FileSystems: []types.FileSystemDescription{p.shownSystem(f)}}, nil
	}
	all := []types.FileSystemDescription{}
	for _, f := range p.s.Systems.list(rq) {
		if token == "" || *f.Shown.CreationToken == token {
			all = append(all, p.shownSystem(f))
		}
	}
	page, next, err := pageOf(all, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid Marker")}
	}
	return &efs.DescribeFileSystemsOutput{FileSystems: page, NextMarker: next, Marker: in.Marker}, nil
}

func (p *efsPart) deleteFileSystem(rq *request, in *efs.DeleteFileSystemInput) (*efs.DeleteFileSystemOutput, error) {
	id := bareID(in.FileSystemId)
	f := p.s.Systems.get(id)
	if f == nil {
		return nil, noSystem(id)
	}
	if p.shownSystem(f).NumberOfMountTargets > 0 {
		return nil, withStatus(http.StatusConflict, &types.FileSystemInUse{Message: aws.String("Cannot delete a file system with mount targets. (" + id + ")")})
	}
	if f.Shown.LifeCycleState == types.LifeCycleStateDeleting {
		return &efs.DeleteFileSystemOutput{}, nil
	}
	f.Shown.LifeCycleState = types.LifeCycleStateDeleting
	for _, a := range p.s.Points.all() {
		if *a.Shown.FileSystemId == id {
			p.s.Points.remove(rq.now, *a.Shown.AccessPointId)
		}
	}
	p.account.schedule(rq.now.Add(p.account.takes(FileSystemDeleted)), "efs.system.gone", id)
	return &efs.DeleteFileSystemOutput{}, nil
}

// available is a file system that can be worked with.
func (p *efsPart) available(rq *request, id *string) (*fileSystem, error) {
	f := p.s.Systems.find(rq, bareID(id))
	if f == nil {
		return nil, noSystem(bareID(id))
	}
	if f.Shown.LifeCycleState != types.LifeCycleStateAvailable {
		return nil, systemBusy(f)
	}
	return f, nil
}

func (p *efsPart) putPolicy(rq *request, in *efs.PutFileSystemPolicyInput) (*efs.PutFileSystemPolicyOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
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
	return withStatus(http.StatusNotFound, &types.PolicyNotFound{Message: aws.String("None")})
}

func (p *efsPart) describePolicy(rq *request, in *efs.DescribeFileSystemPolicyInput) (*efs.DescribeFileSystemPolicyOutput, error) {
	f := p.s.Systems.find(rq, bareID(in.FileSystemId))
	if f == nil {
		return nil, noSystem(bareID(in.FileSystemId))
	}
	if f.Policy == "" {
		return nil, noFilePolicy()
	}
	return &efs.DescribeFileSystemPolicyOutput{FileSystemId: f.Shown.FileSystemId, Policy: aws.String(f.Policy)}, nil
}

func (p *efsPart) deletePolicy(rq *request, in *efs.DeleteFileSystemPolicyInput) (*efs.DeleteFileSystemPolicyOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	f.Policy = ""
	return &efs.DeleteFileSystemPolicyOutput{}, nil
}

func (p *efsPart) putBackup(rq *request, in *efs.PutBackupPolicyInput) (*efs.PutBackupPolicyOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	f.Backup = in.BackupPolicy.Status == types.StatusEnabled
	return &efs.PutBackupPolicyOutput{BackupPolicy: in.BackupPolicy}, nil
}

func (p *efsPart) describeBackup(rq *request, in *efs.DescribeBackupPolicyInput) (*efs.DescribeBackupPolicyOutput, error) {
	f := p.s.Systems.find(rq, bareID(in.FileSystemId))
	if f == nil {
		return nil, noSystem(bareID(in.FileSystemId))
	}
	if !f.Backup {
		return nil, noFilePolicy()
	}
	return &efs.DescribeBackupPolicyOutput{BackupPolicy: &types.BackupPolicy{Status: types.StatusEnabled}}, nil
}
