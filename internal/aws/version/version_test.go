package version_test

import (
	"testing"

	"github.com/berthdev/berth/internal/aws/version"
)

func TestOlder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b  string
		older bool
	}{
		{"16.4", "16.10", true},
		{"16.10", "16.4", false},
		{"9.6", "10", true},
		{"16", "16.4", false},
		{"16.4", "16", false},
		{"7.x", "7.1", false},
		{"8.0.35", "8.0.36", true},
		{"", "8", false},
	} {
		if got := version.Older(tt.a, tt.b); got != tt.older {
			t.Errorf("Older(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.older)
		}
	}
}
