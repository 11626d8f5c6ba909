package command

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/interrupt"
)

// TestExitCodesPage: docs/exit-codes.md and the help have the codes of the code.
func TestExitCodesPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exit-codes.md")
	if err != nil {
		t.Fatal(err)
	}
	want := []int{cli.ExitDone, cli.ExitFailed, cli.ExitChanges, cli.ExitUnhealthy, interrupt.ExitCode}
	numbers := func(pattern, text string) (codes []int) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, n)
		}
		return codes
	}
	if diff := cmp.Diff(want, numbers(`(?m)^\| (\d+) \|`, string(page))); diff != "" {
		t.Errorf("docs/exit-codes.md:\n%s", diff)
	}
	help := newRoot(cli.NewOptions(cli.Streams{}, cli.Build{})).Long
	if diff := cmp.Diff(want, numbers(`(?:Exit codes:|,)\s(\d+) `, help)); diff != "" {
		t.Errorf("berth help:\n%s", diff)
	}
}
