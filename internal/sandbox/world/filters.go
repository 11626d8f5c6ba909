package world

import (
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// The inputs with which a caller narrows a list. An emulator that does not know
// a filter answers with everything; berth must not depend on a filter being
// applied.
var (
	filterFields = []string{
		"Filter", "Filters", "TagFilters", "ParameterFilters", "ResourceTypeFilters",
		"PathPrefix", "LogGroupNamePrefix", "Family", "FamilyPrefix", "StartedBy",
	}
)

// dropFilters removes the filters from an input, like an endpoint that ignores
// them.
func dropFilters(operation string, in any) {
	if Mutating(operation) {
		return
	}
	if byPath, ok := in.(*ssm.GetParametersByPathInput); ok {
		byPath.Path, byPath.Recursive = aws.String("/"), aws.Bool(true)
	}
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		if slices.Contains(filterFields, v.Type().Field(i).Name) {
			v.Field(i).SetZero()
		}
	}
}
