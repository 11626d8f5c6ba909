package render

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestTablesFitTheTerminal: no line is wider than the terminal, and no text is lost.
func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"PROJECT", "ENVIRONMENT", "SERVICES", "SOURCE"},
		{"shop", "prod", "api, redis, web, worker, a-service-with-quite-a-long-name, another", "github.com/example/an-organisation/a-repository"},
		{"x", "dev", "", ""},
	}
	for _, columns := range []int{60, 80, 200} {
		got := fitted(rows, columns)
		if columns == 200 && len(got) != len(rows) {
			t.Errorf("a table that fits has %d rows, want %d", len(got), len(rows))
		}
		total := between * 3
		for _, w := range widthsOf(got) {
			total += w
		}
		if total > columns {
			t.Errorf("%d columns on a terminal of %d", total, columns)
		}
		var services strings.Builder
		for _, row := range got[1:] {
			services.WriteString(strings.ReplaceAll(row[2], " ", ""))
		}
		if want := strings.ReplaceAll(rows[1][2], " ", ""); services.String() != want {
			t.Errorf("at %d columns the services are %q, want %q", columns, services.String(), want)
		}
	}
	for _, row := range fitted(rows, 20) {
		for _, cell := range row {
			if ansi.StringWidth(cell) > leastCell {
				t.Errorf("on a terminal of 20 columns a cell is %q", cell)
			}
		}
	}
}

// TestImagesAreShort: what tells images apart stays, the tag before the digest.
func TestImagesAreShort(t *testing.T) {
	t.Parallel()
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for image, want := range map[string]string{
		"nginx:1.29":          "nginx:1.29",
		"nginx:1.29" + digest: "nginx:1.29@0123456",
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com/berth/shop-dev" + digest: "shop-dev@0123456",
		"registry.example.com/team/a-very-long-name-of-an-image:2026-11-30":       "…f-an-image:2026-11-30",
	} {
		if got := ShortImage(image); got != want {
			t.Errorf("%s is shown as %s, want %s", image, got, want)
		}
	}
}
