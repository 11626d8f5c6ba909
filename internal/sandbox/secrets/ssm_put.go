package secrets

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The limits of a parameter:
// https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
const (
	maxStandard      = 4096
	maxAdvanced      = 8192
	maxVersions      = 100
	maxLevels        = 15
	maxParameterName = 1011
)

var parameterName = regexp.MustCompile(`^[a-zA-Z0-9_.\-/]+$`)

// nestedValue is refused: "You can't include values wrapped in double brackets
// {{}} or {{ssm:parameter-name}} in a parameter value."
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
var nestedValue = regexp.MustCompile(`(?s)\{\{.*\}\}`)

func (p *SSM) putParameter(rq *world.Request, in *ssm.PutParameterInput) (*ssm.PutParameterOutput, error) {
	// The SDK sends JSON, in which U+FFFD replaces bytes that are not UTF-8:
	// smithy-go, encoding/json/escape.go. The sandbox sends nothing, so it does
	// that step here.
	name, value := aws.ToString(in.Name), strings.ToValidUTF8(aws.ToString(in.Value), "\ufffd")
	if err := checkParameter(in, name); err != nil {
		return nil, err
	}
	if nestedValue.MatchString(value) {
		return nil, invalidParameter("Parameter value: can't nest another parameter.")
	}
	tier, err := tierOf(in.Tier, value)
	if err != nil {
		return nil, err
	}
	v := p.s.Parameters.Get(name)
	switch {
	case v != nil && !aws.ToBool(in.Overwrite):
		return nil, &types.ParameterAlreadyExists{
			Message: aws.String("The parameter already exists. To overwrite this value, set the overwrite option in the request to true."),
		}
	case v != nil && in.Type != "" && in.Type != v.Type:
		return nil, &types.HierarchyTypeMismatchException{Message: aws.String("You can't change a parameter's type.")}
	case v == nil && in.Type == "":
		return nil, invalidParameter("A parameter type is required when you create a parameter.")
	case v == nil:
		v = p.s.Parameters.Put(p.account, rq.Now, name, &parameter{Name: name, Type: in.Type, First: 1, Tags: world.TagMap(in.Tags)})
	}
	if v.Type == types.ParameterTypeSecureString {
		v.KeyID = cmp.Or(aws.ToString(in.KeyId), cmp.Or(v.KeyID, "alias/aws/ssm"))
	}
	if v.Tier == types.ParameterTierAdvanced {
		tier = v.Tier // an advanced parameter never becomes a standard one
	}
	v.Tier = tier
	if in.Description != nil {
		v.Description = *in.Description
	}
	v.Versions = append(v.Versions, parameterVersion{Value: []byte(value), Changed: rq.Now})
	if len(v.Versions) > maxVersions {
		v.Versions, v.First = v.Versions[1:], v.First+1
	}
	return &ssm.PutParameterOutput{Tier: tier, Version: v.version()}, nil
}

// version is the number of the newest version.
func (v *parameter) version() int64 { return v.First + int64(len(v.Versions)) - 1 }

func checkParameter(in *ssm.PutParameterInput, name string) error {
	top, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(name), "/"), "/")
	switch {
	case len(name) > maxParameterName || !parameterName.MatchString(name) || strings.Contains(strings.TrimPrefix(name, "/"), "/") && !strings.HasPrefix(name, "/"):
		return invalidParameter("Parameter name: must be a fully qualified name. If formed as a path, it can consist of " +
			"sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_")
	case strings.HasPrefix(top, "ssm"):
		return invalidParameter("Parameter name: can't be prefixed with \"ssm\" (case-insensitive).")
	case strings.HasPrefix(top, "aws"):
		return world.APIError(400, "AccessDeniedException", "No access to reserved parameter name: %s.", name)
	case strings.Count(name, "/") > maxLevels:
		return &types.HierarchyLevelLimitExceededException{Message: aws.String("A hierarchy can have a maximum of 15 levels.")}
	case aws.ToBool(in.Overwrite) && len(in.Tags) > 0:
		return invalidParameter("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please " +
			"remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.")
	case aws.ToString(in.Value) == "":
		return invalidParameter("1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(aws.ToString(in.Description)) > 1024:
		return invalidParameter("1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1024")
	}
	return nil
}

// tierOf is the tier that a value goes into.
func tierOf(wanted types.ParameterTier, value string) (types.ParameterTier, error) {
	switch {
	case len(value) > maxAdvanced:
		return "", invalidParameter(fmt.Sprintf("Advanced tier parameters support a maximum parameter value of %d characters.", maxAdvanced))
	case wanted == types.ParameterTierAdvanced, wanted == types.ParameterTierIntelligentTiering && len(value) > maxStandard:
		return types.ParameterTierAdvanced, nil
	case len(value) > maxStandard:
		return "", invalidParameter(fmt.Sprintf("Standard tier parameters support a maximum parameter value of %d characters. To create a "+
			"larger parameter value, upgrade the parameter to use the advanced-parameter tier.", maxStandard))
	}
	return types.ParameterTierStandard, nil
}

func (p *SSM) deleteParameter(rq *world.Request, in *ssm.DeleteParameterInput) (*ssm.DeleteParameterOutput, error) {
	if !p.s.Parameters.Remove(rq.Now, aws.ToString(in.Name)) {
		return nil, noParameter(aws.ToString(in.Name))
	}
	return &ssm.DeleteParameterOutput{}, nil
}

func noParameter(name string) error {
	return &types.ParameterNotFound{Message: aws.String("Parameter " + name + " not found.")}
}

func invalidParameter(text string) error {
	return world.APIError(400, "ValidationException", "%s", text)
}

// Put sets a parameter to a value, as a secure string without a mark. It
// creates the parameter if it does not exist.
func (p *SSM) Put(name, value string) {
	v := p.s.Parameters.Get(name)
	if v == nil {
		v = p.s.Parameters.Put(p.account, p.account.Now(), name, &parameter{
			Name: name, Type: types.ParameterTypeSecureString, Tier: types.ParameterTierStandard, KeyID: "alias/aws/ssm", First: 1,
		})
	}
	v.Versions = append(v.Versions, parameterVersion{Value: []byte(value), Changed: p.account.Now()})
}

// Value is the newest value of a parameter; ok is false if there is none.
func (p *SSM) Value(name string) (value string, ok bool) {
	v := p.s.Parameters.Get(name)
	if v == nil {
		return "", false
	}
	return string(v.Versions[len(v.Versions)-1].Value), true
}
