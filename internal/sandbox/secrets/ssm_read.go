package secrets

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// splitSelector splits off the version after a name: NAME:3.
func splitSelector(name string) (base string, version int64, selector string) {
	i := strings.LastIndexByte(name, ':')
	if i < 0 {
		return name, 0, ""
	}
	n, err := strconv.ParseInt(name[i+1:], 10, 64)
	if err != nil {
		return name, 0, ""
	}
	return name[:i], n, name[i:]
}

// find is a parameter as a read shows it; nil if there is none of the name or
// of the version.
func (p *SSM) find(name string, decrypt *bool) *types.Parameter {
	base, number, selector := splitSelector(name)
	if public := p.public(base); public != nil {
		return public
	}
	v := p.named(base)
	if v == nil {
		return nil
	}
	if selector == "" {
		number = v.version()
	}
	if number < v.First || number > v.version() {
		return nil
	}
	version := v.Versions[number-v.First]
	value := string(version.Value)
	if v.Type == types.ParameterTypeSecureString && !aws.ToBool(decrypt) {
		// The encrypted value reveals nothing about the value.
		sum := sha256.Sum256([]byte(v.Name + "#" + strconv.FormatInt(number, 10)))
		value = "AQICAH" + base64.StdEncoding.EncodeToString(sum[:])
	}
	out := &types.Parameter{
		ARN: aws.String(p.ParameterARN(v.Name)), Name: aws.String(v.Name), Type: v.Type, Version: number, Value: aws.String(value),
		LastModifiedDate: aws.Time(version.Changed), DataType: aws.String("text"),
	}
	if selector != "" {
		out.Selector = aws.String(selector)
	}
	return out
}

// machineImages matches the public parameters of the AMIs that are made for ECS.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
var machineImages = regexp.MustCompile(`^/aws/service/ecs/optimized-ami/amazon-linux-2023/((arm64|gpu)/)?recommended/image_id$`)

// public is a public parameter of AWS's; nil for other names.
func (p *SSM) public(name string) *types.Parameter {
	if !machineImages.MatchString(name) {
		return nil
	}
	number := int64(p.s.Published) + 1
	sum := sha256.Sum256([]byte(p.account.Region() + name + strconv.FormatInt(number, 10)))
	return &types.Parameter{
		ARN: aws.String(p.ParameterARN(name)), Name: &name, Type: types.ParameterTypeString, Version: number,
		Value: aws.String("ami-" + hex.EncodeToString(sum[:])[:17]), DataType: aws.String("text"),
	}
}

// PublishMachineImages is a new version of the AMIs that are made for ECS.
func (p *SSM) PublishMachineImages() { p.s.Published++ }

func (p *SSM) getParameter(_ *world.Request, in *ssm.GetParameterInput) (*ssm.GetParameterOutput, error) {
	found := p.find(aws.ToString(in.Name), in.WithDecryption)
	if found == nil {
		return nil, noParameter(aws.ToString(in.Name))
	}
	return &ssm.GetParameterOutput{Parameter: found}, nil
}

// maxNames is how many parameters one GetParameters takes.
const maxNames = 10

func (p *SSM) getParameters(rq *world.Request, in *ssm.GetParametersInput) (*ssm.GetParametersOutput, error) {
	if len(in.Names) == 0 || len(in.Names) > maxNames {
		return nil, invalidParameter("1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10")
	}
	out := &ssm.GetParametersOutput{InvalidParameters: []string{}}
	for i, name := range in.Names {
		if slices.Contains(in.Names[:i], name) {
			return nil, invalidParameter("Duplicate parameter name found in the request.")
		}
		base, _, _ := splitSelector(name)
		// The permission is checked for every name.
		if err := rq.Also("ssm:GetParameters", p.ParameterARN(base), nil); err != nil {
			return nil, err
		}
		if found := p.find(name, in.WithDecryption); found != nil {
			out.Parameters = append(out.Parameters, *found)
			continue
		}
		out.InvalidParameters = append(out.InvalidParameters, name)
	}
	// AWS keeps no order.
	slices.Reverse(out.Parameters)
	return out, nil
}

func (p *SSM) getParametersByPath(_ *world.Request, in *ssm.GetParametersByPathInput) (*ssm.GetParametersByPathOutput, error) {
	var found []types.Parameter
	for _, v := range p.s.Parameters.All() {
		if below(v.Name, aws.ToString(in.Path), aws.ToBool(in.Recursive)) {
			found = append(found, *p.find(v.Name, in.WithDecryption))
		}
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, maxNames)
	if err != nil {
		return nil, &types.InvalidNextToken{Message: aws.String("The specified token isn't valid.")}
	}
	return &ssm.GetParametersByPathOutput{Parameters: page, NextToken: next}, nil
}

// below reports whether a name is under a path: right below it, or anywhere.
func below(name, path string, recursive bool) bool {
	rest, ok := strings.CutPrefix(name, strings.TrimSuffix(path, "/")+"/")
	return ok && (recursive || !strings.Contains(rest, "/"))
}

func (p *SSM) describeParameters(rq *world.Request, in *ssm.DescribeParametersInput) (*ssm.DescribeParametersOutput, error) {
	var found []types.ParameterMetadata
	for _, v := range p.s.Parameters.List(rq) {
		ok, err := passesFilters(v, in.ParameterFilters)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		newest := v.Versions[len(v.Versions)-1]
		shown := types.ParameterMetadata{
			ARN: aws.String(p.ParameterARN(v.Name)), Name: aws.String(v.Name), Type: v.Type, Tier: v.Tier, Version: v.version(),
			LastModifiedDate: aws.Time(newest.Changed), LastModifiedUser: aws.String(p.account.Caller()), DataType: aws.String("text"),
		}
		if v.Description != "" {
			shown.Description = aws.String(v.Description)
		}
		if v.KeyID != "" {
			shown.KeyId = aws.String(v.KeyID)
		}
		found = append(found, shown)
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, &types.InvalidNextToken{Message: aws.String("The specified token isn't valid.")}
	}
	return &ssm.DescribeParametersOutput{Parameters: page, NextToken: next}, nil
}

func passesFilters(v *parameter, filters []types.ParameterStringFilter) (bool, error) {
	for _, f := range filters {
		option := aws.ToString(f.Option)
		ok := false
		for _, value := range f.Values {
			switch aws.ToString(f.Key) {
			case "Path":
				ok = ok || below(v.Name, value, option == "Recursive")
			case "Name":
				ok = ok || v.Name == value || option == "BeginsWith" && strings.HasPrefix(v.Name, value)
			default:
				return false, &types.InvalidFilterKey{Message: aws.String("The sandbox knows no filter " + aws.ToString(f.Key) + ".")}
			}
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}
