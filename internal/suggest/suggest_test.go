package suggest_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/suggest"
)

func TestTo(t *testing.T) {
	t.Parallel()
	names := []string{"region", "preset", "network", "spot", "public"}
	for word, want := range map[string]string{"regoin": "region", "pubilc": "public", "networks": "network", "spto": "spot", "zzz": "", "": "", strings.Repeat("x", 300): ""} {
		if got, ok := suggest.To(word, names); got != want || ok != (want != "") {
			t.Errorf("To(%q) = %q, %v; want %q", word, got, ok, want)
		}
	}
}
