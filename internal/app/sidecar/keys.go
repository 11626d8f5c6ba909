package sidecar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ofTask are the settings that a task has once, so that only its own service can have
// them.
var ofTask = []struct{ key, what string }{
	{"x-berth.drain_seconds", "how long its tasks drain"},
	{"x-berth.spot", "where its tasks run"},
	{"x-berth.capacity", "what its tasks run on"},
	{"x-berth.instances", "the instances of its tasks"},
	{"x-berth.subnets", "the subnets of its tasks"},
	{"x-berth.assign_public_ip", "the addresses of its tasks"},
	{"x-berth.exec", "whether commands can be run in its tasks"},
	{"x-berth.disk_gib", "the disk of its tasks"},
	{"x-berth.logs", "how long the logs of its tasks are kept"},
	{"x-berth.update", "how its tasks are replaced"},
	{"x-berth.execution_role_arn", "the role that starts its tasks"},
	{"x-berth.task_role_arn", "the role of its tasks"},
	{"x-berth.security_groups", "the security groups of its tasks"},
	{"x-berth.health.grace_seconds", "the grace period of its tasks"},
	{"x-berth.schedule", "when its tasks run"},
	{"storage_opt", "the disk of its tasks"},
}

// ignored are the keys of a sidecar that have no effect, HOST standing for its
// service.
var ignored = []struct{ key, why string }{
	{"deploy.restart_policy.delay", "ECS restarts a container at once"},
	{"deploy.restart_policy.max_attempts", "ECS counts no attempts"},
	{"deploy.update_config", "its tasks are replaced as HOST says"},
	{"labels", "they would be tags of a service, and it is a part of HOST"},
	{"deploy.labels", "they would be tags of a service, and it is a part of HOST"},
}

// checkHost refuses what only a sidecar can have.
func (s *Sidecars) checkHost(name string) {
	if s.project.Services[name].Essential != nil {
		s.refuse(name, "x-berth.essential", "x-berth.essential is for sidecars", "its tasks always end with its own container", "remove it, or add x-berth.sidecar_of")
	}
}

// checkKeys refuses what a sidecar cannot have, because its task or its service has
// it.
func (s *Sidecars) checkKeys(name string) {
	host := s.hosts[name]
	c, h := s.project.Compose.Services[name], s.project.Compose.Services[host]
	for _, k := range ofTask {
		if s.has(name, k.key) {
			s.refuse(name, k.key, "a sidecar cannot set "+k.what, "it runs in the tasks of "+host, "write it in "+host)
		}
	}
	for _, k := range ignored {
		if s.has(name, k.key) {
			s.notice(name, k.key, "%s", k.key+" has no effect: "+strings.ReplaceAll(k.why, "HOST", host))
		}
	}
	if n, of := c.GetScale(), h.GetScale(); n != of && (c.Scale != nil || c.Deploy != nil && c.Deploy.Replicas != nil) {
		key := "deploy.replicas"
		if !s.has(name, key) {
			key = "scale"
		}
		s.refuse(name, key, fmt.Sprintf("it cannot have %d replicas", n), fmt.Sprintf("there is one in each task of %s, which has %d", host, of), "remove it, or write the number in "+host)
	}
	if c.Deploy != nil && c.Deploy.Mode != "" && c.Deploy.Mode != "replicated" {
		s.refuse(name, "deploy.mode", "deploy.mode "+c.Deploy.Mode+" is not supported", "there is one container in each task of "+host, "remove it")
	}
	if strings.TrimPrefix(c.Platform, "linux/") != strings.TrimPrefix(h.Platform, "linux/") && c.Platform != "" {
		s.refuse(name, "platform", "it cannot have the platform "+c.Platform, "all containers of a task run on one machine, that of "+host, "write the same platform in both, or remove it")
	}
	for _, sysctl := range sortedKeys(c.Sysctls) {
		if value, ok := h.Sysctls[sysctl]; ok && value != c.Sysctls[sysctl] {
			s.refuse(name, "sysctls", sysctl+" has another value in "+host, "a task has one network, and the container that starts last would set it", "write the same value in both")
		}
	}
	var beyond []string
	for _, n := range sortedKeys(c.Networks) {
		if _, ok := h.Networks[n]; !ok {
			beyond = append(beyond, n)
		}
	}
	if len(beyond) > 0 && !slices.Equal(beyond, []string{"default"}) {
		s.refuse(name, "networks", "it is in network "+strings.Join(beyond, ", ")+", and "+host+" is not", "a task has one network interface, in the networks of "+host, "add the network to "+host)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
