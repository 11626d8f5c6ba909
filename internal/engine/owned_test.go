package engine

import (
	"slices"
	"testing"
)

func TestOwnedTakesOnlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	other := Owner{Environment: "shop-dev", Project: "blog"}
	for _, c := range []struct {
		name   string
		object Object
		want   bool
	}{
		{"the environment's", Object{Address: Address{envOwner, "box", "a"}}, true},
		{"the stack's, named by its parent", Object{Address: Address{stackOwner, "box", "a/b"}}, true},
		{"another project's", Object{Address: Address{other, "box", "a"}}, false},
		{"no mark", Object{Tags: map[string]string{"Name": "default"}}, false},
		{"no tags", Object{}, false},
		{"an owner without an address", Object{Tags: map[string]string{TagOwner: envOwner.String()}}, false},
		{"a parent without a mark", Object{Address: Address{Type: "box", Name: "main/subnet-1"}}, false},
		{"the mark of another type", Object{Address: Address{envOwner, "bag", "a"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.object.ID = "x"
			got := Owned("box", []Owner{envOwner, stackOwner}, []Object{c.object})
			if slices.ContainsFunc(got, func(l Object) bool { return l.ID == "x" }) != c.want {
				t.Errorf("kept %v", got)
			}
		})
	}
}
