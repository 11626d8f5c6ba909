package chaos

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/aws"
)

// attempts is how often a command is tried in bad weather, and in good weather
// after that: then it has to succeed.
const (
	attempts     = 4
	calmAttempts = 2
)

// round is a project's life in the weather of one seed.
type round struct {
	t       *testing.T
	seed    uint64
	weather *weather
	project project
	proxy   *proxy
	aws     *aws.Clients
	account string
	aims    aims
	// dir is the project's folder, home the caller's.
	dir, home string
	runs      int
	// secrets are values that nothing may print.
	secrets map[string]string
	// others is what somebody else has in the account.
	others world
}

// accounts counts the accounts that have been given away.
var accounts atomic.Int64

func newRound(t *testing.T, moto string, seed uint64, w *weather) *round {
	t.Helper()
	id := account(int(accounts.Add(1)))
	r := &round{
		t: t, seed: seed, weather: w, account: id, project: projectOf(seed),
		aws: clients(moto, id), dir: t.TempDir(), home: t.TempDir(), secrets: map[string]string{"the caller's key": secretKey},
	}
	r.aims.aims = map[string]*aimed{}
	r.proxy = newProxy(t, w, moto, id, r.told)
	if err := plant(t.Context(), r.aws, id, rand.New(rand.NewPCG(seed, 3))); err != nil {
		t.Fatal(err)
	}
	r.others = r.look()
	return r
}

// live takes the project through its life and returns how many objects of each
// kind it had at its height.
func (r *round) live() map[string]int {
	r.t.Helper()
	counts := r.raise()
	r.raze()
	return counts
}

// raise brings the project up and changes it.
func (r *round) raise() map[string]int {
	r.t.Helper()
	r.write(before)
	r.setSecret()
	if r.weather.takeover {
		r.takeover()
	}
	r.until("up", "--yes")
	r.nothingToDo()
	r.write(after)
	r.until("up", "--yes")
	r.nothingToDo()
	return r.look().counts(r.others)
}

// raze takes the project down, then its data too.
func (r *round) raze() {
	r.t.Helper()
	r.until("down", "--yes")
	world := r.look()
	r.untouched(world)
	for _, name := range world.beside(r.others) {
		kind, _, _ := strings.Cut(name, " ")
		if !slices.Contains([]string{"bucket", "file-system", "log-group", "parameter"}, kind) {
			r.t.Errorf("left after down, which does not name it: %s", name)
		}
	}
	r.until("down", "--yes", "--delete-data")
	world = r.look()
	r.untouched(world)
	if left := world.beside(r.others); !slices.Equal(left, []string{"bucket berth-" + r.account + "-" + region}) {
		r.t.Errorf("left after down --delete-data: %s", strings.Join(left, "\n"))
	}
	r.unlocked()
}

// until repeats a command until it succeeds, in the end in good weather.
func (r *round) until(args ...string) {
	r.t.Helper()
	defer r.calm(true)
	for i := range attempts + calmAttempts {
		r.calm(i >= attempts)
		code, b := r.berth(args...)
		if code == 0 {
			return
		}
		if i == attempts+calmAttempts-1 {
			r.t.Fatalf("berth %s does not succeed in good weather; the last run, which ended with %d:\n%s", strings.Join(args, " "), code, b.text.String())
		}
	}
}

// calm begins good weather or ends it. It is good only when AWS shows all that
// happened in the bad.
func (r *round) calm(calm bool) {
	was := r.proxy.isCalm()
	r.proxy.setCalm(calm)
	if calm && !was {
		r.proxy.journal.note("good weather")
		time.Sleep(r.weather.lag)
	}
}

// nothingToDo wants an empty plan. A machine that is too busy for moto to answer
// is asked again; a plan that is not empty stays so.
func (r *round) nothingToDo() {
	r.t.Helper()
	const tries = 3
	for i := range tries {
		code, b := r.berth("plan", "--exit-code")
		if code == 0 {
			return
		}
		if code != 1 || i == tries-1 {
			r.t.Fatalf("after up, plan --exit-code ends with %d:\n%s", code, b.text.String())
		}
	}
}

// setSecret sets what the project needs, and learns the values.
func (r *round) setSecret() {
	r.t.Helper()
	if !r.project.secret {
		return
	}
	if code, b := r.berth("secret", "set", "TOKEN", "--random"); code != 0 {
		r.t.Fatalf("secret set ends with %d:\n%s", code, b.text.String())
	}
	out, err := r.aws.SSM.GetParameter(r.t.Context(), &ssm.GetParameterInput{Name: sdk.String("/berth/shop-dev/TOKEN"), WithDecryption: sdk.Bool(true)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.secrets["the secret TOKEN"] = sdk.ToString(out.Parameter.Value)
}

func (r *round) write(version string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, "compose.yaml"), []byte(r.project.compose(version)), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *round) look() world {
	r.t.Helper()
	w, err := view(r.t.Context(), r.aws)
	if err != nil {
		r.t.Fatal(err)
	}
	return w
}

// untouched wants what is somebody else's as it was.
func (r *round) untouched(now world) {
	r.t.Helper()
	for _, harm := range r.others.harmed(now) {
		r.t.Errorf("somebody else's object: %s", harm)
	}
}

// unlocked wants every lock to be free.
func (r *round) unlocked() {
	r.t.Helper()
	bucket := sdk.String("berth-" + r.account + "-" + region)
	out, err := r.aws.S3.ListObjectsV2(r.t.Context(), &s3.ListObjectsV2Input{Bucket: bucket, Prefix: sdk.String("locks/")})
	if err != nil {
		r.t.Fatal(err)
	}
	if len(out.Contents) == 0 {
		r.t.Error("there is no lock record")
	}
	for _, o := range out.Contents {
		var record struct{ Holder json.RawMessage }
		if err := r.read(bucket, o.Key, &record); err != nil {
			r.t.Errorf("lock record %s: %v", sdk.ToString(o.Key), err)
		}
		if record.Holder != nil {
			r.t.Errorf("lock record %s is held by %s", sdk.ToString(o.Key), record.Holder)
		}
	}
}

func (r *round) read(bucket, key *string, into any) error {
	out, err := r.aws.S3.GetObject(context.WithoutCancel(r.t.Context()), &s3.GetObjectInput{Bucket: bucket, Key: key})
	if err != nil {
		return err
	}
	defer func() { _ = out.Body.Close() }()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// same compares what a round had with what an undisturbed one has: more of a
// kind is a duplicate.
func same(t *testing.T, got, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the project's objects by kind (-undisturbed +this round):\n%s", diff)
	}
}
