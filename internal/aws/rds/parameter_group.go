package rds

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// ParameterGroup is the configuration of database instances of one family.
// Outputs: id (the name), arn.
type ParameterGroup struct {
	// Name is unique in the account and region.
	Name string `attr:"name,replace,own"`
	// Family is an engine with its major version, as in postgres16.
	Family string `attr:"family,replace"`
	// Parameters are the values that matter, whether or not they are the family's
	// defaults. berth sets only parameters that take effect at once. A parameter that
	// is taken out keeps its last value.
	Parameters map[string]string `attr:"parameters"`
}

// Type implements engine.Resource.
func (ParameterGroup) Type() string { return "rds.parameter-group" }

// ParameterGroups is the type of ParameterGroup. Its description, which cannot
// be changed, carries its address.
type ParameterGroups struct {
	API     *rds.Client
	Tagging *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type.
func (ParameterGroups) Spec() engine.Spec {
	return engine.Spec{
		InUse: "its databases go first",
		Name:  ParameterGroup{}.Type(), Identity: engine.UniqueName,
		DeletesAfter: []string{Instance{}.Type()}, Untagged: true,
	}
}

// List implements engine.Type: one call if there may be any, and one for each
// group's parameters. They are read every time: a run that died between creating
// a group and setting its parameters would leave TLS off, and nothing else shows it.
func (t ParameterGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if ok, err := tagindex.MayExist(ctx, q, t.Tagging, "rds:pg"); err != nil || !ok {
		return nil, err
	}
	groups, err := t.all(ctx, nil)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, g := range groups {
		mark, ok := engine.ParseMark(aws.ToString(g.Description))
		if ok && mark.Address.Type == (ParameterGroup{}).Type() && q.Has(mark.Address.Owner) && isNamedFor(g, mark.Address.Owner) {
			objects = append(objects, parameterGroupObject(g, mark))
		}
	}
	gone := map[string]bool{}
	wanted := wantedParameters(q)
	for i, l := range objects {
		objects[i].Attrs["parameters"], err = t.parameters(ctx, l.ID, wanted[l.Address])
		if gate.IsNotFound(err) { // the list was behind
			gone[l.ID] = true
			continue
		}
		if err == nil && q.Deep {
			objects[i].Tags, err = tagsAt(ctx, t.API, l.Output("arn"))
			objects[i].LastApplied = objects[i].Tags[engine.TagLastApplied]
		}
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(objects, func(l engine.Object) bool { return gone[l.ID] }), nil
}

// isNamedFor says whether berth gave a group its name for an owner. The mark in the
// description does not prove that: AWS never changes a description, so a copied mark
// looks the same.
func isNamedFor(g types.DBParameterGroup, o engine.Owner) bool {
	arn := strings.SplitN(aws.ToString(g.DBParameterGroupArn), ":", 6)
	return len(arn) < 6 || naming.HasMark(aws.ToString(g.DBParameterGroupName), o, arn[3])
}

func (t ParameterGroups) all(ctx context.Context, name *string) ([]types.DBParameterGroup, error) {
	var all []types.DBParameterGroup
	pages := rds.NewDescribeDBParameterGroupsPaginator(t.API, &rds.DescribeDBParameterGroupsInput{DBParameterGroupName: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing parameter groups of RDS: %w", err)
		}
		all = append(all, page.DBParameterGroups...)
	}
	return all, nil
}

func parameterGroupObject(g types.DBParameterGroup, mark engine.Mark) engine.Object {
	shown := ParameterGroup{Name: aws.ToString(g.DBParameterGroupName), Family: aws.ToString(g.DBParameterGroupFamily)}
	return engine.Object{
		Address: mark.Address, ID: shown.Name, State: engine.StateReady,
		Attrs: engine.Shown(shown, "parameters"), Outputs: map[string]string{"arn": aws.ToString(g.DBParameterGroupArn)},
	}
}

// wantedParameters are the names of the parameters that are wanted, by group.
func wantedParameters(q engine.Query) map[engine.Address][]string {
	names := map[engine.Address][]string{}
	for _, w := range q.Wanted {
		if g, ok := w.Resource.(ParameterGroup); ok {
			names[w.Address] = slices.Sorted(maps.Keys(g.Parameters))
		}
	}
	return names
}

// parameters renders the values of the named parameters as an attribute, whoever has
// set them. Their Source is of no use: a parameter that was set to its family's default is 'engine-default' and not 'user', see
// https://github.com/hashicorp/terraform-provider-aws/issues/593 and 23335.
func (t ParameterGroups) parameters(ctx context.Context, name string, wanted []string) (string, error) {
	set := map[string]string{}
	if len(wanted) == 0 {
		return "", nil
	}
	pages := rds.NewDescribeDBParametersPaginator(t.API, &rds.DescribeDBParametersInput{
		DBParameterGroupName: &name,
		Filters:              []types.Filter{{Name: aws.String("parameter-name"), Values: wanted}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("reading parameter group %s: %w", name, err)
		}
		for _, p := range page.Parameters {
			if p.ParameterValue != nil && slices.Contains(wanted, aws.ToString(p.ParameterName)) {
				set[aws.ToString(p.ParameterName)] = *p.ParameterValue
			}
		}
	}
	return engine.Shown(ParameterGroup{Parameters: set})["parameters"], nil
}

// Create implements engine.Type: first the group, then its parameters.
func (t ParameterGroups) Create(ctx context.Context, w engine.Desired[ParameterGroup]) (engine.Object, error) {
	out, err := t.API.CreateDBParameterGroup(ctx, &rds.CreateDBParameterGroupInput{
		DBParameterGroupName: &w.Want.Name, DBParameterGroupFamily: &w.Want.Family,
		Description: aws.String(engine.Mark{Address: w.Address}.String()), Tags: tagList(w.Tags),
	})
	switch {
	case gate.IsExists(err):
		return t.take(ctx, w)
	case err != nil:
		return engine.Object{}, fmt.Errorf("creating parameter group %s: %w", w.Want.Name, err)
	}
	object := engine.AsDesired(w, w.Want.Name, map[string]string{"arn": aws.ToString(out.DBParameterGroup.DBParameterGroupArn)})
	if err := t.set(gate.JustMade(ctx), w.Want); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return object, nil
}

func (t ParameterGroups) take(ctx context.Context, w engine.Desired[ParameterGroup]) (engine.Object, error) {
	groups, err := t.all(ctx, &w.Want.Name)
	if gate.IsNotFound(err) || err == nil && len(groups) == 0 {
		return engine.Object{}, gate.Unlisted("parameter group " + w.Want.Name)
	}
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.ParseMark(aws.ToString(groups[0].Description))
	object := parameterGroupObject(groups[0], mark)
	if err := w.Claim(mark, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, []string{"parameters"})
}

// set writes the parameters. Their values are not secret.
func (t ParameterGroups) set(ctx context.Context, g ParameterGroup) error {
	in := &rds.ModifyDBParameterGroupInput{DBParameterGroupName: &g.Name}
	for _, name := range slices.Sorted(maps.Keys(g.Parameters)) {
		in.Parameters = append(in.Parameters, types.Parameter{
			ParameterName: aws.String(name), ParameterValue: aws.String(g.Parameters[name]),
			ApplyMethod: types.ApplyMethodImmediate,
		})
	}
	if len(in.Parameters) == 0 {
		return nil
	}
	if _, err := t.API.ModifyDBParameterGroup(ctx, in); err != nil {
		return fmt.Errorf("setting the parameters of %s: %w", g.Name, err)
	}
	return nil
}

// Update implements engine.Type.
func (t ParameterGroups) Update(ctx context.Context, w engine.Desired[ParameterGroup], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "parameters") {
		if err := t.set(ctx, w.Want); err != nil {
			return object, err
		}
	}
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type.
func (t ParameterGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteDBParameterGroup(ctx, &rds.DeleteDBParameterGroupInput{DBParameterGroupName: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting parameter group %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[ParameterGroup] = ParameterGroups{}
