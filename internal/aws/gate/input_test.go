package gate_test

import (
	"slices"
	"testing"

	"github.com/berthdev/berth/internal/aws/gate"
)

func TestTagsAreSorted(t *testing.T) {
	t.Parallel()
	got := gate.Tags(map[string]string{"b": "2", "c": "", "a": "1"}, func(k, v *string) string { return *k + "=" + *v })
	if want := []string{"a=1", "b=2", "c="}; !slices.Equal(got, want) {
		t.Errorf("tags %v, want %v", got, want)
	}
}

func TestOptional(t *testing.T) {
	t.Parallel()
	if got := gate.Optional(""); got != nil {
		t.Errorf("an empty text is %q, want nil", *got)
	}
	if got := gate.Optional("x"); got == nil || *got != "x" {
		t.Errorf("x is %v", got)
	}
}
