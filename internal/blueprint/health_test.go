package blueprint

import (
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
)

func TestBalancerCheck(t *testing.T) {
	t.Parallel()
	test := func(words ...string) *app.Health { return &app.Health{Test: words, Interval: 10, Retries: 3} }
	tests := []struct {
		name          string
		service       app.Service
		speaks        string
		path, matcher string
	}{
		{name: "none", path: "/", matcher: "200-499"},
		{name: "its own check", service: app.Service{Workload: app.Workload{Health: test("CMD", "curl", "-f", "http://localhost:80/up")}}, path: "/up", matcher: "200-399"},
		{name: "a check of another port", service: app.Service{Workload: app.Workload{Health: test("CMD", "curl", "-f", "http://localhost:81/up")}}, path: "/", matcher: "200-499"},
		{name: "set by hand", service: app.Service{HealthPath: "/live"}, path: "/live", matcher: "200-399"},
		{name: "gRPC", speaks: app.AppGRPC, path: "/AWS.ALB/healthcheck", matcher: "0-99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, matcher := balancerCheck(tt.service, app.Port{Container: 80, App: tt.speaks})
			if path != tt.path || matcher != tt.matcher {
				t.Errorf("= %s matching %s; want %s matching %s", path, matcher, tt.path, tt.matcher)
			}
		})
	}
}

func TestGraceCoversTheServicesOwnCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		service app.Service
		want    int
	}{
		{name: "no check", want: 120},
		{name: "a quick check", service: app.Service{Workload: app.Workload{Health: &app.Health{Interval: 5, Retries: 3}}}, want: 120},
		{name: "a slow start", service: app.Service{Workload: app.Workload{Health: &app.Health{Interval: 30, Retries: 5, StartPeriod: 90}}}, want: 240},
		{name: "set by hand", service: app.Service{GraceSeconds: 30}, want: 30},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := graceSeconds(tt.service); got != tt.want {
				t.Errorf("= %d s; want %d s", got, tt.want)
			}
		})
	}
}

func TestOnlyImagesWithAShellGetACheckOfBerths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		image string
		build bool
		want  bool
	}{
		{image: "redis:7.4-alpine", want: true},
		{image: "redis", want: true},
		{image: "docker.io/library/redis@sha256:abc", want: true},
		{image: "public.ecr.aws/docker/library/nginx:1", want: true},
		{image: "redis:7", build: true},
		{image: "team/redis:7"},
		{image: "registry.example.com/redis:7"},
		{image: "gcr.io/distroless/static"},
	}
	for _, tt := range tests {
		t.Run(tt.image, func(t *testing.T) {
			t.Parallel()
			w := workload("w", tt.image)
			if tt.build {
				w.Build = &app.Build{Context: "."}
			}
			if got := containerCheck(w, true) != nil; got != tt.want {
				t.Errorf("a check = %v; want %v", got, tt.want)
			}
			if containerCheck(w, false) != nil {
				t.Error("a job got a check")
			}
		})
	}
}

func TestHealthSettingsReachTheTargetGroup(t *testing.T) {
	t.Parallel()
	drain := 30
	a := shop()
	a.Services[0].DrainSeconds = &drain
	g := build(t, a)
	got := find[elb.TargetGroup](t, g, "elb.target-group/api-3000")
	if got.Interval != 5 || got.Timeout != 4 || got.Healthy != 2 || got.Unhealthy != 6 || got.DrainSeconds != 30 {
		t.Errorf("target group = %+v", got)
	}
	if grace := find[ecs.Service](t, g, "ecs.service/redis").GraceSeconds; grace != 0 {
		t.Errorf("a service without a balancer has %d s of grace", grace)
	}
}
