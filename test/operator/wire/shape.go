package wire

import (
	"reflect"
	"strings"
	"time"
)

// lower turns an output of the SDK into what AWS's JSON says: names begin with
// a small letter, moments are seconds, absent things are left out.
func lower(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return lower(v.Elem())
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return float64(at.UnixMilli()) / 1000
		}
		return lowerFields(v)
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = lower(v.Index(i))
		}
		return list
	case reflect.Map:
		m := map[string]any{}
		for _, key := range v.MapKeys() {
			m[key.String()] = lower(v.MapIndex(key))
		}
		return m
	}
	return v.Interface()
}

func lowerFields(v reflect.Value) map[string]any {
	m := map[string]any{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" {
			continue
		}
		if value := lower(v.Field(i)); value != nil {
			m[strings.ToLower(field.Name[:1])+field.Name[1:]] = value
		}
	}
	return m
}
