package world

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// field returns a field of an SDK input; it is not valid if the input has no such
// field.
func field(in any, name string) reflect.Value {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v.FieldByName(name)
}

// FieldText returns the value of a field of type *string of an SDK input; "" if
// the input has no such field.
func FieldText(in any, name string) string {
	f := field(in, name)
	if !f.IsValid() {
		return ""
	}
	s, _ := f.Interface().(*string)
	return aws.ToString(s)
}

// FirstText returns the first value of a field of type []string of an SDK input; ""
// if there is none.
func FirstText(in any, name string) string {
	f := field(in, name)
	if !f.IsValid() {
		return ""
	}
	if list, ok := f.Interface().([]string); ok && len(list) > 0 {
		return list[0]
	}
	return ""
}

// zeroField reports whether an input leaves a field out.
func zeroField(in any, name string) bool {
	f := field(in, name)
	return !f.IsValid() || f.IsZero()
}
