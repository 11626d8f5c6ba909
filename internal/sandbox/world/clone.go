package world

import "reflect"

// Clone returns a deep copy of an SDK input or output: of pointers, slices,
// maps and exported fields of structs. Values of interfaces (a body) are
// shared. It keeps callers and the world from sharing memory.
func Clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	out, _ := deep(reflect.ValueOf(v)).Interface().(*T)
	return out
}

func deep(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(deep(v.Elem()))
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(deep(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), deep(it.Value()))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if f := out.Field(i); f.CanSet() {
				f.Set(deep(v.Field(i)))
			}
		}
		return out
	default:
		return v
	}
}
