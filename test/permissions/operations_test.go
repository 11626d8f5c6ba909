package permissions

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/sandbox"
)

// TestPermissionsOperations writes, with -update, the list of the operations
// that berth can send, and fails when it is out of date.
func TestPermissionsOperations(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, o := range sent(t) {
		lines = append(lines, o.of.id+"\t"+o.op+"\n")
	}
	slices.Sort(lines)
	text := strings.Join(slices.Compact(lines), "")
	path := filepath.Join("..", "..", "internal", "aws", "operations.txt")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != text {
		t.Errorf("%s is not what the source sends (error %v): go generate ./test/permissions writes it anew", path, err)
	}
}

// TestTheSandboxAnswersEveryCall: a plan in the sandbox would fail at an
// operation without a handler.
func TestTheSandboxAnswersEveryCall(t *testing.T) {
	t.Parallel()
	w, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range sent(t) {
		if !w.Answers(o.of.id, o.op) {
			t.Errorf("the sandbox has no handler of %s %s: add one below internal/sandbox", o.of.id, o.op)
		}
	}
	if len(aws.Operations()) < 100 {
		t.Errorf("the list has %d operations", len(aws.Operations()))
	}
}
