package sandbox

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// fieldText is the value of a field of type *string of an SDK input.
func fieldText(in any, field string) string {
	v := reflect.ValueOf(in)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return ""
	}
	f := v.Elem().FieldByName(field)
	if !f.IsValid() {
		return ""
	}
	s, _ := f.Interface().(*string)
	return aws.ToString(s)
}

// firstText is the first value of a field of type []string of an SDK input.
func firstText(in any, field string) string {
	v := reflect.ValueOf(in)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return ""
	}
	f := v.Elem().FieldByName(field)
	if !f.IsValid() {
		return ""
	}
	if list, ok := f.Interface().([]string); ok && len(list) > 0 {
		return list[0]
	}
	return ""
}

// zeroField tells whether an input leaves a field out.
func zeroField(in any, name string) bool {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return true
	}
	f := v.FieldByName(name)
	return !f.IsValid() || f.IsZero()
}
