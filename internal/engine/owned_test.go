package engine

import (
	"slices"
	"testing"
)

func TestOwnedTakesOnlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	other := Owner{Environment: "shop-dev", Project: "blog"}
	for _, c := range []struct {
		name string
		live Live
		want bool
	}{
		{"the environment's", Live{Address: Address{envOwner, "box", "a"}}, true},
		{"the stack's, named by its parent", Live{Address: Address{stackOwner, "box", "a/b"}}, true},
		{"another project's", Live{Address: Address{other, "box", "a"}}, false},
		{"no mark", Live{Tags: map[string]string{"Name": "default"}}, false},
		{"no tags", Live{}, false},
		{"an owner without an address", Live{Tags: map[string]string{TagOwner: envOwner.String()}}, false},
		{"a parent without a mark", Live{Address: Address{Type: "box", Name: "main/subnet-1"}}, false},
		{"the mark of another type", Live{Address: Address{envOwner, "bag", "a"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.live.ID = "x"
			got := Owned("box", []Owner{envOwner, stackOwner}, []Live{c.live})
			if slices.ContainsFunc(got, func(l Live) bool { return l.ID == "x" }) != c.want {
				t.Errorf("kept %v", got)
			}
		})
	}
}
