package engine

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// ShownAs makes a resource from what the provider shows of an object; it is the
// inverse of Shown. A field is zero if the provider does not show it or if Shown
// would not have rendered it.
func ShownAs[R Resource](o Object) R {
	var r R
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		tag, _ := v.Type().Field(i).Tag.Lookup("attr")
		name, _, _ := strings.Cut(tag, ",")
		if text, ok := o.Attrs[name]; ok && name != "" {
			setShown(v.Field(i), text)
		}
	}
	return r
}

// setShown sets a field to the value that render turned into the text. It leaves
// the field alone if render would not have made this text.
func setShown(v reflect.Value, text string) {
	if v.Type() == refType {
		v.Set(reflect.ValueOf(Lit(text)))
		return
	}
	if text == "" {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		setShown(to.Elem(), text)
		v.Set(to)
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if b, err := strconv.ParseBool(text); err == nil {
			v.SetBool(b)
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if n, err := strconv.ParseInt(text, 10, v.Type().Bits()); err == nil {
			v.SetInt(n)
		}
	default:
		to := reflect.New(v.Type())
		if json.Unmarshal([]byte(text), to.Interface()) == nil {
			v.Set(to.Elem())
		}
	}
}
