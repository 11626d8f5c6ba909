package sandbox

import (
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// ssmPart is Systems Manager's Parameter Store. Reads by name are consistent;
// DescribeParameters lags behind.
type ssmPart struct {
	account *Account
	s       ssmState
}

// ssmState holds parameters by name.
type ssmState struct{ Parameters table[parameter] }

// parameter is a parameter with its versions, the oldest first.
type parameter struct {
	Name, Description string
	Type              types.ParameterType
	Tier              types.ParameterTier
	KeyID             string
	// First is the number of the first version that is still kept.
	First    int64
	Versions []parameterVersion
	Tags     map[string]string
}

// parameterVersion is one value. The file of the world holds it as bytes, so
// that nobody reads it in passing.
type parameterVersion struct {
	Value   []byte
	Changed time.Time
}

func newSSM(account *Account) *ssmPart { return &ssmPart{account: account} }

// ID implements Service.
func (p *ssmPart) ID() string { return ssm.ServiceID }

func (p *ssmPart) State() any { return &p.s }

func (p *ssmPart) Routes(r *router) {
	on(r, p.putParameter)
	on(r, p.getParameter)
	on(r, p.getParameters)
	on(r, p.getParametersByPath)
	on(r, p.describeParameters)
	on(r, p.deleteParameter)
	on(r, p.addTags)
	on(r, p.removeTags)
	on(r, p.listTags)
}

// ParameterARN is a parameter's ARN; a name with a path begins with the slash that
// the ARN has anyway.
func (p *ssmPart) ParameterARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return p.account.arn("ssm", "parameter/"+strings.TrimPrefix(name, "/"))
}

// named is the parameter that a name or an ARN names.
func (p *ssmPart) named(name string) *parameter {
	if v := p.s.Parameters.get(name); v != nil {
		return v
	}
	if rest, ok := strings.CutPrefix(name, p.account.arn("ssm", "parameter")); ok {
		if v := p.s.Parameters.get(rest); v != nil {
			return v
		}
		return p.s.Parameters.get(strings.TrimPrefix(rest, "/"))
	}
	return nil
}

// tagged is the parameter of a tagging call.
func (p *ssmPart) tagged(kind types.ResourceTypeForTagging, id *string) (*parameter, error) {
	if kind != types.ResourceTypeForTaggingParameter {
		return nil, &types.InvalidResourceType{Message: aws.String("The resource type is not valid.")}
	}
	v := p.s.Parameters.get(aws.ToString(id))
	if v == nil {
		return nil, &types.InvalidResourceId{Message: aws.String("The resource ID is not valid. Verify that you entered the correct ID and try again.")}
	}
	if v.Tags == nil {
		v.Tags = map[string]string{}
	}
	return v, nil
}

func (p *ssmPart) addTags(_ *request, in *ssm.AddTagsToResourceInput) (*ssm.AddTagsToResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	maps.Copy(v.Tags, tagMap(in.Tags))
	return &ssm.AddTagsToResourceOutput{}, nil
}

func (p *ssmPart) removeTags(_ *request, in *ssm.RemoveTagsFromResourceInput) (*ssm.RemoveTagsFromResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(v.Tags, k)
	}
	return &ssm.RemoveTagsFromResourceOutput{}, nil
}

func (p *ssmPart) listTags(_ *request, in *ssm.ListTagsForResourceInput) (*ssm.ListTagsForResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	return &ssm.ListTagsForResourceOutput{TagList: tagList[types.Tag](v.Tags)}, nil
}

// index implements indexed.
func (p *ssmPart) index(f indexFunc) {
	indexRows(&p.s.Parameters, f, func(v *parameter) (string, map[string]string) { return p.ParameterARN(v.Name), v.Tags })
}

// locate names the parameter. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
func (p *ssmPart) locate(operation string, in any) string {
	name := fieldText(in, "Name")
	switch operation {
	case "AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource":
		name = fieldText(in, "ResourceId")
	case "GetParameters":
		name = firstText(in, "Names")
	case "GetParametersByPath":
		name = fieldText(in, "Path")
	}
	if name == "" {
		return ""
	}
	name, _, _ = splitSelector(name)
	return p.ParameterARN(name)
}

// dump tells what a parameter holds without telling the value's version: two
// ways to one value are the same.
func (p *ssmPart) Dump(d *dumper) {
	for _, v := range p.s.Parameters.all() {
		_, users := v.Tags["berth:environment"]
		add := d.add
		if users {
			add = d.keep // a user's secret outlives the owners
		}
		add("ssm.parameter", p.ParameterARN(v.Name), v.Name, map[string]any{
			"description": v.Description, "type": v.Type, "tags": v.Tags, "value": v.Versions[len(v.Versions)-1].Value,
		})
	}
}

var (
	_ locator = (*ssmPart)(nil)
	_ indexed = (*ssmPart)(nil)
)

// HasParameter reports whether there is a parameter with a name or an ARN.
func (p *ssmPart) HasParameter(ref string) bool { return p.named(ref) != nil }
