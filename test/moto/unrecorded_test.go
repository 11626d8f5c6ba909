package moto

import (
	"strings"
	"testing"
	"time"
)

// TestUnrecorded: moto has no records of service deployments and answers 500: after one
// attempt DescribeServices decides, whatever the command.
func TestUnrecorded(t *testing.T) {
	t.Parallel()
	m := start(t)
	canary := func(version string) string {
		return "name: shop\nservices:\n  web:\n    image: nginx:" + version + "\n    ports: [\"80:80\"]\n" +
			"    x-berth: { rollout: {strategy: canary} }\n"
	}
	dir := project(t, canary("1.28"))
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	time.Sleep(1100 * time.Millisecond) // releases are told apart by seconds
	write(t, dir, canary("1.29"))
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	for verb, want := range map[string]string{
		"why": "nothing is wrong", "history": "nginx:1.28 -> nginx:1.29", "releases": "nginx:1.28 -> nginx:1.29", "ps": "healthy",
	} {
		got := m.berth(t, dir, verb, "web")
		got.mustExit(t, 0)
		if !strings.Contains(got.out, want) || strings.Contains(got.out+got.talk, "500") {
			t.Errorf("%s: want %q:\n%s%s", verb, want, got.out, got.talk)
		}
	}
	m.berth(t, dir, "events", "web").mustExit(t, 0)
	m.berth(t, dir, "down", "--yes").mustExit(t, 0)
}
