package codebuild

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// perCall is how many projects one BatchGetProjects call takes.
const perCall = 100

// List implements engine.Type: it makes one call, which shows the tags too, and
// none if there is no project.
func (t Projects) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	names, err := t.names(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for batch := range slices.Chunk(names, perCall) {
		found, err := t.describe(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if l, ok := t.object(p); ok {
				objects = append(objects, l)
			}
		}
	}
	return objects, nil
}

// names returns the projects that are desired, and those that may be the
// owners'.
func (t Projects) names(ctx context.Context, q engine.Query) ([]string, error) {
	var names []string
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Project); ok {
			names = append(names, want.Name)
		}
	}
	all, err := t.mayMiss(ctx, q, names)
	if err != nil {
		return nil, err
	}
	switch {
	case all:
		pages := codebuild.NewListProjectsPaginator(t.API, &codebuild.ListProjectsInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("listing build projects: %w", err)
			}
			for _, name := range page.Projects {
				if slices.ContainsFunc(q.Owners, func(o engine.Owner) bool { return naming.HasMark(name, o, t.Region) }) {
					names = append(names, name)
				}
			}
		}
	case len(names) == 0:
		index, err := tagindex.Resources(ctx, q, t.Tagging)
		if err != nil {
			return nil, err
		}
		for _, r := range index {
			if _, name, ok := strings.Cut(r.ARN, ":project/"); ok && r.Is("codebuild:project") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// mayMiss says whether the index of tags is not enough to find the owners' projects: none may
// be missed, and there may be one, because it is desired or has its role.
func (t Projects) mayMiss(ctx context.Context, q engine.Query, desired []string) (bool, error) {
	if !q.Whole || t.Roles == nil || len(desired) > 0 {
		return q.Whole, nil
	}
	return t.Roles(ctx, q)
}

func (t Projects) describe(ctx context.Context, names []string) ([]types.Project, error) {
	out, err := t.API.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: names})
	if err != nil {
		return nil, fmt.Errorf("reading build projects: %w", err)
	}
	return out.Projects, nil
}

func (t Projects) object(p types.Project) (engine.Object, bool) {
	tags, name := tagMap(p.Tags), aws.ToString(p.Name)
	mark, ok := engine.MarkOf(tags)
	if !ok || mark.Address.Type != (Project{}).Type() {
		return engine.Object{}, false
	}
	shown := Project{Name: name, Role: engine.Lit(aws.ToString(p.ServiceRole)), Minutes: int(aws.ToInt32(p.TimeoutInMinutes))}
	if p.Source != nil {
		shown.Source = aws.ToString(p.Source.Location)
	}
	if e := p.Environment; e != nil {
		shown.Image, shown.Compute = aws.ToString(e.Image), string(e.ComputeType)
	}
	if l := p.LogsConfig; l != nil && l.CloudWatchLogs != nil {
		shown.LogGroup = aws.ToString(l.CloudWatchLogs.GroupName)
	}
	return engine.Object{
		Address: mark.Address, ID: name, Outputs: t.outputs(name), Attrs: engine.Shown(shown),
		Tags: tags, LastApplied: mark.LastApplied, State: engine.StateReady, Created: aws.ToTime(p.Created),
	}, true
}
