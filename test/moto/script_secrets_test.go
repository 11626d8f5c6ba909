package moto

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func (s *script) parameter() {
	c := s.c.SSM
	name, none := p("/berth/a-dev/PW"), p("/berth/a-dev/NONE")
	in := func(value string) *ssm.PutParameterInput {
		return &ssm.PutParameterInput{
			Name: name, Value: &value, Type: types.ParameterTypeSecureString, Tier: types.ParameterTierIntelligentTiering,
			Description: p("berth env/a ssm.secret/PW"), Tags: []types.Tag{{Key: p("berth:environment"), Value: p("a-dev")}},
		}
	}
	put := func(o *ssm.PutParameterOutput) []any { return []any{o.Version} }
	try(s, success, c.PutParameter, in("one"), put)
	try(s, duplicate, c.PutParameter, in("two"), put)
	with := in("two")
	with.Overwrite = p(true)
	try(s, "tags with overwrite", c.PutParameter, with, put)
	with.Tags = nil
	try(s, "overwrite", c.PutParameter, with, put)
	s.readParameter(name, none)
	tag := &ssm.AddTagsToResourceInput{
		ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: name, Tags: []types.Tag{{Key: p("a"), Value: p("b")}},
	}
	try(s, success, c.AddTagsToResource, tag, nil)
	try(s, duplicate, c.AddTagsToResource, tag, nil)
	try(s, notFound, c.AddTagsToResource, &ssm.AddTagsToResourceInput{ResourceType: tag.ResourceType, ResourceId: none, Tags: tag.Tags}, nil)
	count := func(o *ssm.ListTagsForResourceOutput) []any { return []any{len(o.TagList)} }
	try(s, success, c.ListTagsForResource, &ssm.ListTagsForResourceInput{ResourceType: tag.ResourceType, ResourceId: name}, count)
	try(s, notFound, c.ListTagsForResource, &ssm.ListTagsForResourceInput{ResourceType: tag.ResourceType, ResourceId: none}, count)
	try(s, "too large", c.PutParameter, &ssm.PutParameterInput{
		Name: p("/berth/a-dev/LARGE"), Value: p(strings.Repeat("x", 4097)), Type: types.ParameterTypeSecureString,
		Tier: types.ParameterTierStandard,
	}, put)
	odd := in("one")
	odd.Name = p("/ssm/a")
	try(s, notFound, c.PutParameter, odd, put) // nobody can have the name
	try(s, success, c.DeleteParameter, &ssm.DeleteParameterInput{Name: name}, nil)
	try(s, notFound, c.DeleteParameter, &ssm.DeleteParameterInput{Name: none}, nil)
}

func (s *script) readParameter(name, none *string) {
	c := s.c.SSM
	values := func(o *ssm.GetParametersOutput) []any {
		f := first(o.Parameters)
		return []any{len(o.Parameters), len(o.InvalidParameters), f.Name, f.Type, f.Version, f.Value, f.ARN}
	}
	read := func(names ...string) *ssm.GetParametersInput {
		return &ssm.GetParametersInput{Names: names, WithDecryption: p(true)}
	}
	try(s, success, c.GetParameters, read(*name), values)
	try(s, "a version", c.GetParameters, read(*name+":1"), values)
	try(s, "no such version", c.GetParameters, read(*name+":7"), values)
	try(s, notFound, c.GetParameters, read(*none), values)
	try(s, "eleven", c.GetParameters, read(strings.Split("a b c d e f g h i j k", " ")...), values)
	below := func(o *ssm.GetParametersByPathOutput) []any {
		f := first(o.Parameters)
		return []any{len(o.Parameters), f.Name, f.Version}
	}
	try(s, success, c.GetParametersByPath, &ssm.GetParametersByPathInput{Path: p("/berth/a-dev")}, below)
	try(s, notFound, c.GetParametersByPath, &ssm.GetParametersByPathInput{Path: p("/berth")}, below)
	described := func(o *ssm.DescribeParametersOutput) []any {
		f := first(o.Parameters)
		return []any{len(o.Parameters), f.Name, f.Version, f.Description}
	}
	filter := func(path, option string) *ssm.DescribeParametersInput {
		return &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{
			{Key: p("Path"), Option: &option, Values: []string{path}},
		}}
	}
	try(s, success, c.DescribeParameters, filter("/berth", "Recursive"), described)
	try(s, notFound, c.DescribeParameters, filter("/berth", "OneLevel"), described)
}

func (s *script) storedSecret() {
	c := s.c.Secrets
	in := &secretsmanager.CreateSecretInput{Name: p("a"), SecretString: p("one")}
	arn := s.name("secret", try(s, success, c.CreateSecret, in, func(o *secretsmanager.CreateSecretOutput) []any { return []any{o.Name} }).ARN)
	try(s, duplicate, c.CreateSecret, in, nil)
	shown := func(o *secretsmanager.DescribeSecretOutput) []any {
		return []any{o.Name, len(o.VersionIdsToStages), o.DeletedDate == nil}
	}
	try(s, success, c.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: arn}, shown)
	try(s, "without the end", c.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: p("arn:aws:secretsmanager:eu-central-1:123456789012:secret:a")}, shown)
	try(s, notFound, c.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: p("none")}, shown)
	value := func(o *secretsmanager.GetSecretValueOutput) []any { return []any{o.Name, o.SecretString} }
	try(s, success, c.GetSecretValue, &secretsmanager.GetSecretValueInput{SecretId: arn}, value)
	try(s, notFound, c.GetSecretValue, &secretsmanager.GetSecretValueInput{SecretId: p("none")}, value)
	try(s, success, c.PutSecretValue, &secretsmanager.PutSecretValueInput{SecretId: arn, SecretString: p("two")}, nil)
	try(s, notFound, c.PutSecretValue, &secretsmanager.PutSecretValueInput{SecretId: p("none"), SecretString: p("two")}, nil)
	try(s, success, c.DeleteSecret, &secretsmanager.DeleteSecretInput{SecretId: arn}, nil)
	try(s, notFound, c.DeleteSecret, &secretsmanager.DeleteSecretInput{SecretId: p("none")}, nil)
	try(s, "being deleted", c.GetSecretValue, &secretsmanager.GetSecretValueInput{SecretId: arn}, value)
	try(s, "being deleted", c.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: arn}, shown)
}
