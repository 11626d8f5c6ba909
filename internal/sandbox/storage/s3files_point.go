package storage

import (
	"cmp"
	"net/http"

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
	p.points.events(r, nil)
}

func (p *S3Files) newPoints() objects[bucketPoint, types.LifeCycleState] {
	return objects[bucketPoint, types.LifeCycleState]{
		account: p.account, table: &p.s.Points, kind: "s3files.point", comes: world.AccessPointAvailable, goes: world.AccessPointDeleted,
		state:   func(a *bucketPoint) *types.LifeCycleState { return &a.Shown.Status },
		system:  func(a *bucketPoint) string { return *a.Shown.FileSystemId },
		missing: noBucketObject,
	}
}

func (p *S3Files) createAccessPoint(rq *world.Request, in *s3files.CreateAccessPointInput) (*s3files.CreateAccessPointOutput, error) {
	f, err := p.systems.available(rq, in.FileSystemId)
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
	if len(p.points.all(*f.Shown.FileSystemId)) >= p.account.Quota("access points on buckets", maxPoints) {
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
	}}
	p.points.create(rq, id, a)
	rq.Remember(in.ClientToken, in, id)
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
	a, err := p.points.find(rq, in.AccessPointId)
	if err != nil {
		return nil, err
	}
	s := a.Shown
	s.Tags = world.TagList[types.Tag](a.Tags)
	return &s, nil
}

// listAccessPoints shows no tags, as on AWS.
func (p *S3Files) listAccessPoints(rq *world.Request, in *s3files.ListAccessPointsInput) (*s3files.ListAccessPointsOutput, error) {
	if _, err := p.systems.find(rq, in.FileSystemId); err != nil {
		return nil, err
	}
	all := []types.ListAccessPointsDescription{}
	for _, a := range p.points.list(rq, world.BareID(in.FileSystemId)) {
		s := a.Shown
		all = append(all, types.ListAccessPointsDescription{
			AccessPointId: s.AccessPointId, AccessPointArn: s.AccessPointArn, FileSystemId: s.FileSystemId, OwnerId: s.OwnerId,
			PosixUser: s.PosixUser, RootDirectory: s.RootDirectory, Status: s.Status,
		})
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalidBucketInput("Invalid NextToken")
	}
	return &s3files.ListAccessPointsOutput{AccessPoints: page, NextToken: next}, nil
}

func (p *S3Files) deleteAccessPoint(rq *world.Request, in *s3files.DeleteAccessPointInput) (*s3files.DeleteAccessPointOutput, error) {
	_, err := p.points.delete(rq, world.BareID(in.AccessPointId))
	return &s3files.DeleteAccessPointOutput{}, err
}
