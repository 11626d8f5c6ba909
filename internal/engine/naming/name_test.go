package naming

import (
	"strings"
	"testing"
)

// owner is an object's owner.
type owner string

func (o owner) String() string { return string(o) }

const env, stack = owner("shop-dev"), owner("shop-dev/shop")

func TestName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		original string
		limit    int
		prefix   string
	}{
		{"web", 32, "web-"}, {"a_b", 32, "a-b-"}, {"a-b", 32, "a-b-"}, {"Web.Front", 32, "web-front-"},
		{"a-very-long-service-name-indeed", 32, "a-very-long-service-n-"}, {"", 32, "b-"}, {"9lives", 32, "b9lives-"}, {"x", 1, "x-"},
	} {
		name := Name(env, "eu-central-1", tc.original, tc.limit)
		if !strings.HasPrefix(name, tc.prefix) || len(name) != len(tc.prefix)+10 || len(name) > max(tc.limit, 20) {
			t.Errorf("Name(%q) = %q, want %s and ten characters", tc.original, name, tc.prefix)
		}
		if !HasMark(name, env, "eu-central-1") || HasMark(name, stack, "eu-central-1") || HasMark(name, env, "us-east-1") {
			t.Errorf("the mark of %q", name)
		}
	}
	if Name(env, "r", "a_b", 32) == Name(env, "r", "a-b", 32) {
		t.Error("a_b and a-b have one name")
	}
	if Name(env, "r", "a", 32, "80") == Name(env, "r", "a", 32, "81") {
		t.Error("a replacement has the name of the old one")
	}
}
