package keys

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// composePatterns are the patterns of all fields of compose-go's types.
func composePatterns() map[string]bool {
	found := map[string]bool{"version": true}
	var visit func(typ reflect.Type, pattern string)
	visit = func(typ reflect.Type, pattern string) {
		switch typ.Kind() {
		case reflect.Pointer:
			visit(typ.Elem(), pattern)
		case reflect.Slice:
			if hasFields(typ.Elem()) {
				visit(typ.Elem(), pattern+"[]")
			}
		case reflect.Map:
			if hasFields(typ.Elem()) {
				visit(typ.Elem(), pattern+".*")
			}
		case reflect.Struct:
			for name, index := range Fields(typ) {
				at := strings.TrimPrefix(pattern+"."+name, ".")
				found[at] = true
				visit(typ.FieldByIndex(index).Type, at)
			}
		}
	}
	visit(reflect.TypeFor[types.Project](), "")
	return found
}

func TestEveryFieldOfComposeHasARow(t *testing.T) {
	t.Parallel()
	table := NewTable()
	for pattern := range composePatterns() {
		if _, ok := table.Row(pattern); !ok {
			t.Errorf("no row for %s", pattern)
		}
	}
}

func TestNoRowIsStale(t *testing.T) {
	t.Parallel()
	patterns, seen := composePatterns(), map[string]bool{}
	for _, k := range All() {
		if !patterns[k.Pattern] {
			t.Errorf("%s is no field of compose-go", k.Pattern)
		}
		if seen[k.Pattern] {
			t.Errorf("%s has two rows", k.Pattern)
		}
		seen[k.Pattern] = true
	}
}

func TestRowsAreComplete(t *testing.T) {
	t.Parallel()
	for _, k := range All() {
		shown := k.Fate == Mapped || k.Fate == Noticed
		if k.Says == "" {
			t.Errorf("%s says nothing", k.Pattern)
		}
		if shown != (k.Golden != "") {
			t.Errorf("%s is %s and names the golden folder %q", k.Pattern, k.Fate, k.Golden)
		}
		if k.Golden == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join("../../blueprint/testdata/keys", k.Golden, "compose.yaml")); err != nil {
			t.Errorf("%s: %v", k.Pattern, err)
		}
	}
}

func TestRowOfAPattern(t *testing.T) {
	t.Parallel()
	table := NewTable()
	for _, c := range []struct{ name, pattern, want string }{
		{"its own", "services.*.image", "services.*.image"},
		{"of an item", "services.*.ports[].target", "services.*.ports[].target"},
		{"below an ignored key", "services.*.develop.watch[].path", "services.*.develop"},
		{"below a refused key", "services.*.pre_start[].image", "services.*.pre_start"},
		{"below a mapped key", "services.*.healthcheck.nothing", ""},
		{"nothing like it", "nothing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			row, ok := table.Row(c.pattern)
			if ok != (c.want != "") || ok && row.Pattern != c.want {
				t.Errorf("row %q, %v; want %q", row.Pattern, ok, c.want)
			}
		})
	}
}
