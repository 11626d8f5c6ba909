package existing

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/aws/gate"
)

// snapshot checks that a new database can begin with a snapshot. A database
// that exists no longer needs its snapshot, so no call is made.
func (r *reader) snapshot(ctx context.Context, s Snapshot) error {
	listed, err := r.listed(ctx)
	if err != nil || slices.Contains(listed.Databases, s.Database) {
		return err
	}
	region, account := place(s.ID)
	if region != "" && region != r.names.Region {
		r.problem(KeySnapshot, s.ID, "copy it to "+r.names.Region+" and use the copy", "it is in %s, not in %s", region, r.names.Region)
		return nil
	}
	find := databaseSnapshot
	if s.Engine == "" {
		find = cacheSnapshot
	}
	found, err := find(ctx, r.Clients, s.ID)
	switch {
	case gate.IsNotFound(err) || err == nil && found == stored{}:
		if account != "" && account != r.names.Account {
			r.notice(KeySnapshot, s.ID, "this account cannot see it; unless account %s shares it, %s cannot begin with it", account, s.Database)
			return nil
		}
		r.problem(KeySnapshot, s.ID, "use the name of a snapshot in this account and region, or remove the key and the database begins empty",
			"there is no such snapshot in %s", r.names.Region)
	case err != nil:
		return err
	case found.status != "available":
		r.problem(KeySnapshot, s.ID, "wait until it is available, or use another one", "it is in state %s", found.status)
	case s.Engine != "" && found.engine != s.Engine:
		r.problem(KeySnapshot, s.ID, "use a snapshot of the same engine", "it is a snapshot of %s, and %s is %s", found.engine, s.Database, s.Engine)
	}
	return nil
}

// stored is the state of a snapshot.
type stored struct{ status, engine string }

// databaseSnapshot finds a snapshot of RDS. "If this identifier is for an
// automated snapshot, the SnapshotType parameter must also be specified" (rds
// api_op_DescribeDBSnapshots.go); the names of AWS's own snapshots begin with
// rds:, those of AWS Backup with awsbackup:. Snapshots of other accounts are
// found only with a separate call.
func databaseSnapshot(ctx context.Context, c Clients, id string) (stored, error) {
	in := &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &id}
	name, byARN := id, strings.HasPrefix(id, "arn:")
	if byARN {
		_, name, _ = strings.Cut(id, ":snapshot:")
		in.IncludeShared, in.IncludePublic = aws.Bool(true), aws.Bool(true)
	}
	switch {
	case strings.HasPrefix(name, "rds:"):
		in.SnapshotType = aws.String("automated")
	case strings.HasPrefix(name, "awsbackup:"):
		in.SnapshotType = aws.String("awsbackup")
	}
	out, err := c.RDS.DescribeDBSnapshots(ctx, in)
	if err != nil || len(out.DBSnapshots) == 0 {
		return stored{}, err
	}
	s := out.DBSnapshots[0]
	return stored{aws.ToString(s.Status), aws.ToString(s.Engine)}, nil
}

// cacheSnapshot finds a snapshot of ElastiCache.
func cacheSnapshot(ctx context.Context, c Clients, name string) (stored, error) {
	out, err := c.Cache.DescribeSnapshots(ctx, &elasticache.DescribeSnapshotsInput{SnapshotName: &name})
	if err != nil || len(out.Snapshots) == 0 {
		return stored{}, err
	}
	s := out.Snapshots[0]
	return stored{aws.ToString(s.SnapshotStatus), aws.ToString(s.Engine)}, nil
}
