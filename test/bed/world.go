package bed

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// Quiet is a time after which nothing that a run began is under way any more,
// not even the deletion of task definitions under the slow profile.
const Quiet = 15 * time.Minute

// Save writes the world to a file, so that many tests can begin where a story
// has come to. The file lives as long as the test.
func (b *Bed) Save(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "world.json")
	if err := b.World.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Load is a bed over a saved world.
func Load(t *testing.T, path string, opt sandbox.Options) *Bed {
	t.Helper()
	w, err := sandbox.Load(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	b := &Bed{World: w}
	b.started.Store(1000)
	return b
}
