package deploy_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// wantSources wants every record of a stack to say whose it is: its releases,
// its lock as long as somebody has it, and what that says of the last release.
func wantSources(t *testing.T, b *bed.Bed, when string) {
	t.Helper()
	c, bucket := s3.NewFromConfig(b.World.Config()), aws.String("berth-"+b.World.Account()+"-"+b.World.Region())
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket})
	if err != nil {
		return // there is no bucket yet
	}
	for _, o := range list.Contents {
		key := aws.ToString(o.Key)
		if !strings.Contains(key, "/stack/") {
			continue
		}
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: o.Key})
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(out.Body)
		if err != nil {
			t.Fatal(err)
		}
		var record struct {
			Source      string
			Holder      *struct{}
			LastRelease *struct{ ID, Source string } `json:"last_release"`
		}
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatal(err)
		}
		free := strings.HasPrefix(key, "locks/") && record.Holder == nil
		if last := record.LastRelease; record.Source == "" && !free || last != nil && (last.Source == "" || last.ID == "") {
			t.Errorf("%s: %s says not whose it is:\n%s", when, key, text)
		}
	}
}

// TestEveryRecordSaysWhoseItIs kills the first run, one after a teardown and the
// teardown itself, each at every few calls.
func TestEveryRecordSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	a := bed.App(t, alone)
	down := deploy.Request{Down: true, DeleteData: true}
	for name, before := range map[string][]deploy.Request{
		"first run": nil, "run after a teardown": {{}, down}, "teardown": {{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := deploy.Request{}
			if name == "teardown" {
				req = down
			}
			const stride = 13
			for k, killed := 0, true; killed && !t.Failed(); k += stride {
				synctest.Test(t, func(t *testing.T) {
					b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond, MaxLag: 3 * time.Second})
					for _, req := range before {
						mustRun(t, b, a, req)
						time.Sleep(bed.Quiet)
						wantSources(t, b, "undisturbed")
					}
					first := len(b.World.Calls())
					b.World.Inject(func(c sandbox.Call) sandbox.Fault {
						if c.Index == first+k {
							return sandbox.Fault{Kind: sandbox.KillAfter}
						}
						return sandbox.Fault{}
					})
					_, err := b.Run(t.Context(), a, req)
					killed = err != nil
					b.World.Inject(nil)
					b.World.Revive()
					time.Sleep(bed.Quiet)
					wantSources(t, b, "killed")
					mustRun(t, b, a, req)
					wantSources(t, b, "the run after that")
				})
			}
		})
	}
}
