package existing

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/aws/gate"
)

// share checks that a file system of EFS exists and is available.
func (r *reader) share(ctx context.Context, id string) error {
	out, err := r.EFS.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{FileSystemId: &id})
	switch {
	case gate.IsNotFound(err):
		out = &efs.DescribeFileSystemsOutput{}
	case err != nil:
		return err
	}
	if len(out.FileSystems) == 0 {
		r.problem(KeyFileSystem, id, "write the id of a file system of EFS of this account", "there is no such file system in %s", r.names.Region)
		return nil
	}
	if state := out.FileSystems[0].LifeCycleState; state != types.LifeCycleStateAvailable && state != types.LifeCycleStateUpdating {
		r.problem(KeyFileSystem, id, "wait until it is available, or use another one", "it is in state %s", state)
	}
	return nil
}

// point checks that an access point exists and belongs to the file system that
// the file names with it.
func (r *reader) point(ctx context.Context, p Point) error {
	system, err := systemOf(ctx, r.Clients, p.ID)
	switch {
	case gate.IsNotFound(err):
		r.problem(KeyPoint, p.ID, "write an access point of "+p.FileSystem, "there is no such access point in %s", r.names.Region)
		return nil
	case err != nil:
		return err
	case system != p.FileSystem[strings.LastIndexByte(p.FileSystem, '/')+1:]:
		r.problem(KeyPoint, p.ID, "write an access point of "+p.FileSystem, "it belongs to %s, and file_system is %s", system, p.FileSystem)
	}
	return nil
}

// systemOf returns the id of an access point's file system.
func systemOf(ctx context.Context, c Clients, point string) (string, error) {
	if strings.HasPrefix(point, "arn:") {
		id := point[strings.LastIndexByte(point, '/')+1:]
		out, err := c.S3Files.GetAccessPoint(ctx, &s3files.GetAccessPointInput{AccessPointId: &id})
		if err != nil {
			return "", err
		}
		return aws.ToString(out.FileSystemId), nil
	}
	out, err := c.EFS.DescribeAccessPoints(ctx, &efs.DescribeAccessPointsInput{AccessPointId: &point})
	if err != nil || len(out.AccessPoints) == 0 {
		return "", err
	}
	return aws.ToString(out.AccessPoints[0].FileSystemId), nil
}
