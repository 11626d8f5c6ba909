package engine

import (
	"strings"
	"testing"
)

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
		name := Name(envOwner, "eu-central-1", tc.original, tc.limit)
		if !strings.HasPrefix(name, tc.prefix) || len(name) != len(tc.prefix)+10 || len(name) > max(tc.limit, 20) {
			t.Errorf("Name(%q) = %q, want %s and ten characters", tc.original, name, tc.prefix)
		}
		if !HasNameMark(name, envOwner, "eu-central-1") || HasNameMark(name, stackOwner, "eu-central-1") || HasNameMark(name, envOwner, "us-east-1") {
			t.Errorf("the mark of %q", name)
		}
	}
	if Name(envOwner, "r", "a_b", 32) == Name(envOwner, "r", "a-b", 32) {
		t.Error("a_b and a-b have one name")
	}
	if Name(envOwner, "r", "a", 32, "80") == Name(envOwner, "r", "a", 32, "81") {
		t.Error("a replacement has the name of the old one")
	}
}
