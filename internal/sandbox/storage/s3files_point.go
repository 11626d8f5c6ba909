package storage

import (
	"cmp"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *S3Files) pointRoutes(r *world.Router) {
	world.On(r, p.createAccessPoint)
	world.On(r, p.getAccessPoint)
	world.On(r, p.listAccessPoints)
	world.On(r, p.deleteAccessPoint)
	life(r, "s3files.point", &p.s.Points, func(_ time.Time, a *bucketPoint) {
		if a.Shown.Status == types.LifeCycleStateCreating {
			a.Shown.Status = types.LifeCycleStateAvailable
		}
	})
}

func (p *S3Files) createAccessPoint(rq *world.Request, in *s3files.CreateAccessPointInput) (*s3files.CreateAccessPointOutput, error) {
	f, err := p.available(rq, in.FileSystemId)
	if err != nil {
		return nil, err
	}
	known, mismatch := rq.Once(in.ClientToken, in)
	switch a := p.s.Points.Get(known); {
	case known == "":
	case mismatch:
		return nil, bucketConflict(known, "access-point", "The client token was used with other parameters.")
	case a == nil:
		return &s3files.CreateAccessPointOutput{
			AccessPointId: &known, AccessPointArn: aws.String(*f.Shown.FileSystemArn + "/access-point/" + known), ClientToken: in.ClientToken,
			FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.Number()), Status: types.LifeCycleStateDeleted,
		}, nil
	default:
		return createdPoint(a), nil
	}
	var systems []string
	for _, a := range p.s.Points.All() {
		systems = append(systems, *a.Shown.FileSystemId)
	}
	if p.points.full(*f.Shown.FileSystemId, systems) {
		return nil, world.WithStatus(http.StatusPaymentRequired, &types.ServiceQuotaExceededException{
			Message: aws.String("The maximum number of access points has been reached."),
		})
	}
	root := cmp.Or(in.RootDirectory, &types.RootDirectory{Path: aws.String("/")})
	if aws.ToString(root.Path) != "/" && root.CreationPermissions == nil {
		return nil, invalidBucketInput("A root directory that is not there needs creation permissions.")
	}
	id := p.account.NewID("fsap")
	a := &bucketPoint{Tags: world.TagMap(in.Tags), Shown: s3files.GetAccessPointOutput{
		AccessPointId: &id, AccessPointArn: aws.String(*f.Shown.FileSystemArn + "/access-point/" + id), ClientToken: in.ClientToken,
		FileSystemId: f.Shown.FileSystemId, OwnerId: aws.String(p.account.Number()), PosixUser: in.PosixUser, RootDirectory: root,
		Status: types.LifeCycleStateCreating,
	}}
	p.s.Points.Put(p.account, rq.Now, id, a)
	rq.Remember(in.ClientToken, in, id)
	p.points.comes(rq, id)
	return createdPoint(a), nil
}

func createdPoint(a *bucketPoint) *s3files.CreateAccessPointOutput {
	s := a.Shown
	return &s3files.CreateAccessPointOutput{
		AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, ClientToken: s.ClientToken, FileSystemId: s.FileSystemId,
		OwnerId: s.OwnerId, PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Status: s.Status, Tags: world.TagList[types.Tag](a.Tags),
	}
}

func (p *S3Files) getAccessPoint(rq *world.Request, in *s3files.GetAccessPointInput) (*s3files.GetAccessPointOutput, error) {
	a := p.s.Points.Find(rq, world.BareID(in.AccessPointId))
	if a == nil {
		return nil, noBucketObject(world.BareID(in.AccessPointId))
	}
	s := a.Shown
	s.Tags = world.TagList[types.Tag](a.Tags)
	return &s, nil
}

// listAccessPoints shows no tags, as on AWS.
func (p *S3Files) listAccessPoints(rq *world.Request, in *s3files.ListAccessPointsInput) (*s3files.ListAccessPointsOutput, error) {
	of := world.BareID(in.FileSystemId)
	if p.s.Systems.Find(rq, of) == nil {
		return nil, noBucketObject(of)
	}
	all := []types.ListAccessPointsDescription{}
	for _, a := range p.s.Points.List(rq) {
		s := a.Shown
		if *s.FileSystemId == of {
			all = append(all, types.ListAccessPointsDescription{
				AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, FileSystemId: s.FileSystemId, OwnerId: s.OwnerId,
				PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Status: s.Status,
			})
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListAccessPointsOutput{AccessPoints: page, NextToken: next}, nil
}

func (p *S3Files) deleteAccessPoint(rq *world.Request, in *s3files.DeleteAccessPointInput) (*s3files.DeleteAccessPointOutput, error) {
	id := world.BareID(in.AccessPointId)
	a := p.s.Points.Get(id)
	if a == nil {
		return nil, noBucketObject(id)
	}
	if a.Shown.Status != types.LifeCycleStateDeleting {
		a.Shown.Status = types.LifeCycleStateDeleting
		p.points.goes(rq, id)
	}
	return &s3files.DeleteAccessPointOutput{}, nil
}
