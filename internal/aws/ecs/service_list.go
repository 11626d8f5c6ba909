package ecs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// perDescription is how many services one DescribeServices call takes.
const perDescription = 10

// List implements engine.Type: the services in the owners' clusters whose names
// carry an owner's mark, and the desired ones, because ECS does not list a
// service that is draining. A cluster that a file named earlier is found
// through the index of tags.
func (t Services) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var existing []engine.Ref
	var wanted []string
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Service); ok {
			existing = append(existing, want.Cluster)
			wanted = append(wanted, want.Name)
		}
	}
	former, err := t.former(ctx, q)
	if err != nil {
		return nil, err
	}
	clusters := clusterNames(q.Owners, t.Region, append(existing, former...))
	perCluster := make([][]engine.Object, len(clusters))
	err = concurrent.Each(clusters, func(i int, cluster string) error {
		found, err := t.in(ctx, cluster, q.Owners, wanted)
		if err != nil {
			return fmt.Errorf("listing services of cluster %s: %w", cluster, err)
		}
		for _, object := range t.staged(ctx, found) {
			if !object.Address.IsZero() && q.Has(object.Address.Owner) {
				perCluster[i] = append(perCluster[i], object)
			}
		}
		return nil
	})
	return slices.Concat(perCluster...), err
}

// former returns the clusters of the owners' services according to the index of
// tags.
func (t Services) former(ctx context.Context, q engine.Query) ([]engine.Ref, error) {
	if t.Tagging == nil {
		return nil, nil
	}
	all, err := tagindex.Resources(ctx, q, t.Tagging)
	if engine.ClassOf(err) == engine.Denied {
		return nil, nil // without the permission, clusters outside the files are not found
	}
	if err != nil {
		return nil, err
	}
	var out []engine.Ref
	for _, r := range all {
		if cluster := clusterOf(r.ARN); cluster != "" && r.Is("ecs:service") {
			out = append(out, engine.Lit(cluster))
		}
	}
	return out, nil
}

// in reads the owners' services in one cluster. The desired ones are described
// while the list call is under way.
func (t Services) in(ctx context.Context, cluster string, owners []engine.Owner, wanted []string) ([]types.Service, error) {
	type answer struct {
		found []types.Service
		err   error
	}
	first := make(chan answer, 1)
	go func() {
		var a answer
		a.err = concurrent.Safely(func() (err error) {
			a.found, err = t.describe(ctx, cluster, wanted)
			return err
		})
		first <- a
	}()
	names, err := t.names(ctx, cluster)
	known := <-first
	if gate.IsNotFound(err) || gate.IsNotFound(known.err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if known.err != nil {
		return nil, known.err
	}
	others := slices.DeleteFunc(names, func(name string) bool {
		ours := slices.ContainsFunc(owners, func(o engine.Owner) bool { return naming.HasMark(name, o, t.Region) })
		return !ours || slices.Contains(wanted, name)
	})
	rest, err := t.describe(ctx, cluster, others)
	return append(known.found, rest...), err
}

func (t Services) names(ctx context.Context, cluster string) ([]string, error) {
	var names []string
	pages := ecs.NewListServicesPaginator(t.API, &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(100)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, arn := range page.ServiceArns {
			names = append(names, LastPart(arn))
		}
	}
	return names, nil
}

// describe reads the services of these names or ARNs with their tags.
func (t Services) describe(ctx context.Context, cluster string, names []string) ([]types.Service, error) {
	return Describe(ctx, t.API, cluster, names, types.ServiceFieldTags)
}
