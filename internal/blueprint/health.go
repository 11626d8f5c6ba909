package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
)

// anyAnswer matches what a service answers that is up, whatever it thinks of
// the question.
const anyAnswer = "200-499"

// balancerCheck is what the balancer asks of a task, and the answers that it
// takes for healthy. A path that the service's own health check asks must not
// fail; without one any answer will do that is not a server error.
func balancerCheck(s app.Service, p app.Port) (path, matcher string) {
	if p.App == app.AppGRPC {
		// The path that ALB asks by default; any gRPC status is an answer.
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

// balancerCheckPort is the port that the balancer asks, 0 for the one that
// serves. Another one counts only if siblings may reach it too: what a
// healthcheck asks inside of its container may be closed to everybody else.
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

// graceSeconds is how long the balancer's checks are ignored after a task's
// start: as long as the service's own check allows, at least two minutes.
func graceSeconds(s app.Service) int {
	const least = 120
	if s.GraceSeconds > 0 {
		return s.GraceSeconds
	}
	if s.Health == nil {
		return least
	}
	return max(least, s.Health.StartPeriod+s.Health.Interval*s.Health.Retries)
}

// containerCheck is the container's health check. ECS counts a task that has
// neither a check nor a balancer as healthy only 40 s after its start; where
// the image surely has a shell, a check that always succeeds ends that wait.
// Elsewhere there is none: without a shell it would fail and kill the task.
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

// waitsBlindly says that ECS will wait 40 s before it counts the service's
// tasks as healthy, because nothing else tells it.
func waitsBlindly(s app.Service) bool {
	return len(s.PublicPorts())+len(s.NetworkPorts()) == 0 && containerCheck(s.Workload, true) == nil
}

// hasShell says whether the image is one of Docker's official ones of which
// every variant has /bin/sh.
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
