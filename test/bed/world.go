package bed

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/sandbox"
)

// Quiet is a time after which everything that a run began has ended, even the
// deletion of task definitions under the slow profile.
const Quiet = 15 * time.Minute

// Save writes the world to a file, so that many tests can begin at that point
// of a story. The file exists as long as the test.
func (b *Bed) Save(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "world.json")
	if err := b.World.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// SetSecret sets a secret of an environment, as `berth secret set` does.
func (b *Bed) SetSecret(t *testing.T, environment, name, value string) {
	t.Helper()
	store := aws.NewClients(b.World.Config()).Store(environment)
	if _, _, err := store.Set(t.Context(), name, value, false); err != nil {
		t.Fatal(err)
	}
}

// SetNeeds sets every secret that an app needs to a value: its own secrets as
// `berth secret set` does, and parameters that it names by path as somebody
// else would. It also makes the buckets of its volumes, the queues that scale its services and the topic that hears
// of failures as somebody else would.
func (b *Bed) SetNeeds(t *testing.T, a *app.App, value string) {
	t.Helper()
	for _, v := range a.Volumes {
		if v.OnBucket() {
			b.World.Owner().GiveBucket(v.Bucket)
		}
	}
	for _, s := range a.Services {
		if s.Scaling != nil && s.Scaling.Queue != "" {
			b.World.Owner().GiveQueue(s.Scaling.QueueName())
		}
	}
	if topic := a.Settings.Notify.Value; topic != "" {
		b.World.Owner().GiveTopic(topic[strings.LastIndexByte(topic, ':')+1:], true)
	}
	for _, n := range a.Needs() {
		switch {
		case strings.HasPrefix(n.From, "/"):
			b.World.PutParameter(n.From, value)
		case !n.Optional && !app.Existing(n.From):
			b.SetSecret(t, a.Environment, n.From, value)
		}
	}
}

// Load returns a bed over a saved world.
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
