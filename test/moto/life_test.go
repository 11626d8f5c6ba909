package moto

import (
	"slices"
	"strings"
	"testing"
)

// TestLife takes a project through its life: up, an empty second plan, a change
// of one service, ps, down, nothing left.
func TestLife(t *testing.T) {
	t.Parallel()
	for _, preset := range []string{"affordable", "balanced"} {
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			m := start(t)
			before := m.world(t)
			dir := project(t, shop(preset, "1.28"))
			m.berth(t, dir, "up", "--yes").mustExit(t, 0)
			m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
			was := m.revisions(t)

			write(t, dir, shop(preset, "1.29"))
			m.berth(t, dir, "plan", "--exit-code").mustExit(t, 2)
			m.berth(t, dir, "up", "--yes").mustExit(t, 0)
			m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
			is := m.revisions(t)
			added := slices.DeleteFunc(slices.Clone(is), func(arn string) bool { return slices.Contains(was, arn) })
			if len(is) != len(was)+1 || len(added) != 1 || !strings.Contains(added[0], "/web-") {
				t.Errorf("web changed, and nothing else: revisions %v, then %v", was, is)
			}
			ps := m.berth(t, dir, "ps")
			ps.mustExit(t, 0)
			if !strings.Contains(ps.out, "web") || !strings.Contains(ps.out, "http://") {
				t.Errorf("ps shows no service or no address:\n%s", ps.out)
			}
			m.berth(t, dir, "down", "--yes").mustExit(t, 0)
			if after := m.world(t); after != before {
				t.Errorf("left after down:\n%s\nbefore up there was:\n%s", after, before)
			}
		})
	}
}

// TestSidecars takes a project with several containers in a task through its life.
func TestSidecars(t *testing.T) {
	t.Parallel()
	const compose = `
name: sidecars
services:
  web:
    image: nginx:1.29
    expose: ["3000"]
    depends_on: { assets: { condition: service_completed_successfully } }
    deploy: { resources: { limits: { memory: 384M }, reservations: { memory: 128M } } }
    volumes: ["static:/srv"]
  envoy:
    image: envoyproxy/envoy:1
    network_mode: "service:web"
    ports: ["8080:8080"]
    restart: on-failure
    healthcheck: { test: ["CMD", "true"] }
    deploy: { resources: { limits: { cpus: "0.1", memory: 64M } } }
  assets:
    image: assets:1
    volumes: ["static:/out"]
    x-berth: { sidecar_of: web }
  agent:
    image: agent:1
    restart: unless-stopped
    depends_on: { envoy: { condition: service_healthy } }
    x-berth: { sidecar_of: web, essential: false }
volumes: { static: }
x-berth: { volumes: { static: { task_local: true } } }
`
	m := start(t)
	before := m.world(t)
	dir := project(t, compose)
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
	m.berth(t, dir, "plan", "--deep", "--exit-code").mustExit(t, 0)
	write(t, dir, strings.Replace(compose, "envoy:1", "envoy:2", 1))
	plan := m.berth(t, dir, "plan", "--exit-code")
	plan.mustExit(t, 2)
	if !strings.Contains(plan.out, "sidecar envoy: image: envoyproxy/envoy:1 ->") {
		t.Errorf("the plan does not name the sidecar:\n%s", plan.out)
	}
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
	m.berth(t, dir, "down", "--yes").mustExit(t, 0)
	if after := m.world(t); after != before {
		t.Errorf("left after down:\n%s\nbefore up there was:\n%s", after, before)
	}
}
