package terminal_test

import (
	"testing"

	"github.com/berthdev/berth/internal/terminal"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"short":       {"note: all is well\n", "note: all is well\n"},
		"long":        {"note: a notice that takes more columns than a terminal has", "note: a notice that takes more columns\n  than a terminal has"},
		"indented":    {"  a remedy that takes more columns than a terminal has\n", "  a remedy that takes more columns\n    than a terminal has\n"},
		"lines":       {"one\ntwo\n", "one\ntwo\n"},
		"a long word": {"see https://docs.example.com/a/page/with/a/very/long/address", "see\n  https://docs.example.com/a/page/with/a/very/long/address"},
		"nothing":     {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := terminal.Wrap(tc.text, 40); got != tc.want {
				t.Errorf("got\n%q\nwant\n%q", got, tc.want)
			}
			if got := terminal.Wrap(tc.text, 3); got != tc.text {
				t.Errorf("in 3 columns %q", got)
			}
		})
	}
}
