package ecr

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// List implements engine.Type. A stack has one repository, whose name is
// derived from the owner; without a desired one the index of tags says whether
// there may be one. List makes two calls for it: the images' own, which shows
// whether the repository exists, and one for its tags with the mark. Only a
// deep reading shows the attributes.
func (t Repositories) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	wanted := map[string]Repository{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Repository); ok {
			wanted[want.Name] = want
		}
	}
	names := slices.Collect(maps.Keys(wanted))
	var err error
	switch {
	case q.Whole:
		names, err = t.all(ctx, q, names)
	case len(names) == 0:
		names, err = t.indexed(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	names = slices.Compact(names)
	found := make([]engine.Object, len(names))
	err = concurrent.Each(names, func(i int, name string) (err error) {
		found[i], err = t.read(ctx, q, name, wanted[name])
		return err
	})
	return slices.DeleteFunc(found, func(l engine.Object) bool { return l.ID == "" }), err
}

// indexed returns the owners' repositories in the index of tags.
func (t Repositories) indexed(ctx context.Context, q engine.Query) ([]string, error) {
	index, err := tagindex.Resources(ctx, q, t.Tagging)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range index {
		if _, name, ok := strings.Cut(r.ARN, ":repository/"); ok && r.Is("ecr:repository") {
			names = append(names, name)
		}
	}
	return names, nil
}

// all adds the repositories whose names carry an owner's mark.
func (t Repositories) all(ctx context.Context, q engine.Query, names []string) ([]string, error) {
	pages := ecr.NewDescribeRepositoriesPaginator(t.API, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing repositories: %w", err)
		}
		for _, r := range page.Repositories {
			name := aws.ToString(r.RepositoryName)
			if slices.ContainsFunc(q.Owners, func(o engine.Owner) bool { return naming.HasMark(name, o, t.Region) }) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// read returns one repository; the zero Object if it does not exist or is not
// berth's.
func (t Repositories) read(ctx context.Context, q engine.Query, name string, want Repository) (engine.Object, error) {
	attrs := engine.Shown(Repository{Name: name}, "scan_on_push", "movable", "keep", "images")
	there, tagged := true, true // whether the images, and the tags, say that it exists
	var tags map[string]string
	err := concurrent.Each([]func() error{
		func() (err error) {
			if q.Deep {
				attrs, there, err = t.attributes(ctx, name)
			} else if len(want.Images) > 0 {
				var images found
				images, err = find(ctx, q, t.API, name, want.Images)
				there = images.Repository
			}
			return err
		},
		func() (err error) {
			tags, err = t.tags(ctx, name)
			if gate.IsNotFound(err) {
				tagged = false
				return nil
			}
			return err
		},
	}, func(_ int, f func() error) error { return f() })
	if err != nil || !there || !tagged {
		return engine.Object{}, err
	}
	mark, ok := engine.MarkOf(tags)
	if !ok || mark.Address.Type != (Repository{}).Type() {
		return t.foreign(q, name), nil
	}
	return engine.Object{
		Address: mark.Address, ID: name, Outputs: t.outputs(name), Attrs: attrs,
		Tags: tags, LastApplied: mark.LastApplied, State: engine.StateReady,
	}, nil
}

// foreign returns a repository that has an owner's name without the owner's
// mark, for a teardown to mention; in other readings it returns the zero
// Object.
func (t Repositories) foreign(q engine.Query, name string) engine.Object {
	for _, o := range q.Owners {
		if q.Whole && naming.HasMark(name, o, t.Region) {
			return engine.Object{
				Address: engine.Address{Owner: o, Type: Repository{}.Type(), Name: name}, ID: name,
				State: engine.StateReady, Foreign: "it does not carry berth's tags",
			}
		}
	}
	return engine.Object{}
}

// attributes returns what ECR shows of a repository; the lifecycle costs a
// call.
func (t Repositories) attributes(ctx context.Context, name string) (attrs map[string]string, there bool, err error) {
	out, err := t.API.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}})
	if gate.IsNotFound(err) || err == nil && len(out.Repositories) == 0 {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading repository %s: %w", name, err)
	}
	r := out.Repositories[0]
	shown := Repository{Name: name, ScanOnPush: r.ImageScanningConfiguration != nil && r.ImageScanningConfiguration.ScanOnPush}
	for _, f := range r.ImageTagMutabilityExclusionFilters {
		shown.Movable = append(shown.Movable, aws.ToString(f.Filter))
	}
	if r.ImageTagMutability == types.ImageTagMutabilityMutable || r.ImageTagMutability == types.ImageTagMutabilityMutableWithExclusion {
		shown.Movable = []string{"(all)"}
	}
	if shown.Keep, err = t.keep(ctx, name); err != nil {
		return nil, false, err
	}
	return engine.Shown(shown, "images"), true, nil
}

func (t Repositories) keep(ctx context.Context, name string) (map[string]int, error) {
	out, err := t.API.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(name)})
	if gate.IsNotFound(err) {
		return map[string]int{"(none)": 0}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the lifecycle of repository %s: %w", name, err)
	}
	return keepOf(aws.ToString(out.LifecyclePolicyText)), nil
}
