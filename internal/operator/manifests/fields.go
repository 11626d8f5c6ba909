package manifests

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/suggest"
)

// newLines buffers a reader for the splitting into documents.
func newLines(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 64<<10) }

// unknownField adds the key that was probably meant to the decoder's error.
func unknownField(err error, spec any) error {
	_, field, ok := strings.Cut(err.Error(), "unknown field ")
	if !ok {
		return fmt.Errorf("spec: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	field = strings.Trim(field, `"`)
	field = field[strings.LastIndexByte(field, '.')+1:]
	byLower := map[string]string{}
	for _, known := range keysOf(reflect.TypeOf(spec)) {
		byLower[strings.ToLower(known)] = known
	}
	if near, ok := suggest.To(strings.ToLower(field), slices.Collect(maps.Keys(byLower))); ok {
		return fmt.Errorf("spec has no key %q. Did you mean %s?", field, byLower[near])
	}
	return fmt.Errorf("spec has no key %q", field)
}

// keysOf are the JSON keys of a type and of all types within.
func keysOf(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" {
			out = append(out, name)
		}
		out = append(out, keysOf(f.Type)...)
	}
	return out
}
