package operator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/operator/wire"
)

// life is one step of a cluster's life, and what the world is after it.
type life struct {
	name string
	do   func(t *testing.T, b *bed)
	done func(t *testing.T, b *bed) bool
}

var lives = []life{
	{
		name: "create",
		do: func(t *testing.T, b *bed) {
			b.Apply(t, shop("shop", "  capacityProviders: [FARGATE]\n  tags: {stage: one}\n"))
		},
		done: func(t *testing.T, b *bed) bool {
			c := b.shown(t, "shop")
			return c != nil && b.isSynced(t, "shop") && tags(c)["stage"] == "one"
		},
	},
	{
		name: "update",
		do: func(t *testing.T, b *bed) {
			b.Apply(t, shop("shop", "  capacityProviders: [FARGATE, FARGATE_SPOT]\n"+
				"  tags: {other: two}\n  settings: [{name: containerInsights, value: disabled}]\n"))
		},
		done: func(t *testing.T, b *bed) bool {
			c := b.shown(t, "shop")
			if c == nil || !b.isSynced(t, "shop") {
				return false
			}
			_, old := tags(c)["stage"]
			return len(c.CapacityProviders) == 2 && tags(c)["other"] == "two" && !old && insights(c) == "disabled"
		},
	},
	{
		name: "delete",
		do:   func(t *testing.T, b *bed) { b.Must(t, "delete", clusters, "shop", "--wait=false") },
		done: func(t *testing.T, b *bed) bool {
			return b.object(t, clusters, "default", "shop") == nil && b.shown(t, "shop") == nil
		},
	},
}

func (b *bed) isSynced(t *testing.T, name string) bool {
	t.Helper()
	out := b.Must(t, "get", clusters, name, "-o",
		`jsonpath={.metadata.generation} {range .status.conditions[*]}{.type}={.status}@{.observedGeneration} {end}`)
	generation, _, _ := strings.Cut(out, " ")
	return strings.Contains(out, "Ready=True@"+generation+" ") && strings.Contains(out, "Synced=True@"+generation+" ")
}

// TestKill kills the operator at every call to AWS of a cluster's creation,
// change and deletion, before the call takes effect and before its answer
// arrives. The next operator makes the same world of it, with one cluster and
// no orphan.
func TestKill(t *testing.T) {
	b := newBed(t, sandbox.Options{MaxLag: time.Second})
	b.Apply(t, provider("default", "aws", ""))
	points := 0
	for i := range lives {
		for _, moment := range []wire.Moment{wire.Before, wire.After} {
			for call := 1; b.dies(t, i, call, moment); call++ {
				points++
			}
		}
	}
	t.Logf("killed at %d moments", points)
}

// dies runs a life until the step, kills the operator at a call of it, and lets
// another one finish the life. It says whether there was such a call.
func (b *bed) dies(t *testing.T, step, call int, moment wire.Moment) bool {
	t.Helper()
	what := fmt.Sprintf("%s, call %d, %s", lives[step].name, call, moment)
	p := b.operate(t)
	for _, l := range lives[:step] {
		b.lives(t, l, what)
	}
	b.front.KillAt(p.cmd.Process, call, moment)
	lives[step].do(t, b)
	until(t, 40*time.Second, what, func() bool {
		select {
		case <-p.gone:
			return true
		default:
			return lives[step].done(t, b)
		}
	}, p.text)
	hit := !b.front.Pending()
	b.front.Spare()
	p.kill()
	p = b.operate(t)
	until(t, 60*time.Second, what+", and again", func() bool { return lives[step].done(t, b) }, p.text)
	for _, l := range lives[step+1:] {
		b.lives(t, l, what)
	}
	p.kill()
	b.noOrphans(t, what)
	return hit
}

func (b *bed) lives(t *testing.T, l life, what string) {
	t.Helper()
	l.do(t, b)
	until(t, 30*time.Second, what+": "+l.name, func() bool { return l.done(t, b) }, func() string {
		return b.Must(t, "get", clusters, "-o", "yaml")
	})
}

func (b *bed) noOrphans(t *testing.T, what string) {
	t.Helper()
	out, err := b.api().ListClusters(t.Context(), &ecs.ListClustersInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, arn := range out.ClusterArns {
		if b.left(t, arn[strings.LastIndexByte(arn, '/')+1:]) {
			t.Errorf("%s: %s is left", what, arn)
		}
	}
}
