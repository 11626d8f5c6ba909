package data

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The sources of a parameter's value.
const (
	sourceUser    = "user"
	sourceDefault = "engine-default"
)

// engineParameters are the parameters of a family that the sandbox knows, with
// their defaults. TLS is required by default since Postgres 15
// (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html),
// and since MySQL 9.7.
func engineParameters(family string) map[string]string {
	if version, ok := strings.CutPrefix(family, "mysql"); ok {
		return map[string]string{
			"require_secure_transport": flag(!strings.HasPrefix(version, "8.")), "character_set_server": "utf8mb4", "max_allowed_packet": "67108864",
		}
	}
	major, _ := strconv.Atoi(strings.TrimPrefix(family, "postgres"))
	return map[string]string{"rds.force_ssl": flag(major >= 15), "rds.logical_replication": "0", "log_statement": "none"}
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// describeDBParameters shows the parameters of the engine with the values that
// a user has set. One that was set to its default is not 'user':
// https://github.com/hashicorp/terraform-provider-aws/issues/593 and 23335.
func (p *groups) describeDBParameters(rq *world.Request, in *rds.DescribeDBParametersInput) (*rds.DescribeDBParametersOutput, error) {
	g := p.s.Parameters.Find(rq, aws.ToString(in.DBParameterGroupName))
	if g == nil {
		return nil, noParameterGroup(aws.ToString(in.DBParameterGroupName))
	}
	all := engineParameters(g.Family)
	var found []types.Parameter
	for _, name := range slices.Sorted(maps.Keys(all)) {
		source, value := sourceDefault, all[name]
		if set, ok := g.Values[name]; ok {
			source, value = sourceUser, set
		}
		shown := in.Source == nil || *in.Source == source
		for _, f := range in.Filters {
			if aws.ToString(f.Name) != "parameter-name" {
				return nil, world.APIError(400, "InvalidParameterValue", "Unrecognized filter name: %s", aws.ToString(f.Name))
			}
			shown = shown && slices.Contains(f.Values, name)
		}
		if shown {
			found = append(found, types.Parameter{
				ParameterName: aws.String(name), ParameterValue: aws.String(value), Source: aws.String(source),
				ApplyType: aws.String("dynamic"), ApplyMethod: types.ApplyMethodImmediate, IsModifiable: aws.Bool(true),
			})
		}
	}
	page, next, err := rdsPage(found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBParametersOutput{Parameters: page, Marker: next}, err
}

func (p *groups) modifyDBParameterGroup(rq *world.Request, in *rds.ModifyDBParameterGroupInput) (*rds.ModifyDBParameterGroupOutput, error) {
	g := p.s.Parameters.Find(rq, aws.ToString(in.DBParameterGroupName))
	if g == nil {
		return nil, noParameterGroup(aws.ToString(in.DBParameterGroupName))
	}
	known := engineParameters(g.Family)
	for _, v := range in.Parameters {
		if _, ok := known[aws.ToString(v.ParameterName)]; !ok {
			return nil, world.APIError(400, "InvalidParameterValue", "Could not find parameter with name: %s", aws.ToString(v.ParameterName))
		}
	}
	for _, v := range in.Parameters {
		// The default counts as not set, even when a user sets it.
		name, value := aws.ToString(v.ParameterName), aws.ToString(v.ParameterValue)
		g.Values[name] = value
		if known[name] == value {
			delete(g.Values, name)
		}
	}
	return &rds.ModifyDBParameterGroupOutput{DBParameterGroupName: aws.String(g.Name)}, nil
}
