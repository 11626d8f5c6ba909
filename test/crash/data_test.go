package crash

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// bare is the project without objects that hold data.
const bare = `name: shop
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
`

// walks is how many walks TestDataIsNeverLost takes, steps how many runs each
// one has before the last.
const walks, steps = 30, 6

// TestDataIsNeverLost takes walks through a project's life: up, a change, the
// same without databases and volumes, down, in any order. Every run except the
// last may die at some call, and each wants something different. Nobody asks for
// the deletion of data, so in the end the project must have the file system, the
// databases, the caches and the secrets that it began with.
func TestDataIsNeverLost(t *testing.T) {
	t.Parallel()
	first, changed := project(t, "dns")
	without := bed.App(t, bare)
	p := prepare(t, story{name: "data", secret: "one", app: first, ground: zoned}, 1)
	for walk := range uint64(walks) {
		t.Run(fmt.Sprint("walk ", walk), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := p.begin(t)
				if _, err := b.Up(t.Context(), first); err != nil {
					t.Fatal(err)
				}
				time.Sleep(bed.Quiet)
				want := data(t, b)
				random := rand.New(rand.NewPCG(walk, 1)) //nolint:gosec // a repeatable walk
				var way []string
				for step := range steps {
					way = append(way, wander(t, b, random, step < steps-1, map[string]*app.App{"first": first, "changed": changed, "bare": without}))
				}
				if _, err := b.Up(t.Context(), first); err != nil {
					t.Fatalf("%s: the last up: %v", strings.Join(way, ", "), err)
				}
				time.Sleep(bed.Quiet)
				if got := data(t, b); got != want {
					t.Errorf("%s: the data is\n%s\nand was\n%s", strings.Join(way, ", "), got, want)
				}
			})
		})
	}
}

// wander does a random run, which may die at some call, and returns what it
// did.
func wander(t *testing.T, b *bed.Bed, random *rand.Rand, dies bool, apps map[string]*app.App) string {
	t.Helper()
	names := []string{"first", "changed", "bare"}
	name, down := names[random.IntN(len(names))], random.IntN(3) == 0
	kind, at := []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter}[random.IntN(2)], random.IntN(700)
	begin := len(b.World.Calls())
	died := ""
	b.World.Inject(func(c sandbox.Call) sandbox.Fault {
		if dies && c.Index == begin+at {
			died = fmt.Sprintf(" killed %s call %d, %s %s", modes[kind], at, c.Service, c.Operation)
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	_, err := b.Run(t.Context(), apps[name], deploy.Request{Down: down, RemoveOrphans: !down})
	b.World.Inject(nil)
	b.World.Revive()
	said := fmt.Sprintf("%s %s%s", map[bool]string{true: "down", false: "up"}[down], name, died)
	if err != nil && died == "" {
		t.Errorf("%s: %v", said, err)
	}
	time.Sleep(time.Duration(random.IntN(300)) * time.Second)
	return said
}

// contents matches what the sandbox says about the contents of a database or a
// cache.
var contents = regexp.MustCompile(`(?m)^<(?:rds\.instance|elasticache\.replication-group)/.*"data":"([^"]*)"`)

// data returns what must survive everything: the file systems, the contents of
// the databases and caches, the values of the secrets.
func data(t *testing.T, b *bed.Bed) string {
	t.Helper()
	var lines []string
	systems, err := efs.NewFromConfig(b.World.Config()).DescribeFileSystems(t.Context(), &efs.DescribeFileSystemsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range systems.FileSystems {
		lines = append(lines, "file system "+aws.ToString(f.FileSystemId))
	}
	for _, found := range contents.FindAllStringSubmatch(b.World.Dump(), -1) {
		lines = append(lines, "database "+found[1])
	}
	for _, name := range []string{"/berth/shop-dev/PW", "/berth/shop-dev/shop/db/password"} {
		value, _ := b.World.Parameter(name)
		lines = append(lines, name+" "+value)
	}
	return strings.Join(lines, "\n")
}
