package ssm

import (
	"context"
	"fmt"
	"io"
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
)

// Password is the parameter that holds the master password of a database, as a
// secure string of SSM. Outputs: id (the name), arn, version, mark (the name
// and the version, which changes with every value).
type Password struct {
	// Name is a path below that of the stack.
	Name string `attr:"name,replace,own"`
	// Value says what the password is: Generated, or FromFile.
	Value string `attr:"value"`
	// Text is the password of the file if Value is FromFile. It is not an
	// attribute: no plan and no tag reveals anything about it.
	Text string
}

// The values of Password.Value; otherValue is shown if the parameter does not
// hold the password that the file names.
const (
	Generated  = "generated"
	FromFile   = "as in the file"
	otherValue = "another"
)

// Type implements engine.Resource.
func (Password) Type() string { return "ssm.password" }

// Passwords is the type of Password. The mark is in the description, which
// changes in one call with the value.
type Passwords struct {
	API     *ssm.Client
	Tagging *resourcegroupstaggingapi.Client
	// Random is the source of generated passwords.
	Random io.Reader
	// Account, Region and Partition make ARNs.
	Account, Region, Partition string
}

// Spec implements engine.Type.
func (Passwords) Spec() engine.Spec {
	return engine.Spec{
		Name: Password{}.Type(), Identity: engine.UniqueName, Revises: true,
		Keep: "secrets stay", DeletesAfter: []string{"rds.instance"},
	}
}

// List implements engine.Type: it makes one call for each stack that may have
// passwords, and one more if passwords of the file must be compared.
func (t Passwords) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if ok, err := t.mayExist(ctx, q); err != nil || !ok {
		return nil, err
	}
	texts := map[string]string{}
	for _, w := range q.Wanted {
		if p, ok := w.Resource.(Password); ok && p.Value == FromFile {
			texts[p.Name] = p.Text
		}
	}
	var objects []engine.Object
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			continue
		}
		found, err := stackParameters(ctx, q, t.API, o)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			mark, ok := engine.ParseMark(aws.ToString(p.Description))
			if ok && mark.Address.Owner == o && mark.Address.Type == (Password{}).Type() {
				objects = append(objects, t.object(mark, aws.ToString(p.Name), p.Version))
			}
		}
	}
	return objects, t.compare(ctx, objects, texts)
}

// mayExist is tagindex.MayExist; parameters of other types do not count.
func (t Passwords) mayExist(ctx context.Context, q engine.Query) (bool, error) {
	if q.Whole || len(q.Wanted) > 0 {
		return true, nil
	}
	all, err := tagindex.Resources(ctx, q, t.Tagging)
	return slices.ContainsFunc(all, func(r tagindex.Resource) bool {
		return strings.HasPrefix(r.Tags[engine.TagAddress], Password{}.Type()+"/")
	}), err
}

// named returns the parameter of a name, if it is one of berth's passwords.
func (t Passwords) named(ctx context.Context, name string) (engine.Object, error) {
	out, err := t.API.DescribeParameters(ctx, &ssm.DescribeParametersInput{
		ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{name}}},
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("looking for parameter %s: %w", name, err)
	}
	for _, p := range out.Parameters {
		if aws.ToString(p.Name) == name {
			mark, _ := engine.ParseMark(aws.ToString(p.Description))
			return t.object(mark, name, p.Version), nil
		}
	}
	return engine.Object{}, gate.Unlisted("parameter " + name)
}

func (t Passwords) object(mark engine.Mark, name string, version int64) engine.Object {
	return engine.Object{
		Address: mark.Address, ID: name, LastApplied: mark.LastApplied, State: engine.StateReady,
		Attrs: engine.Shown(Password{Name: name}, "value"), Outputs: t.outputs(name, version),
	}
}

func (t Passwords) outputs(name string, version int64) map[string]string {
	number := strconv.FormatInt(version, 10)
	return map[string]string{
		"arn":     fmt.Sprintf("arn:%s:ssm:%s:%s:parameter%s", t.Partition, t.Region, t.Account, name),
		"version": number, "mark": name + " " + number,
	}
}

// compare shows whether the passwords are those of the file. It reads them,
// because any other way would reveal something about them.
func (t Passwords) compare(ctx context.Context, objects []engine.Object, texts map[string]string) error {
	for i, l := range objects {
		text, ok := texts[l.ID]
		if !ok {
			continue
		}
		values, err := read(ctx, t.API, []string{l.ID})
		if err != nil {
			return err
		}
		if values[l.ID] == text {
			objects[i].Attrs["value"] = FromFile
			continue
		}
		// It is not known whether the file or the parameter has changed.
		objects[i].Attrs["value"], objects[i].LastApplied = otherValue, ""
	}
	return nil
}

// Create implements engine.Type. An existing password of this address is kept:
// a database may use it.
func (t Passwords) Create(ctx context.Context, w engine.Desired[Password]) (engine.Object, error) {
	value, err := t.wanted(w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	in := t.input(w, value)
	in.Tags = tagsOf(w.Tags)
	out, err := t.API.PutParameter(ctx, in)
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating parameter %s: %w", w.Want.Name, withoutValue(err, value))
	}
	return engine.AsDesired(w, w.Want.Name, t.outputs(w.Want.Name, out.Version)), nil
}

func (t Passwords) input(w engine.Desired[Password], value string) *ssm.PutParameterInput {
	return &ssm.PutParameterInput{
		Name: &w.Want.Name, Value: &value, Type: types.ParameterTypeSecureString, Description: aws.String(w.Mark().String()),
	}
}

// wanted returns the value for a new parameter.
func (t Passwords) wanted(p Password) (string, error) {
	if p.Value == FromFile {
		return p.Text, nil
	}
	return generate(t.Random)
}

// take uses an existing parameter of the name.
func (t Passwords) take(ctx context.Context, w engine.Desired[Password]) (engine.Object, error) {
	object, err := t.named(ctx, w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	same := w.Want.Value == Generated
	if !same {
		if err := t.compare(ctx, []engine.Object{object}, map[string]string{object.ID: w.Want.Text}); err != nil {
			return engine.Object{}, err
		}
		same = object.Attrs["value"] == FromFile
	}
	switch {
	case same && object.LastApplied == w.Tags[engine.TagLastApplied]:
		return engine.AsDesired(w, object.ID, object.Outputs), nil
	case same:
		return t.Update(ctx, w, object, nil)
	}
	return t.Update(ctx, w, object, []string{"value"})
}

// Update implements engine.Type. The description cannot be written without a
// value: if there is no new value, Update writes the present one again.
func (t Passwords) Update(ctx context.Context, w engine.Desired[Password], object engine.Object, changed []string) (engine.Object, error) {
	values, err := read(ctx, t.API, []string{object.ID})
	value, there := values[object.ID]
	if err == nil && (!there || slices.Contains(changed, "value")) {
		value, err = t.wanted(w.Want)
	}
	if err != nil {
		return object, err
	}
	in := t.input(w, value)
	in.Overwrite = aws.Bool(true)
	out, err := t.API.PutParameter(ctx, in)
	if err != nil {
		return object, fmt.Errorf("setting parameter %s: %w", object.ID, withoutValue(err, value))
	}
	return engine.AsDesired(w, object.ID, t.outputs(object.ID, out.Version)), nil
}

// Delete implements engine.Type.
func (t Passwords) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting parameter %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Password] = Passwords{}
