package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
)

// anyAnswer matches every answer of a service that is up, even if it refuses the
// request.
const anyAnswer = "200-499"

// balancerCheck is the path that the load balancer requests from a task, and the
// answers that count as healthy. The path of the service's own health check must
// succeed; without one, any answer except a server error does.
func balancerCheck(s app.Service, p app.Port) (path, matcher string) {
	if p.App == app.AppGRPC {
		// The default path of the load balancer; any gRPC status is an answer.
		return "/AWS.ALB/healthcheck", "0-99"
	}
	if s.HealthPath != "" {
		return s.HealthPath, "200-399"
	}
	if port, path, ok := s.Health.URL(); ok && (port == p.Container || port == balancerCheckPort(s, p)) {
		return path, "200-399"
	}
	return "/", anyAnswer
}

// balancerCheckPort is the port that the load balancer checks, 0 for the one that
// serves. Another port of the healthcheck counts only if siblings may reach it: it
// may be open inside of the container only.
func balancerCheckPort(s app.Service, p app.Port) int {
	port := s.HealthPort
	if asked, _, ok := s.Health.URL(); ok && port == 0 && p.App != app.AppGRPC && s.HealthPath == "" && s.Reaches(asked) {
		port = asked
	}
	if port == p.Container {
		return 0
	}
	return port
}

// graceSeconds is how long the load balancer's checks are ignored after a task's
// start: as long as the checks of its containers allow, and at least two minutes.
func graceSeconds(s app.Service) int {
	const least = 120
	if s.GraceSeconds > 0 {
		return s.GraceSeconds
	}
	longest := least
	for _, c := range s.Containers() {
		if c.Health != nil {
			longest = max(longest, c.Health.StartPeriod+c.Health.Interval*c.Health.Retries)
		}
	}
	return longest
}

// containerCheck is the container's health check. A task with neither a check nor a
// load balancer counts as healthy only 40 s after its start. If the image is known
// to have a shell, a check that always succeeds avoids that wait. Otherwise there is
// no check: without a shell it would fail and stop the task.
func containerCheck(w app.Workload, service bool) *ecs.HealthCheck {
	if h := w.Health; h != nil {
		return &ecs.HealthCheck{
			Command: h.Test, Interval: h.Interval, Timeout: h.Timeout,
			StartPeriod: h.StartPeriod, Retries: h.Retries,
		}
	}
	if !service || len(w.PublicPorts())+len(w.NetworkPorts()) > 0 || !hasShell(w) {
		return nil
	}
	return &ecs.HealthCheck{Command: []string{"CMD-SHELL", "exit 0"}, Interval: 5, Timeout: 2, Retries: 1}
}

// waitsBlindly says that ECS waits 40 s before it counts the service's tasks as
// healthy, because they have no check.
func waitsBlindly(s app.Service) bool {
	return len(s.PublicPorts())+len(s.NetworkPorts()) == 0 && !checked(s)
}

// hasShell says whether the image is a Docker official image whose variants all have
// /bin/sh.
func hasShell(w app.Workload) bool {
	if w.Build != nil {
		return false
	}
	name, _, _ := strings.Cut(w.Image, "@")
	name = strings.TrimPrefix(name, "docker.io/")
	name = strings.TrimPrefix(name, "public.ecr.aws/docker/")
	name = strings.TrimPrefix(name, "library/")
	name, _, _ = strings.Cut(name, ":")
	switch name {
	case "alpine", "busybox", "debian", "ubuntu", "amazonlinux", "fedora", "rockylinux",
		"nginx", "httpd", "caddy", "haproxy", "traefik",
		"redis", "valkey", "memcached", "postgres", "mysql", "mariadb", "mongo", "rabbitmq",
		"node", "python", "ruby", "php", "golang", "perl", "eclipse-temurin", "elixir":
		return true
	}
	return false
}
