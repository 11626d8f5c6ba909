package moto

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// zone makes a zone that is not berth's.
func (s *server) zone(t *testing.T, name string) {
	t.Helper()
	if _, err := s.clients().Route53.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: &name, CallerReference: p("test")}); err != nil {
		t.Fatal(err)
	}
}

// data returns what world leaves out: names, certificates, files, databases,
// images, secrets and logs.
func (s *server) data(t *testing.T) string {
	t.Helper()
	l := &lister{t: t, c: s.clients()}
	l.names()
	l.files()
	l.databases()
	l.images()
	l.kept()
	slices.Sort(l.lines)
	return strings.Join(l.lines, "\n")
}

func (l *lister) names() {
	ctx := l.t.Context()
	zones, err := l.c.Route53.ListHostedZones(ctx, &route53.ListHostedZonesInput{})
	l.must(err)
	for _, z := range zones.HostedZones {
		if z.Config != nil && z.Config.PrivateZone {
			continue // moto keeps the zone of a deleted namespace
		}
		l.add("zone", sdk.ToString(z.Name))
		records, err := l.c.Route53.ListResourceRecordSets(ctx, &route53.ListResourceRecordSetsInput{HostedZoneId: z.Id})
		l.must(err)
		for _, r := range records.ResourceRecordSets {
			l.add("record", sdk.ToString(r.Name)+" "+string(r.Type))
		}
	}
	certificates, err := l.c.ACM.ListCertificates(ctx, &acm.ListCertificatesInput{})
	l.must(err)
	for _, c := range certificates.CertificateSummaryList {
		l.add("certificate", sdk.ToString(c.DomainName))
	}
}

func (l *lister) files() {
	ctx := l.t.Context()
	systems, err := l.c.EFS.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{})
	l.must(err)
	for _, f := range systems.FileSystems {
		targets, err := l.c.EFS.DescribeMountTargets(ctx, &efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId})
		l.must(err)
		points, err := l.c.EFS.DescribeAccessPoints(ctx, &efs.DescribeAccessPointsInput{FileSystemId: f.FileSystemId})
		l.must(err)
		l.add("file system", fmt.Sprint(len(targets.MountTargets), " mount targets, ", len(points.AccessPoints), " access points"))
	}
}

func (l *lister) databases() {
	ctx := l.t.Context()
	instances, err := l.c.RDS.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	l.must(err)
	for _, d := range instances.DBInstances {
		l.add("database", sdk.ToString(d.DBInstanceIdentifier))
	}
	snapshots, err := l.c.RDS.DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{SnapshotType: p("manual")})
	l.must(err)
	for _, d := range snapshots.DBSnapshots {
		l.add("snapshot", sdk.ToString(d.DBSnapshotIdentifier))
	}
	subnets, err := l.c.RDS.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{})
	l.must(err)
	for _, g := range subnets.DBSubnetGroups {
		l.add("subnet group", sdk.ToString(g.DBSubnetGroupName))
	}
	parameters, err := l.c.RDS.DescribeDBParameterGroups(ctx, &rds.DescribeDBParameterGroupsInput{})
	l.must(err)
	for _, g := range parameters.DBParameterGroups {
		l.add("parameter group", sdk.ToString(g.DBParameterGroupName))
	}
}

func (l *lister) images() {
	ctx := l.t.Context()
	repositories, err := l.c.ECR.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
	l.must(err)
	for _, r := range repositories.Repositories {
		images, err := l.c.ECR.ListImages(ctx, &ecr.ListImagesInput{RepositoryName: r.RepositoryName})
		l.must(err)
		l.add("repository", fmt.Sprint(sdk.ToString(r.RepositoryName), ", ", len(images.ImageIds), " images"))
	}
	projects, err := l.c.CodeBuild.ListProjects(ctx, &codebuild.ListProjectsInput{})
	l.must(err)
	l.add("build project", projects.Projects...)
}

func (l *lister) kept() {
	ctx := l.t.Context()
	parameters, err := l.c.SSM.DescribeParameters(ctx, &ssm.DescribeParametersInput{})
	l.must(err)
	for _, p := range parameters.Parameters {
		l.add("parameter", sdk.ToString(p.Name))
	}
	groups, err := l.c.Logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	l.must(err)
	for _, g := range groups.LogGroups {
		l.add("log group", sdk.ToString(g.LogGroupName))
	}
}
