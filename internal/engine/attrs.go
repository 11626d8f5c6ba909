package engine

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/values"
)

// Attr is one attribute of a desired resource, rendered for comparison.
type Attr struct {
	Name  string
	Value string
	// Known is false while the value contains a Ref that is not resolved;
	// Value then shows the reference.
	Known bool
	// Replace, First, Create, External and Own are the options of the field's tag.
	Replace, First, Create, External, Own bool
	// Silent says that the desired state does not set the attribute: the field has the
	// option silent and is nil or zero. An empty list that is not nil does set it.
	Silent bool
	// of is the type of the field.
	of reflect.Type
}

var refType = reflect.TypeFor[Ref]()

// AttrsOf renders the tagged fields of a resource, in their order.
func AttrsOf(r Resource) []Attr {
	v := reflect.Indirect(reflect.ValueOf(r))
	var attrs []Attr
	for i := range v.NumField() {
		tag, ok := v.Type().Field(i).Tag.Lookup("attr")
		if !ok {
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		a := Attr{Name: name, Known: true, of: v.Type().Field(i).Type}
		set := false
		for opt := range strings.SplitSeq(opts, ",") {
			switch opt {
			case "replace":
				a.Replace = true
			case "first":
				a.First = true
			case "create":
				a.Create = true
			case "external":
				a.External = true
			case "own":
				a.Own = true
			case "silent":
				a.Silent = v.Field(i).IsZero()
			case "set":
				set = true
			}
		}
		a.Value, a.Known = render(v.Field(i), set)
		attrs = append(attrs, a)
	}
	return attrs
}

// Shown renders a resource that was read from the provider, leaving out the attributes
// that the provider did not show.
func Shown(r Resource, hidden ...string) map[string]string {
	m := map[string]string{}
	for _, a := range AttrsOf(r) {
		m[a.Name] = a.Value
	}
	for _, h := range hidden {
		delete(m, h)
	}
	return m
}

func render(v reflect.Value, set bool) (string, bool) {
	known := true
	plain := plainOf(v, &known)
	if list, ok := plain.([]any); ok && set {
		sort.Slice(list, func(i, j int) bool { return values.JSON(list[i]) < values.JSON(list[j]) })
	}
	switch p := plain.(type) {
	case nil:
		return "", known
	case string:
		return p, known
	case bool:
		return strconv.FormatBool(p), known
	case int64:
		return strconv.FormatInt(p, 10), known
	}
	return values.JSON(plain), known
}

// plainOf reduces a value to strings, numbers, booleans, slices and maps. Empty
// slices and maps become nil, so that nil and empty compare as equal.
func plainOf(v reflect.Value, known *bool) any {
	if v.Type() == refType {
		r := v.Interface().(Ref)
		*known = *known && r.Known()
		return r.String()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plainOf(v.Elem(), known)
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	case reflect.Slice:
		if v.Len() == 0 {
			return nil
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainOf(v.Index(i), known)
		}
		return list
	case reflect.Map:
		if v.Len() == 0 {
			return nil
		}
		m := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = plainOf(it.Value(), known)
		}
		return m
	case reflect.Struct:
		m := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || v.Field(i).IsZero() {
				continue
			}
			if p := plainOf(v.Field(i), known); p != nil {
				m[f.Name] = p
			}
		}
		return m
	}
	panic(fmt.Sprintf("engine: a resource field of kind %s cannot be rendered", v.Kind()))
}

// eachRef calls f with every Ref in the resource, always in the same order.
func eachRef(v reflect.Value, f func(Ref)) {
	if v.Type() == refType {
		f(v.Interface().(Ref))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachRef(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachRef(v.Index(i), f)
		}
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.String {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			eachRef(v.MapIndex(key), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachRef(v.Field(i), f)
			}
		}
	}
}

// copied is a copy of a resource in which swap has replaced every Ref.
func copied(v reflect.Value, swap func(Ref) Ref) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	if v.Type() == refType {
		out.Set(reflect.ValueOf(swap(v.Interface().(Ref))))
		return out
	}
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(copied(v.Elem(), swap))
			out.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			for i := range v.Len() {
				s.Index(i).Set(copied(v.Index(i), swap))
			}
			out.Set(s)
		}
	case reflect.Map:
		if !v.IsNil() {
			m := reflect.MakeMap(v.Type())
			for it := v.MapRange(); it.Next(); {
				m.SetMapIndex(it.Key(), copied(it.Value(), swap))
			}
			out.Set(m)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(copied(v.Field(i), swap))
			}
		}
	}
	return out
}

// resolve returns a copy of r in which lookup has replaced every unresolved
// Ref that it knows.
func resolve(r Resource, lookup func(Address, string) (string, bool)) Resource {
	return copied(reflect.ValueOf(r), func(ref Ref) Ref {
		if !ref.bound {
			return ref
		}
		if v, ok := lookup(ref.of, ref.output); ok {
			ref.value, ref.bound = v, false
		}
		return ref
	}).Interface().(Resource)
}
