package gate

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// IncompleteError says that AWS reported success but left out a member that
// every answer of the operation has.
type IncompleteError struct {
	// Service is berth's short name, Member the path in the SDK's output.
	Service, Operation, Member string
}

func (e *IncompleteError) Error() string { return "AWS answered without " + e.Member }

// Remedy is what the user can do.
func (*IncompleteError) Remedy() string {
	return "run it again; if the error comes back, something changes AWS's answers: a proxy, or an emulator at AWS_ENDPOINT_URL"
}

// Class implements engine.Classified. A change may have taken effect, so it is
// treated like one whose answer was lost.
func (e *IncompleteError) Class() engine.Class {
	if IsReading(e.Operation) {
		return engine.Terminal
	}
	return engine.Unknown
}

var _ engine.Classified = (*IncompleteError)(nil)

// complete returns an *IncompleteError if a successful output lacks a member
// that berth's types rely on (members.go).
func complete(service, operation string, output any) error {
	for _, path := range membersOf(service, operation) {
		if missing := lacks(reflect.ValueOf(output), strings.Split(path, "."), ""); missing != "" {
			return &IncompleteError{Service: service, Operation: operation, Member: missing}
		}
	}
	return nil
}

// lacks returns the part of a path that is missing; empty if nothing is. A step
// that ends with "[]" is a list each of whose elements must have the rest of
// the path; with "[1]" the list must also have at least one element.
func lacks(v reflect.Value, path []string, done string) string {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return done
		}
		v = v.Elem()
	}
	if len(path) == 0 {
		if v.IsZero() {
			return done
		}
		return ""
	}
	step := path[0]
	name := strings.TrimSuffix(strings.TrimSuffix(step, "[]"), "[1]")
	field := v.FieldByName(name)
	at := strings.TrimPrefix(done+"."+name, ".")
	switch {
	case !field.IsValid():
		return "" // a test compares the paths with the SDK's types
	case strings.HasSuffix(step, "[1]") && field.Len() == 0:
		return at
	case strings.HasSuffix(step, "]"):
		for i := range field.Len() {
			if missing := lacks(field.Index(i), path[1:], fmt.Sprintf("%s[%d]", at, i)); missing != "" {
				return missing
			}
		}
		return ""
	}
	return lacks(field, path[1:], at)
}
