package secrets

import (
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// SSM is Systems Manager: the Parameter Store, and sessions (ssm_session.go). Reads by name are consistent;
// DescribeParameters lags behind.
type SSM struct {
	account *world.Account
	s       ssmState
	// Needs is set before the first call.
	Needs Needs
}

// ssmState holds parameters by name.
type ssmState struct {
	Parameters world.Table[parameter]
	// Published is how often AWS has published its AMIs again.
	Published int `json:",omitempty"`
}

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

// parameterVersion is one value. The world's file holds it as bytes, so that
// nobody reads it by accident.
type parameterVersion struct {
	Value   []byte
	Changed time.Time
}

// NewSSM makes the Parameter Store of an account, without parameters.
func NewSSM(account *world.Account) *SSM { return &SSM{account: account} }

// ID implements world.Service.
func (p *SSM) ID() string { return ssm.ServiceID }

// State implements world.Service.
func (p *SSM) State() any { return &p.s }

// Routes implements world.Service.
func (p *SSM) Routes(r *world.Router) {
	world.On(r, p.putParameter)
	world.On(r, p.getParameter)
	world.On(r, p.getParameters)
	world.On(r, p.getParametersByPath)
	world.On(r, p.describeParameters)
	world.On(r, p.deleteParameter)
	world.On(r, p.addTags)
	world.On(r, p.removeTags)
	world.On(r, p.listTags)
	world.On(r, p.startSession)
	world.On(r, p.resumeSession)
	world.On(r, p.terminateSession)
}

// ParameterARN is a parameter's ARN; a name with a path begins with the slash that
// the ARN has anyway.
func (p *SSM) ParameterARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	if machineImages.MatchString(name) { // AWS's own
		return "arn:aws:ssm:" + p.account.Region() + "::parameter" + name
	}
	return p.account.ARN("ssm", "parameter/"+strings.TrimPrefix(name, "/"))
}

// named is the parameter that a name or an ARN names.
func (p *SSM) named(name string) *parameter {
	if v := p.s.Parameters.Get(name); v != nil {
		return v
	}
	if rest, ok := strings.CutPrefix(name, p.account.ARN("ssm", "parameter")); ok {
		if v := p.s.Parameters.Get(rest); v != nil {
			return v
		}
		return p.s.Parameters.Get(strings.TrimPrefix(rest, "/"))
	}
	return nil
}

// tagged is the parameter of a tagging call.
func (p *SSM) tagged(kind types.ResourceTypeForTagging, id *string) (*parameter, error) {
	if kind != types.ResourceTypeForTaggingParameter {
		return nil, &types.InvalidResourceType{Message: aws.String("The resource type is not valid.")}
	}
	v := p.s.Parameters.Get(aws.ToString(id))
	if v == nil {
		return nil, &types.InvalidResourceId{Message: aws.String("The resource ID is not valid. Verify that you entered the correct ID and try again.")}
	}
	if v.Tags == nil {
		v.Tags = map[string]string{}
	}
	return v, nil
}

func (p *SSM) addTags(_ *world.Request, in *ssm.AddTagsToResourceInput) (*ssm.AddTagsToResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	maps.Copy(v.Tags, world.TagMap(in.Tags))
	return &ssm.AddTagsToResourceOutput{}, nil
}

func (p *SSM) removeTags(_ *world.Request, in *ssm.RemoveTagsFromResourceInput) (*ssm.RemoveTagsFromResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(v.Tags, k)
	}
	return &ssm.RemoveTagsFromResourceOutput{}, nil
}

func (p *SSM) listTags(_ *world.Request, in *ssm.ListTagsForResourceInput) (*ssm.ListTagsForResourceOutput, error) {
	v, err := p.tagged(in.ResourceType, in.ResourceId)
	if err != nil {
		return nil, err
	}
	return &ssm.ListTagsForResourceOutput{TagList: world.TagList[types.Tag](v.Tags)}, nil
}

// Index implements world.Indexed.
func (p *SSM) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Parameters, f, func(v *parameter) (string, map[string]string) { return p.ParameterARN(v.Name), v.Tags })
}

// Locate names the parameter. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
func (p *SSM) Locate(operation string, in any) string {
	if arn, ok := p.sessionARN(operation, in); ok {
		return arn
	}
	name := world.FieldText(in, "Name")
	switch operation {
	case "AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource":
		name = world.FieldText(in, "ResourceId")
	case "GetParameters":
		name = world.FirstText(in, "Names")
	case "GetParametersByPath":
		name = world.FieldText(in, "Path")
	}
	if name == "" {
		return ""
	}
	name, _, _ = splitSelector(name)
	return p.ParameterARN(name)
}

// Dump shows a parameter's value without its version: two worlds with the same
// value are equal.
func (p *SSM) Dump(d *world.Dumper) {
	for _, v := range p.s.Parameters.All() {
		_, users := v.Tags["berth:environment"]
		add := d.Add
		if users {
			add = d.Keep // a user's secret outlives the owners
		}
		add("ssm.parameter", p.ParameterARN(v.Name), v.Name, map[string]any{
			"description": v.Description, "type": v.Type, "tags": v.Tags, "value": v.Versions[len(v.Versions)-1].Value,
		})
	}
}

var (
	_ world.Locator = (*SSM)(nil)
	_ world.Indexed = (*SSM)(nil)
)

// HasParameter reports whether there is a parameter with a name or an ARN.
func (p *SSM) HasParameter(ref string) bool { return p.named(ref) != nil }
