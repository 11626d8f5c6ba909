package terminal_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/terminal"
	"github.com/berthdev/berth/internal/terminal/terminaltest"
)

// TestAScreenIsRedrawnInANarrowerWindow: the window has wrapped the lines that were
// drawn, and none of them stays above the new ones.
func TestAScreenIsRedrawnInANarrowerWindow(t *testing.T) {
	t.Parallel()
	w := terminaltest.New(80, 24)
	screen := terminal.Screen{Out: w, Size: w.Size}
	long := strings.Repeat("x", 70)
	if _, err := w.Write([]byte("before\n")); err != nil {
		t.Fatal(err)
	}
	for _, columns := range []int{80, 30, 20, 80} {
		w.Resize(columns, 24)
		if err := screen.Replace([]string{"first", long, "last"}); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.TrimRight(w.String(), "\n"), "before\nfirst\n"+long+"\nlast"; got != want {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
	}
	screen.Above("a word of " + strings.Repeat("y ", 40))
	if got := w.String(); strings.Contains(got, "first") || !strings.HasPrefix(got, "before\na word of y") {
		t.Errorf("above: %q", got)
	}
	if unknown := w.Unknown(); len(unknown) > 0 {
		t.Errorf("it was sent %q", unknown)
	}
}
