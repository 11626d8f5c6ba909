package sandbox

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

// The bounds of an access point's path:
// https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html
const (
	maxRootPath  = 100
	maxRootDepth = 4
)

func (p *efsPart) pointRoutes(r *router) {
	on(r, p.createAccessPoint)
	on(r, p.describeAccessPoints)
	on(r, p.deleteAccessPoint)
	r.event("efs.point.available", func(_ time.Time, id string) {
		if a := p.s.Points.get(id); a != nil && a.Shown.LifeCycleState == types.LifeCycleStateCreating {
			a.Shown.LifeCycleState = types.LifeCycleStateAvailable
		}
	})
	r.event("efs.point.gone", func(at time.Time, id string) { p.s.Points.remove(at, id) })
}

func (p *efsPart) createAccessPoint(rq *request, in *efs.CreateAccessPointInput) (*efs.CreateAccessPointOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	used := 0
	for _, a := range p.s.Points.all() {
		if *a.Shown.ClientToken == aws.ToString(in.ClientToken) {
			return nil, withStatus(http.StatusConflict, &types.AccessPointAlreadyExists{
				Message: aws.String("Access point already exists with client token '" + *a.Shown.ClientToken + "'"), AccessPointId: a.Shown.AccessPointId,
			})
		}
		if *a.Shown.FileSystemId == *f.Shown.FileSystemId {
			used++
		}
	}
	if used >= p.account.quota("access points", 10000) {
		return nil, withStatus(http.StatusForbidden, &types.AccessPointLimitExceeded{Message: aws.String("The maximum number of access points has been reached.")})
	}
	if err := checkRoot(in.RootDirectory); err != nil {
		return nil, err
	}
	id := p.account.newID("fsap")
	a := &accessPoint{Tags: tagMap(in.Tags), Shown: types.AccessPointDescription{
		AccessPointId: &id, AccessPointArn: aws.String(p.account.arn("elasticfilesystem", "access-point/"+id)), ClientToken: in.ClientToken,
		FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.number()), PosixUser: in.PosixUser,
		RootDirectory:  cmp.Or(in.RootDirectory, &types.RootDirectory{Path: aws.String("/")}),
		LifeCycleState: types.LifeCycleStateCreating,
	}}
	p.s.Points.put(p.account, rq.now, id, a)
	p.account.schedule(rq.now.Add(p.account.takes(AccessPointAvailable)), "efs.point.available", id)
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
	s.Tags = tagList[types.Tag](a.Tags)
	if name, ok := a.Tags["Name"]; ok {
		s.Name = &name
	}
	return s
}

func (p *efsPart) describeAccessPoints(rq *request, in *efs.DescribeAccessPointsInput) (*efs.DescribeAccessPointsOutput, error) {
	if id := bareID(in.AccessPointId); id != "" {
		a := p.s.Points.find(rq, id)
		if a == nil {
			return nil, noPoint(id)
		}
		return &efs.DescribeAccessPointsOutput{AccessPoints: []types.AccessPointDescription{shownPoint(a)}}, nil
	}
	of := bareID(in.FileSystemId)
	if of != "" && p.s.Systems.find(rq, of) == nil {
		return nil, noSystem(of)
	}
	all := []types.AccessPointDescription{}
	for _, a := range p.s.Points.list(rq) {
		if of == "" || *a.Shown.FileSystemId == of {
			all = append(all, shownPoint(a))
		}
	}
	page, next, err := pageOf(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.BadRequest{Message: aws.String("Invalid NextToken")}
	}
	return &efs.DescribeAccessPointsOutput{AccessPoints: page, NextToken: next}, nil
}

func (p *efsPart) deleteAccessPoint(rq *request, in *efs.DeleteAccessPointInput) (*efs.DeleteAccessPointOutput, error) {
	id := bareID(in.AccessPointId)
	a := p.s.Points.get(id)
	if a == nil {
		return nil, noPoint(id)
	}
	if a.Shown.LifeCycleState != types.LifeCycleStateDeleting {
		a.Shown.LifeCycleState = types.LifeCycleStateDeleting
		p.account.schedule(rq.now.Add(p.account.takes(AccessPointDeleted)), "efs.point.gone", id)
	}
	return &efs.DeleteAccessPointOutput{}, nil
}
