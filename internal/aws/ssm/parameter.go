package ssm

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Parameter is a secure string whose value is assembled from text and secrets when it
// is created or updated. The desired state only holds names and versions; the value
// exists only in AWS. Outputs: id (the name), arn, mark (the name and the version,
// which changes with every update).
type Parameter struct {
	// Name begins with /berth/ENVIRONMENT/PROJECT/, which says who owns it.
	Name string `attr:"name,replace,own"`
	// Value are the pieces of the value.
	Value []Part `attr:"value"`
	// Secrets are the versions of the secrets among the pieces, each as "NAME
	// VERSION" with a Version's text.
	Secrets []string `attr:"secrets,set"`
}

// Part is a piece of a value: a text, or the value of a secret of the
// environment.
type Part struct {
	// Text is the piece if Secret, the name of a secret, is empty.
	Text, Secret string
}

// Type implements engine.Resource.
func (Parameter) Type() string { return "ssm.parameter" }

// Parameters is the type of Parameter.
type Parameters struct {
	API     *ssm.Client
	Tagging *resourcegroupstaggingapi.Client
	// Account, Region and Partition make ARNs.
	Account, Region, Partition string
}

// Spec implements engine.Type. An update makes another version, which only
// newly started tasks see.
func (Parameters) Spec() engine.Spec {
	return engine.Spec{Name: Parameter{}.Type(), Identity: engine.UniqueName, Revises: true}
}

// stackPath is the path of a stack's parameters.
func stackPath(o engine.Owner) string { return "/berth/" + o.Environment + "/" + o.Project }

// List implements engine.Type: it makes one call for each fifty parameters of a
// stack, and none for a stack that desires none and has none. The mark is in
// the description, which lists show and which changes in one call with the
// value.
func (t Parameters) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if len(q.Wanted) == 0 && !q.Whole {
		all, err := tagindex.Resources(ctx, q, t.Tagging)
		if err != nil || !slices.ContainsFunc(all, func(r tagindex.Resource) bool { return r.Is("ssm:parameter") }) {
			return nil, err
		}
	}
	var objects []engine.Object
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			continue
		}
		list, err := stackParameters(ctx, q, t.API, o)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if mark, ok := engine.ParseMark(aws.ToString(p.Description)); ok && mark.Address.Owner == o && mark.Address.Type == (Parameter{}).Type() {
				objects = append(objects, t.object(p, mark))
			} else if q.Whole && (!ok || mark.Address.Owner != o) {
				objects = append(objects, foreignParameter(o, aws.ToString(p.Name)))
			}
		}
	}
	return objects, nil
}

// foreignParameter returns a parameter below a stack's path that is not the
// stack's.
func foreignParameter(o engine.Owner, name string) engine.Object {
	return engine.Object{
		Address: engine.Address{Owner: o, Type: Parameter{}.Type(), Name: name}, ID: name, State: engine.StateReady,
		Foreign: "its description does not carry berth's mark",
	}
}

// stackParameters returns the parameters of a stack, read once for all types
// that keep theirs there.
func stackParameters(ctx context.Context, q engine.Query, api *ssm.Client, o engine.Owner) ([]types.ParameterMetadata, error) {
	path := stackPath(o)
	return memory.Once(q.Memory, "ssm.parameters "+path, func() ([]types.ParameterMetadata, error) {
		return describe(ctx, api, path, "Recursive")
	})
}

// describe lists parameters below a path, without their values.
func describe(ctx context.Context, api *ssm.Client, path, option string) ([]types.ParameterMetadata, error) {
	var all []types.ParameterMetadata
	pages := ssm.NewDescribeParametersPaginator(api, &ssm.DescribeParametersInput{
		MaxResults:       aws.Int32(50), // AWS's maximum
		ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Path"), Option: aws.String(option), Values: []string{path}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing parameters below %s: %w", path, err)
		}
		for _, p := range page.Parameters {
			if strings.HasPrefix(aws.ToString(p.Name), strings.TrimSuffix(path, "/")+"/") {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

func (t Parameters) object(p types.ParameterMetadata, mark engine.Mark) engine.Object {
	name := aws.ToString(p.Name)
	return engine.Object{
		Address: mark.Address, ID: name, LastApplied: mark.LastApplied, State: engine.StateReady,
		Outputs: t.outputs(name, p.Version), Attrs: engine.Shown(Parameter{Name: name}, "value", "secrets"),
		Created: aws.ToTime(p.LastModifiedDate).UTC(),
	}
}

func (t Parameters) outputs(name string, version int64) map[string]string {
	return map[string]string{
		"arn":  fmt.Sprintf("arn:%s:ssm:%s:%s:parameter%s", t.Partition, t.Region, t.Account, name),
		"mark": name + " " + strconv.FormatInt(version, 10),
	}
}

// Create implements engine.Type. An existing parameter is only overwritten if
// its tags say that it is the desired one.
func (t Parameters) Create(ctx context.Context, w engine.Desired[Parameter]) (engine.Object, error) {
	in, err := t.input(ctx, w)
	if err != nil {
		return engine.Object{}, err
	}
	in.Tags = tagsOf(w.Tags)
	out, err := t.API.PutParameter(ctx, in)
	if gate.IsExists(err) {
		if err := t.claim(ctx, w); err != nil {
			return engine.Object{}, err
		}
		return t.overwrite(ctx, w, in)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating parameter %s: %w", w.Want.Name, withoutValue(err, aws.ToString(in.Value)))
	}
	return engine.AsDesired(w, w.Want.Name, t.outputs(w.Want.Name, out.Version)), nil
}

// claim checks who owns a parameter that has the desired name.
func (t Parameters) claim(ctx context.Context, w engine.Desired[Parameter]) error {
	tags, err := tags(ctx, t.API, w.Want.Name)
	if err != nil {
		return err
	}
	mark, _ := engine.MarkOf(tags)
	return w.Claim(mark, w.Want.Name, w.Want.Name)
}

// Update implements engine.Type: value and mark change in one call.
func (t Parameters) Update(ctx context.Context, w engine.Desired[Parameter], _ engine.Object, _ []string) (engine.Object, error) {
	in, err := t.input(ctx, w)
	if err != nil {
		return engine.Object{}, err
	}
	return t.overwrite(ctx, w, in)
}

func (t Parameters) overwrite(ctx context.Context, w engine.Desired[Parameter], in *ssm.PutParameterInput) (engine.Object, error) {
	// AWS takes no tags together with Overwrite.
	in.Tags, in.Overwrite = nil, aws.Bool(true)
	out, err := t.API.PutParameter(ctx, in)
	if err != nil {
		return engine.Object{}, fmt.Errorf("setting parameter %s: %w", w.Want.Name, withoutValue(err, aws.ToString(in.Value)))
	}
	if err := setTags(ctx, t.API, w.Want.Name, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, w.Want.Name, t.outputs(w.Want.Name, out.Version)), nil
}

func (t Parameters) input(ctx context.Context, w engine.Desired[Parameter]) (*ssm.PutParameterInput, error) {
	value, err := assemble(ctx, t.API, w.Want)
	if err != nil {
		return nil, err
	}
	return &ssm.PutParameterInput{
		Name: &w.Want.Name, Value: &value, Description: aws.String(w.Mark().String()),
		Type: types.ParameterTypeSecureString, Tier: types.ParameterTierIntelligentTiering,
	}, nil
}

// Delete implements engine.Type.
func (t Parameters) Delete(ctx context.Context, object engine.Object) error {
	return remove(ctx, t.API, object.ID)
}

func remove(ctx context.Context, api *ssm.Client, name string) error {
	_, err := api.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: &name})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting parameter %s: %w", name, err)
	}
	return nil
}

var _ engine.Type[Parameter] = Parameters{}
