package command

import "testing"

func TestPrintable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"plain text and tabs stay": {"a\tb é ✓", "a\tb é ✓"},
		"escape sequences":         {"\x1b[31mred\x1b[0m", "red"},
		"a bell and a delete":      {"a\x07b\x7f", "ab"},
		"the eight-bit forms":      {"a\u009b2Jb", "a2Jb"},
		"a carriage return":        {"safe\rgone", "safegone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := printable(c.in); got != c.want {
				t.Errorf("printable(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}
