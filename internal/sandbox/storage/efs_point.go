package storage

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The bounds of an access point's path:
// https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html
const (
	maxRootPath  = 100
	maxRootDepth = 4
)

func (p *EFS) pointRoutes(r *world.Router) {
	world.On(r, p.createAccessPoint)
	world.On(r, p.describeAccessPoints)
	world.On(r, p.deleteAccessPoint)
	p.points.events(r, nil)
}

func (p *EFS) newPoints() objects[accessPoint, types.LifeCycleState] {
	return objects[accessPoint, types.LifeCycleState]{
		account: p.account, table: &p.s.Points, kind: "efs.point", comes: world.AccessPointAvailable, goes: world.AccessPointDeleted,
		state:   func(a *accessPoint) *types.LifeCycleState { return &a.Shown.LifeCycleState },
		system:  func(a *accessPoint) string { return *a.Shown.FileSystemId },
		missing: noPoint,
	}
}

func (p *EFS) createAccessPoint(rq *world.Request, in *efs.CreateAccessPointInput) (*efs.CreateAccessPointOutput, error) {
	f, err := p.systems.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	for _, a := range p.s.Points.All() {
		if *a.Shown.ClientToken == aws.ToString(in.ClientToken) {
			return nil, world.WithStatus(http.StatusConflict, &types.AccessPointAlreadyExists{
				Message: aws.String("Access point already exists with client token '" + *a.Shown.ClientToken + "'"), AccessPointId: a.Shown.AccessPointId,
			})
		}
	}
	if len(p.points.all(*f.Shown.FileSystemId)) >= p.account.Quota("access points", maxPoints) {
		return nil, world.WithStatus(http.StatusForbidden, &types.AccessPointLimitExceeded{Message: aws.String("The maximum number of access points has been reached.")})
	}
	if err := checkRoot(in.RootDirectory); err != nil {
		return nil, err
	}
	id := p.account.NewID("fsap")
	a := &accessPoint{Tags: world.TagMap(in.Tags), Shown: types.AccessPointDescription{
		AccessPointId: &id, AccessPointArn: aws.String(p.account.ARN("elasticfilesystem", "access-point/"+id)), ClientToken: in.ClientToken,
		FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.Number()), PosixUser: in.PosixUser,
		RootDirectory: cmp.Or(in.RootDirectory, &types.RootDirectory{Path: aws.String("/")}),
	}}
	p.points.create(rq, id, a)
	s := shownPoint(a)
	return &efs.CreateAccessPointOutput{
		AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, ClientToken: s.ClientToken, FileSystemId: s.FileSystemId,
		LifeCycleState: s.LifeCycleState, OwnerId: s.OwnerId, PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Tags: s.Tags, Name: s.Name,
	}, nil
}

func checkRoot(r *types.RootDirectory) error {
	path := "/"
	if r != nil {
		path = cmp.Or(aws.ToString(r.Path), "/")
	}
	if !strings.HasPrefix(path, "/") || len(path) > maxRootPath || path != "/" && strings.Count(path, "/") > maxRootDepth {
		return &types.BadRequest{Message: aws.String("The path of the root directory is not valid: " + path)}
	}
	return nil
}

func shownPoint(a *accessPoint) types.AccessPointDescription {
	s := a.Shown
	s.Tags = world.TagList[types.Tag](a.Tags)
	if name, ok := a.Tags["Name"]; ok {
		s.Name = &name
	}
	return s
}

func (p *EFS) describeAccessPoints(rq *world.Request, in *efs.DescribeAccessPointsInput) (*efs.DescribeAccessPointsOutput, error) {
	if in.AccessPointId != nil {
		a, err := p.points.find(rq, in.AccessPointId)
		if err != nil {
			return nil, err
		}
		return &efs.DescribeAccessPointsOutput{AccessPoints: []types.AccessPointDescription{shownPoint(a)}}, nil
	}
	of := world.BareID(in.FileSystemId)
	if of != "" && p.s.Systems.Find(rq, of) == nil {
		return nil, noSystem(of)
	}
	all := []types.AccessPointDescription{}
	for _, a := range p.points.list(rq, of) {
		all = append(all, shownPoint(a))
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid NextToken")}
	}
	return &efs.DescribeAccessPointsOutput{AccessPoints: page, NextToken: next}, nil
}

func (p *EFS) deleteAccessPoint(rq *world.Request, in *efs.DeleteAccessPointInput) (*efs.DeleteAccessPointOutput, error) {
	_, err := p.points.delete(rq, world.BareID(in.AccessPointId))
	return &efs.DeleteAccessPointOutput{}, err
}
