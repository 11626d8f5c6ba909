package logs_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			first := desired(7, map[string]string{"team": "a"})
			addPolicy(cfg, first, "one")
			second := desired(0, map[string]string{"team": "a"})
			addPolicy(cfg, second, "two")
			return []*engine.Graph{first, second}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	return append(groups(cfg), engine.Erase(logs.ResourcePolicies{
		API: cloudwatchlogs.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Region: cfg.Region,
	}))
}

func groups(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(logs.LogGroups{
		API: cloudwatchlogs.NewFromConfig(cfg), Account: "123456789012", Region: cfg.Region, Partition: "aws",
	})}
}

const prefix = "/berth/shop-dev/shop/"

func desired(days int, labels map[string]string) *engine.Graph {
	g := engine.NewGraph()
	for _, name := range []string{"api", "web"} {
		g.Add(typetest.Stack, name, logs.LogGroup{Name: prefix + name, RetentionDays: days}).Label(labels)
	}
	return g
}

// life takes log groups through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), cloudwatchlogs.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, groups)
	first := desired(7, map[string]string{"team": "a"})
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 1 {
		t.Errorf("a shallow reading took %d calls, want 1", got)
	}
	d.MustPlan("", first, true)
	for _, l := range d.World(first, false).Objects("logs.log-group") {
		if want := "arn:aws:logs:" + cfg.Region + ":123456789012:log-group:" + l.ID; l.Output("arn") != want {
			t.Errorf("arn %s, want %s", l.Output("arn"), want)
		}
	}

	for _, days := range []int{30, 0} {
		d.Up(desired(days, nil), true)
		d.MustPlan("", desired(days, nil), true)
	}
	name := prefix + "api"
	_, err := api.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update logs.log-group/api (retention_days differs)", desired(0, nil), false)
	d.Up(desired(0, nil), false)

	// A teardown leaves the groups, and the next deployment goes on with them.
	opts := engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}
	if err := d.Try(ctx, nil, false, opts); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("", desired(0, nil), true)
	d.Down()
	strangers(t, api, d)
	d.Down()
	policies(t, cfg, typetest.New(t, cfg, c, kinds))
}

// strangers has a group of a wanted name made by somebody else.
func strangers(t *testing.T, api *cloudwatchlogs.Client, d *typetest.Driver) {
	t.Helper()
	// The emulator remembers the tags of names that are gone.
	name := prefix + "guest-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	_, err := api.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	if err != nil {
		t.Fatal(err)
	}
	g := engine.NewGraph()
	guest := g.Add(typetest.Stack, "guest", logs.LogGroup{Name: name, RetentionDays: 7})
	err = d.Blind(g, nil)
	var taken *engine.TakenError
	if !errors.As(err, &taken) || taken.Name != name {
		t.Errorf("with an unmarked group of the name: %v, want a TakenError", err)
	}
	if err := d.Blind(g, map[engine.Address]bool{guest.Address: true}); err != nil {
		t.Errorf("adopting the group: %v", err)
	}
	d.MustPlan("", g, true)
}
