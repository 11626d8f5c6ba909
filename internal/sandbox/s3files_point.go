package sandbox

import (
	"cmp"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"
)

func (p *s3filesPart) pointRoutes(r *router) {
	on(r, p.createAccessPoint)
	on(r, p.getAccessPoint)
	on(r, p.listAccessPoints)
	on(r, p.deleteAccessPoint)
	r.event("s3files.point.available", func(_ time.Time, id string) {
		if a := p.s.Points.get(id); a != nil && a.Shown.Status == types.LifeCycleStateCreating {
			a.Shown.Status = types.LifeCycleStateAvailable
		}
	})
	r.event("s3files.point.gone", func(at time.Time, id string) { p.s.Points.remove(at, id) })
}

func (p *s3filesPart) createAccessPoint(rq *request, in *s3files.CreateAccessPointInput) (*s3files.CreateAccessPointOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	known, mismatch := rq.once(in.ClientToken, in)
	switch a := p.s.Points.get(known); {
	case known == "":
	case mismatch:
		return nil, bucketConflict(known, "access-point", "The client token was used with other parameters.")
	case a == nil:
		return &s3files.CreateAccessPointOutput{
			AccessPointId: &known, AccessPointArn: aws.String(*f.Shown.FileSystemArn + "/access-point/" + known), ClientToken: in.ClientToken,
			FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.number()), Status: types.LifeCycleStateDeleted,
		}, nil
	default:
		return createdPoint(a), nil
	}
	used := 0
	for _, a := range p.s.Points.all() {
		if *a.Shown.FileSystemId == *f.Shown.FileSystemId {
			used++
		}
	}
	if used >= p.account.quota("access points on buckets", 10000) {
		return nil, withStatus(http.StatusPaymentRequired, &types.ServiceQuotaExceededException{
			Message: aws.String("The maximum number of access points has been reached."),
		})
	}
	root := cmp.Or(in.RootDirectory, &types.RootDirectory{Path: aws.String("/")})
	if aws.ToString(root.Path) != "/" && root.CreationPermissions == nil {
		return nil, invalidBucketInput("A root directory that is not there needs creation permissions.")
	}
	id := p.account.newID("fsap")
	a := &bucketPoint{Tags: tagMap(in.Tags), Shown: s3files.GetAccessPointOutput{
		AccessPointId: &id, AccessPointArn: aws.String(*f.Shown.FileSystemArn + "/access-point/" + id), ClientToken: in.ClientToken,
		FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.number()), PosixUser: in.PosixUser, RootDirectory: root,
		Status: types.LifeCycleStateCreating,
	}}
	p.s.Points.put(p.account, rq.now, id, a)
	rq.remember(in.ClientToken, in, id)
	p.account.schedule(rq.now.Add(p.account.takes(AccessPointAvailable)), "s3files.point.available", id)
	return createdPoint(a), nil
}

func createdPoint(a *bucketPoint) *s3files.CreateAccessPointOutput {
	s := a.Shown
	return &s3files.CreateAccessPointOutput{
		AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, ClientToken: s.ClientToken, FileSystemId: s.FileSystemId,
		OwnerId: s.OwnerId, PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Status: s.Status, Tags: tagList[types.Tag](a.Tags),
	}
}

func (p *s3filesPart) getAccessPoint(rq *request, in *s3files.GetAccessPointInput) (*s3files.GetAccessPointOutput, error) {
	a := p.s.Points.find(rq, bareID(in.AccessPointId))
	if a == nil {
		return nil, noBucketObject(bareID(in.AccessPointId))
	}
	s := a.Shown
	s.Tags = tagList[types.Tag](a.Tags)
	return &s, nil
}

// listAccessPoints shows no tags, as on AWS.
func (p *s3filesPart) listAccessPoints(rq *request, in *s3files.ListAccessPointsInput) (*s3files.ListAccessPointsOutput, error) {
	of := bareID(in.FileSystemId)
	if p.s.Systems.find(rq, of) == nil {
		return nil, noBucketObject(of)
	}
	all := []types.ListAccessPointsDescription{}
	for _, a := range p.s.Points.list(rq) {
		s := a.Shown
		if *s.FileSystemId == of {
			all = append(all, types.ListAccessPointsDescription{
				AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, FileSystemId: s.FileSystemId, OwnerId: s.OwnerId,
				PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Status: s.Status,
			})
		}
	}
	page, next, err := pageOf(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListAccessPointsOutput{AccessPoints: page, NextToken: next}, nil
}

func (p *s3filesPart) deleteAccessPoint(rq *request, in *s3files.DeleteAccessPointInput) (*s3files.DeleteAccessPointOutput, error) {
	id := bareID(in.AccessPointId)
	a := p.s.Points.get(id)
	if a == nil {
		return nil, noBucketObject(id)
	}
	if a.Shown.Status != types.LifeCycleStateDeleting {
		a.Shown.Status = types.LifeCycleStateDeleting
		p.account.schedule(rq.now.Add(p.account.takes(AccessPointDeleted)), "s3files.point.gone", id)
	}
	return &s3files.DeleteAccessPointOutput{}, nil
}
