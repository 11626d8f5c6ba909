package engine_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/engine"
)

func TestMark(t *testing.T) {
	t.Parallel()
	stack := engine.Owner{Environment: "shop-dev", Project: "shop"}
	mark := engine.Mark{Address: engine.Address{Owner: stack, Type: "iam.role", Name: "api"}, LastApplied: "abcdef"}
	begun := engine.Mark{Address: mark.Address}
	for _, tt := range []struct {
		name, text string
		want       engine.Mark
		ok         bool
	}{
		{name: "complete", text: "berth stack/shop-dev/shop iam.role/api abcdef", want: mark, ok: true},
		{name: "begun", text: "berth stack/shop-dev/shop iam.role/api", want: begun, ok: true},
		{name: "empty", text: ""},
		{name: "somebody's words", text: "berth of the ship shop"},
		{name: "no address", text: "berth stack/shop-dev/shop api abcdef"},
		{name: "more words", text: "berth stack/shop-dev/shop iam.role/api abcdef and more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := engine.ParseMark(tt.text)
			if ok != tt.ok || (ok && got != tt.want) {
				t.Errorf("ParseMark(%q) = %v, %v; want %v, %v", tt.text, got, ok, tt.want, tt.ok)
			}
			if ok && got.String() != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
		})
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	own := engine.Address{Owner: engine.Owner{Environment: "shop-dev"}, Type: "elb.load-balancer", Name: "main"}
	other := own
	other.Owner.Environment = "blog-dev"
	for _, tt := range []struct {
		name  string
		mark  engine.Mark
		adopt bool
		want  *engine.TakenError
	}{
		{name: "own", mark: engine.Mark{Address: own}},
		{name: "unmarked", want: &engine.TakenError{Address: own, Name: "n", ID: "i"}},
		{name: "other", mark: engine.Mark{Address: other}, want: &engine.TakenError{Address: own, Name: "n", ID: "i", Owner: "env/blog-dev"}},
		{name: "adopted", adopt: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := engine.Desired[engine.Resource]{Address: own, Adopt: tt.adopt}
			var taken *engine.TakenError
			errors.As(w.Claim(tt.mark, "n", "i"), &taken)
			if diff := cmp.Diff(tt.want, taken); diff != "" {
				t.Error(diff)
			}
		})
	}
}
