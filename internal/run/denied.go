package run

import (
	"context"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// passes says which types a reading goes on without when AWS refuses to list
// them. Whoever only looks goes on without any. A teardown goes on without those
// of which nothing tells that there may be an object: not the file, not the last
// release, not the changes of the last run, not AWS's index of tags. Nil goes on
// without none.
func (s *Session) passes(ctx context.Context, p *Prepared, draft *engine.Graph) func(typ string) bool {
	switch {
	case p.Request.Lenient:
		return func(string) bool { return true }
	case !p.Request.Down || p.unclean():
		return nil
	}
	var u *usage // read when it is needed first
	return func(typ string) bool {
		if u == nil {
			u = s.usage(ctx, p)
		}
		return len(draft.Wanted(typ)) == 0 && !u.mayHave(typ)
	}
}

// usage is what tells of objects besides the lists of their types.
type usage struct {
	// types are those of the last release and of the last run's changes.
	types []string
	index []tagindex.Resource
	// unknown says that one of them could not be read.
	unknown bool
}

func (s *Session) usage(ctx context.Context, p *Prepared) *usage {
	u := &usage{}
	for _, seen := range p.Seen {
		u.unknown = u.unknown || seen.Record.Unsettled
		for _, c := range seen.Record.Changes {
			u.types = append(u.types, c.Type)
		}
	}
	releases, damaged, err := s.Releases.Latest(ctx, s.Stack(), 1)
	u.unknown = u.unknown || err != nil || len(damaged) > 0
	for _, r := range releases {
		u.types = append(u.types, r.Types...)
	}
	u.index, err = tagindex.Resources(ctx, engine.Query{Owners: s.owners()}, s.Clients.Tagging)
	u.unknown = u.unknown || err != nil
	return u
}

// mayHave says whether there may be an object of a type. The index knows only
// some types of a service by themselves (a mount target has no tags), so that
// any object of the service counts.
func (u *usage) mayHave(typ string) bool {
	service, _, _ := strings.Cut(typ, ".")
	kind, indexed := indexedServices()[service]
	return u.unknown || !indexed || slices.Contains(u.types, typ) ||
		slices.ContainsFunc(u.index, func(r tagindex.Resource) bool { return r.Is(kind) })
}

// indexedServices are the services whose objects are in the index of tags, by
// the first word of their types, as their ARNs name them. IAM roles are not in
// it, Route 53 is only in one region's, and Cloudflare is not AWS.
// https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
func indexedServices() map[string]string {
	return map[string]string{
		"acm": "acm", "codebuild": "codebuild", "ec2": "ec2", "ecr": "ecr", "ecs": "ecs", "efs": "elasticfilesystem",
		"elasticache": "elasticache", "elb": "elasticloadbalancing", "logs": "logs", "rds": "rds", "s3files": "s3files",
		"sd": "servicediscovery", "ssm": "ssm",
	}
}

// typesOf are the types of objects, sorted.
func typesOf(objects map[engine.Address]engine.Object) []string {
	var types []string
	for a := range objects {
		types = append(types, a.Type)
	}
	slices.Sort(types)
	return slices.Compact(types)
}
