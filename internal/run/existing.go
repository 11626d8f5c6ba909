package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
)

// existingChecks are the checks of what the file names by id, under way while AWS
// is listed.
type existingChecks struct {
	// listed is closed when world is there, for those checks that need it.
	listed   chan struct{}
	observed *engine.Observed
	done     chan struct{}
	cancel   context.CancelFunc
	result   existing.Result
	err      error
}

// beginExisting begins to read and check what the file names by id. A teardown
// needs nothing of it; a file that names nothing costs no call.
func (s *Session) beginExisting(ctx context.Context, p *Prepared) *existingChecks {
	names := s.existingNames()
	if p.Request.Down || names.Empty() {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	g := &existingChecks{listed: make(chan struct{}), done: make(chan struct{}), cancel: cancel}
	names.Listed = func(ctx context.Context) (existing.Listed, error) {
		select {
		case <-g.listed:
			return s.listedOf(g.observed), nil
		case <-ctx.Done():
			return existing.Listed{}, context.Cause(ctx)
		}
	}
	c := s.Clients
	go func() {
		defer close(g.done)
		g.err = engine.Safely(func() (err error) {
			g.result, err = existing.Read(ctx, existing.Clients{
				EC2: c.EC2, ECS: c.ECS, ELB: c.ELB, IAM: c.IAM, S3: c.S3, S3Files: c.S3Files,
				ACM: c.ACM, Cache: c.Cache, ECR: c.ECR, EFS: c.EFS, RDS: c.RDS,
			}, names)
			return err
		})
	}()
	return g
}

// end stops checks that nobody waits for any more.
func (g *existingChecks) end() {
	if g != nil {
		g.cancel()
		<-g.done
	}
}

// endExisting waits for the checks. What cannot be used, and the secrets that are
// missing, are one error with every place in the file.
func (s *Session) endExisting(p *Prepared, g *existingChecks) error {
	problems := &app.Problems{}
	if g != nil {
		g.observed = p.World
		close(g.listed)
		<-g.done
		if g.err != nil {
			return g.err
		}
		found := g.result
		for _, r := range found.Problems {
			problems.Add(app.Problem{At: s.existingAt(r), What: r.ID + ": " + r.What, Remedy: r.Remedy})
		}
		for _, r := range found.Notices {
			p.Notices = append(p.Notices, app.Notice{At: s.existingAt(r), Text: r.ID + ": " + r.What})
		}
		s.checkCovers(problems, found.Certified)
		p.Notices = append(p.Notices, s.clusterNotices(found.Cluster)...)
		p.Facts.Given = found.Facts
	}
	if len(p.Missing) == 0 || p.Request.ReadOnly {
		return problems.Err()
	}
	missing := &MissingSecretsError{Needs: p.Missing, Env: s.App.Env}
	if len(problems.List) == 0 {
		return missing
	}
	for _, n := range p.Missing {
		one := []app.Need{n}
		problems.Add(app.Problem{
			At:   app.ParsePosition(n.Where),
			What: strings.TrimPrefix(MissingText(n), n.Where+": "), Remedy: MissingRemedy(one, s.App.Env),
		})
	}
	return problems.Err()
}

// checkCovers wants every host among the domains of the given certificate, if
// they could be read.
func (s *Session) checkCovers(problems *app.Problems, domains []string) {
	k := s.App.Settings.Certificate
	for _, h := range s.App.HostNames() {
		if len(domains) > 0 && !acm.Covers(domains, h) {
			problems.Add(app.Problem{
				At:     app.ParsePosition(k.Origin),
				What:   fmt.Sprintf("the certificate does not cover %s; it covers %s", h, strings.Join(domains, ", ")),
				Remedy: "name a certificate that covers all hosts, or take the key out and berth has one issued",
			})
		}
	}
}

// listedOf is what the checks need of the world.
func (s *Session) listedOf(w *engine.Observed) existing.Listed {
	var l existing.Listed
	if vpc, ok := s.vpc(w); ok {
		l.VPC = vpc.ID
	}
	for _, gateway := range w.Objects("ec2.nat-gateway") {
		l.Held = append(l.Held, gateway.Attrs["allocation"])
	}
	for _, d := range s.App.Databases {
		typ := rds.Instance{}.Type()
		if d.IsCache() {
			typ = elasticache.ReplicationGroup{}.Type()
		}
		if _, ok := w.Object(engine.Address{Owner: s.Stack(), Type: typ, Name: d.Name}); ok {
			l.Databases = append(l.Databases, d.Name)
		}
	}
	return l
}

// clusterNotices tell where a given cluster's capacity providers are others
// than the settings ask for.
func (s *Session) clusterNotices(c *existing.Cluster) []app.Notice {
	if c == nil {
		return nil
	}
	wants := s.App.Settings.Spot.Value
	for _, svc := range s.App.Services {
		wants = wants || svc.Spot != nil && *svc.Spot
	}
	if !wants || slices.Contains(c.Providers, "FARGATE") && slices.Contains(c.Providers, "FARGATE_SPOT") {
		return nil
	}
	have := "none"
	if len(c.Providers) > 0 {
		have = strings.Join(c.Providers, ", ")
	}
	return []app.Notice{{At: app.ParsePosition(s.App.Settings.Cluster.Origin), Text: fmt.Sprintf(
		"%s: all tasks run on demand: Spot needs the capacity providers FARGATE and FARGATE_SPOT in it (it has: %s)", c.Name, have)}}
}
