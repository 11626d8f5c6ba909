package docs

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestComposeFilesInTheDocs deploys every block of YAML that begins with the
// project's name. A second deployment must change nothing, and after a teardown
// with its data nothing may be left.
func TestComposeFilesInTheDocs(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range blocks(string(text)) {
			count++
			name, _, _ := strings.Cut(block, "\n")
			t.Run(filepath.Base(page)+"/"+strings.TrimPrefix(name, "name: "), func(t *testing.T) {
				t.Parallel()
				live(t, block)
			})
		}
	}
	if count == 0 {
		t.Error("the documentation shows no Compose file")
	}
}

// blocks returns the blocks of YAML that are complete Compose files, fenced or
// indented by four spaces.
func blocks(text string) []string {
	var out []string
	var block strings.Builder
	fenced := false
	end := func() {
		if code := block.String(); strings.HasPrefix(code, "name: ") {
			out = append(out, code)
		}
		block.Reset()
	}
	for line := range strings.Lines(text + "\n") {
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case strings.HasPrefix(line, "```"):
			end()
			fenced = !fenced
		case fenced:
			block.WriteString(line)
		case indented:
			block.WriteString(code)
		case strings.TrimSpace(line) == "" && block.Len() > 0:
			block.WriteString(line)
		default:
			end()
		}
	}
	end()
	return out
}

func live(t *testing.T, compose string) {
	a := bed.App(t, compose)
	bed.Contexts(t, a)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 50 * time.Millisecond, MaxLag: 3 * time.Second})
		do := func(req deploy.Request) bed.Figures {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
			defer cancel()
			f, err := b.Run(ctx, a, req)
			if err != nil {
				t.Fatalf("%+v: %v", req, err)
			}
			return f
		}
		b.SetNeeds(t, a, "value")
		do(deploy.Request{})
		if f := do(deploy.Request{}); !f.Plan.Empty() {
			t.Errorf("the second plan is not empty:\n%s", f.Plan)
		}
		do(deploy.Request{Down: true, DeleteData: true})
		if f := do(deploy.Request{Down: true, DeleteData: true}); f.Plan.Changes() {
			t.Errorf("a teardown leaves:\n%s", f.Plan)
		}
	})
}
