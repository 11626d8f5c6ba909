package deploy

import (
	"context"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// passes returns which types a reading goes on without when AWS refuses to list
// them. A lenient request goes on without any of them. A teardown goes on without
// those that none of these mentions: the file, the last release, the changes of the
// last run, AWS's index of tags. Nil stands for none.
func (r *reader) passes(ctx context.Context, draft *engine.Graph) func(typ string) bool {
	switch {
	case r.req.Lenient:
		return func(string) bool { return true }
	case !r.req.Down || r.seen.unclean():
		return nil
	}
	var u *usage // read when it is needed first
	return func(typ string) bool {
		if u == nil {
			u = r.usage(ctx)
		}
		return len(draft.Wanted(typ)) == 0 && !u.mayHave(typ)
	}
}

// usage says which types may have objects, from other sources than the lists of the types.
type usage struct {
	// types are those of the last release and of the last run's changes.
	types []string
	index []tagindex.Resource
	// unknown says that one of them could not be read.
	unknown bool
}

func (r *reader) usage(ctx context.Context) *usage {
	u := &usage{}
	for _, seen := range r.seen {
		u.unknown = u.unknown || seen.Record.Unsettled
		for _, c := range seen.Record.Changes {
			u.types = append(u.types, c.Type)
		}
	}
	releases, damaged, err := r.project.Releases().Latest(ctx, r.stack(), 1)
	u.unknown = u.unknown || err != nil || len(damaged) > 0
	for _, last := range releases {
		u.types = append(u.types, last.Types...)
	}
	u.index, err = tagindex.Resources(ctx, engine.Query{Owners: r.owners()}, r.clients.Tagging)
	u.unknown = u.unknown || err != nil
	return u
}

// mayHave reports whether there may be an object of a type. The index knows only
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
