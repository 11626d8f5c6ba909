package blueprint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/berthdev/berth/internal/app/keys"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, dir := range folders(t, "testdata/keys") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			planOf(t, dir, "").compare(t, dir)
		})
	}
}

// Every mapped key has a folder whose graph differs without the key.
func TestEveryMappedKeyMatters(t *testing.T) {
	t.Parallel()
	for _, k := range keys.All() {
		if k.Fate != keys.Mapped && k.Fate != keys.Noticed {
			continue
		}
		t.Run(k.Pattern, func(t *testing.T) {
			t.Parallel()
			if k.Golden == "" {
				t.Fatal("no golden folder is named for the key")
			}
			dir := filepath.Join("testdata/keys", k.Golden)
			with, without := planOf(t, dir, ""), planOf(t, folderWithout(t, dir, k.Pattern), "")
			if with.graph == "" {
				t.Fatalf("%s gives no graph:\n%s", dir, with.notices)
			}
			if with.graph == without.graph {
				t.Errorf("%s gives the same graph without %s", dir, k.Pattern)
			}
		})
	}
}

func TestEveryKeyFolderIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, k := range keys.All() {
		used[k.Golden] = true
	}
	for _, dir := range folders(t, "testdata/keys") {
		if !used[filepath.Base(dir)] {
			t.Errorf("no key names the folder %s", dir)
		}
	}
}

// folderWithout copies a folder and removes a key from its compose.yaml.
func folderWithout(t *testing.T, dir, pattern string) string {
	t.Helper()
	// A name that does not depend on the test, as a project's may.
	out := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(out, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(out, "compose.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if n := takeOut(doc.Content[0], steps(pattern)); n == 0 {
		t.Fatalf("%s has no %s", path, pattern)
	}
	if text, err = yaml.Marshal(&doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

// steps are the parts of a pattern: keys, * for any key, [] for any item.
func steps(pattern string) []string {
	// A limit that is a single number has no key in the file.
	pattern = strings.TrimSuffix(pattern, ".single")
	return strings.Split(strings.ReplaceAll(pattern, "[]", ".[]"), ".")
}

// takeOut removes what the steps lead to and returns how often it was there.
func takeOut(n *yaml.Node, steps []string) int {
	step, rest := steps[0], steps[1:]
	count := 0
	switch {
	case n.Kind == yaml.SequenceNode && step == "[]":
		for _, item := range n.Content {
			count += takeOut(item, rest)
		}
	case n.Kind == yaml.MappingNode:
		for i := len(n.Content) - 2; i >= 0; i -= 2 {
			if step != "*" && step != n.Content[i].Value {
				continue
			}
			if len(rest) == 0 {
				n.Content = slices.Delete(n.Content, i, i+2)
				count++
				continue
			}
			count += takeOut(n.Content[i+1], rest)
		}
	}
	return count
}
