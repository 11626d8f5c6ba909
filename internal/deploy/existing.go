package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
)

// existingChecks are the checks of what the file names by id, under way while AWS
// is listed. Nil is a file that names nothing.
type existingChecks struct {
	*session
	// listed is closed when world is there, for those checks that need it.
	listed chan struct{}
	world  *engine.Observed
	done   chan struct{}
	cancel context.CancelFunc
	result existing.Result
	err    error
}

// checkExisting begins to read and check what the file names by id. A file that
// names nothing costs no call.
func checkExisting(ctx context.Context, s *session) *existingChecks {
	ctx, cancel := context.WithCancel(ctx)
	g := &existingChecks{session: s, listed: make(chan struct{}), done: make(chan struct{}), cancel: cancel}
	names := g.names()
	if names.Empty() {
		cancel()
		return nil
	}
	names.Listed = func(ctx context.Context) (existing.Listed, error) {
		select {
		case <-g.listed:
			return g.listedOf(g.world), nil
		case <-ctx.Done():
			return existing.Listed{}, context.Cause(ctx)
		}
	}
	c := s.clients
	go func() {
		defer close(g.done)
		g.err = concurrent.Safely(func() (err error) {
			g.result, err = existing.Read(ctx, existing.Clients{
				EC2: c.EC2, ECS: c.ECS, ELB: c.ELB, IAM: c.IAM, S3: c.S3, S3Files: c.S3Files,
				ACM: c.ACM, Cache: c.Cache, ECR: c.ECR, EFS: c.EFS, RDS: c.RDS, SNS: c.SNS, SQS: c.SQS, SSM: c.SSM, Metrics: c.Metrics,
			}, names)
			return err
		})
	}()
	return g
}

// end stops the checks, for a reading that ends early.
func (g *existingChecks) end() {
	if g != nil {
		g.cancel()
		<-g.done
	}
}

// wait waits for the checks, which need the world for their last part, and puts
// what they found into found. What cannot be used is in the problems.
func (g *existingChecks) wait(found *Found) (*app.Problems, error) {
	problems := &app.Problems{}
	if g == nil {
		return problems, nil
	}
	g.world = found.Observed
	close(g.listed)
	<-g.done
	if g.err != nil {
		return problems, g.err
	}
	for _, r := range g.result.Problems {
		problems.Add(app.Problem{At: g.at(r), What: r.ID + ": " + r.What, Remedy: r.Remedy})
	}
	for _, r := range g.result.Notices {
		found.Notices = append(found.Notices, app.Notice{At: g.at(r), Concern: project.Failure, Text: r.ID + ": " + r.What})
	}
	g.checkCovers(problems, g.result.Certified)
	found.Notices = append(found.Notices, g.clusterNotices(g.result.Cluster)...)
	found.Facts.Existing = g.result.Facts
	return problems, nil
}

// checkCovers checks that the domains of the existing certificate cover every host,
// if they could be read.
func (g *existingChecks) checkCovers(problems *app.Problems, domains []string) {
	k := g.app.Settings.Certificate
	for _, h := range g.app.HostNames() {
		if len(domains) > 0 && !acm.Covers(domains, h) {
			problems.Add(app.Problem{
				At:     app.ParsePosition(k.Origin),
				What:   fmt.Sprintf("the certificate does not cover %s; it covers %s", h, strings.Join(domains, ", ")),
				Remedy: "name a certificate that covers all hosts, or remove the key: berth then requests one",
			})
		}
	}
}

// listedOf is what the checks need of the world.
func (g *existingChecks) listedOf(w *engine.Observed) existing.Listed {
	var l existing.Listed
	if vpc, ok := g.vpc(w); ok {
		l.VPC = vpc.ID
	}
	for _, gateway := range w.Objects(ec2.NATGateway{}.Type()) {
		l.Held = append(l.Held, engine.ShownAs[ec2.NATGateway](gateway).Allocation.Value())
	}
	for _, d := range g.app.Databases {
		typ := rds.Instance{}.Type()
		if d.IsCache() {
			typ = elasticache.ReplicationGroup{}.Type()
		}
		if _, ok := w.Object(engine.Address{Owner: g.stack(), Type: typ, Name: d.Name}); ok {
			l.Databases = append(l.Databases, d.Name)
		}
	}
	return l
}

// clusterNotices say where the settings ask for other capacity providers than the
// existing cluster has.
func (g *existingChecks) clusterNotices(c *existing.Cluster) []app.Notice {
	if c == nil {
		return nil
	}
	wants := g.app.Settings.Spot.Value.On()
	for _, svc := range g.app.Services {
		wants = wants || svc.Spot.On()
	}
	if !wants || slices.Contains(c.Providers, "FARGATE") && slices.Contains(c.Providers, "FARGATE_SPOT") {
		return nil
	}
	have := "none"
	if len(c.Providers) > 0 {
		have = strings.Join(c.Providers, ", ")
	}
	return []app.Notice{{At: app.ParsePosition(g.app.Settings.Cluster.Origin), Text: fmt.Sprintf(
		"%s: all tasks run on demand: Spot needs the capacity providers FARGATE and FARGATE_SPOT in it (it has: %s)", c.Name, have)}}
}
