package operator

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
	"strings"
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
	best, distance := "", len(field)/2+1
	for _, known := range keysOf(reflect.TypeOf(spec)) {
		if d := editDistance(strings.ToLower(field), strings.ToLower(known)); d < distance {
			best, distance = known, d
		}
	}
	if best == "" {
		return fmt.Errorf("spec has no key %q", field)
	}
	return fmt.Errorf("spec has no key %q. Did you mean %s?", field, best)
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

// editDistance is the number of characters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
