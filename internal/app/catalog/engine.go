package catalog

import (
	"slices"
	"strings"
)

// forEngine are programs that watch or steer the container engine beside them,
// by the last part of their image's name, or by owner and name. A proxy that
// finds its services there is one of them.
func forEngine() []string {
	return []string{
		"acme-companion", "autoheal", "caddy-docker-proxy", "cadvisor", "diun", "docker-autoheal", "docker-gen", "docker-socket-proxy",
		"dozzle", "logspout", "nginx-proxy", "ofelia", "portainer", "portainer-ce", "portainer/agent", "socket-proxy", "traefik", "watchtower",
	}
}

// NeedsEngine says whether an image is of no use without a container engine
// beside it.
func NeedsEngine(image string) bool {
	name, _ := Name(image)
	return slices.ContainsFunc(forEngine(), func(known string) bool { return name == known || strings.HasSuffix(name, "/"+known) })
}
