package tagindex_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
	"github.com/berthdev/berth/internal/sandbox"
)

var owner = engine.Owner{Environment: "shop-dev", Project: "shop"}

// inSandbox calls f with a world with 150 log groups of the owner and one of
// another, and with the number of calls so far.
func inSandbox(t *testing.T, f func(t *testing.T, api *resourcegroupstaggingapi.Client, calls func() int)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		logs := cloudwatchlogs.NewFromConfig(w.Config())
		for i := range 151 {
			mark := owner.String()
			if i == 150 {
				mark = "stack/shop-dev/blog"
			}
			_, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{
				LogGroupName: aws.String(fmt.Sprintf("/berth/%d", i)), Tags: map[string]string{engine.TagOwner: mark},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		before := len(w.Calls())
		f(t, resourcegroupstaggingapi.NewFromConfig(w.Config()), func() int { return len(w.Calls()) - before })
	})
}

func TestResources(t *testing.T) {
	t.Parallel()
	inSandbox(t, func(t *testing.T, api *resourcegroupstaggingapi.Client, calls func() int) {
		q := engine.Query{Owners: []engine.Owner{owner}, Memory: &memory.Memory{}}
		for range 3 {
			all, err := tagindex.Resources(t.Context(), q, api)
			if err != nil || len(all) != 150 {
				t.Fatalf("%d objects, %v; want 150", len(all), err)
			}
			if all[0].Tags[engine.TagOwner] != owner.String() || !all[0].Is("logs:log-group") {
				t.Errorf("the first is %+v", all[0])
			}
		}
		if calls() != 2 {
			t.Errorf("%d calls for 150 objects asked for three times, want 2", calls())
		}
		none, err := tagindex.Resources(t.Context(), engine.Query{}, api)
		if err != nil || none != nil {
			t.Errorf("nobody owns %v, %v", none, err)
		}
	})
}

func TestMayExist(t *testing.T) {
	t.Parallel()
	wanted := []engine.Wanted{{}}
	cases := []struct {
		name  string
		q     engine.Query
		kind  string
		want  bool
		calls int
	}{
		{"in the index", engine.Query{}, "logs:log-group", true, 2},
		{"not in the index", engine.Query{}, "elasticfilesystem", false, 2},
		{"wanted", engine.Query{Wanted: wanted}, "elasticfilesystem", true, 0},
		{"nothing may be missed", engine.Query{Whole: true}, "elasticfilesystem", true, 0},
	}
	inSandbox(t, func(t *testing.T, api *resourcegroupstaggingapi.Client, calls func() int) {
		for _, c := range cases {
			c.q.Owners = []engine.Owner{owner}
			before := calls()
			got, err := tagindex.MayExist(t.Context(), c.q, api, "ec2:vpc", c.kind)
			if err != nil || got != c.want || calls()-before != c.calls {
				t.Errorf("%s: %t, %v in %d calls; want %t in %d", c.name, got, err, calls()-before, c.want, c.calls)
			}
		}
	})
}

func TestIs(t *testing.T) {
	t.Parallel()
	const files = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"
	for kind, want := range map[string]bool{
		"elasticfilesystem": true, "elasticfilesystem:file-system": true, "elasticfilesystem:file": false,
		"elasticfilesystem:access-point": false, "ec2": false, "": false,
	} {
		if got := (tagindex.Resource{ARN: files}).Is(kind); got != want {
			t.Errorf("%q: %t", kind, got)
		}
	}
	if (tagindex.Resource{ARN: "nonsense"}).Is("ec2") {
		t.Error("no ARN is of a kind")
	}
}
