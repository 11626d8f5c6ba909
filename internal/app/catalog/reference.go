package catalog

import (
	"net"
	"strings"

	"github.com/distribution/reference"
)

// ReferenceProblem says why nothing can be pulled by a reference to an image, and what
// to write instead; empty if the reference is well formed. Whether there is such an
// image, only its registry knows.
func ReferenceProblem(ref string) (why, remedy string) {
	named, err := reference.ParseNormalizedNamed(ref)
	switch {
	case err != nil && lowered(ref) != ref && wellFormed(lowered(ref)):
		return "names of images are in lower case", "write " + lowered(ref)
	case strings.Contains(ref, "://"):
		return "a reference has no scheme", "write " + ref[strings.Index(ref, "://")+len("://"):]
	case err != nil:
		return err.Error(), "write REGISTRY/NAME:TAG"
	}
	host := reference.Domain(named)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if ip := net.ParseIP(host); host == "localhost" || host == "host.docker.internal" || ip != nil && ip.IsLoopback() {
		return "AWS cannot reach a registry on this computer", "push the image to a registry that AWS reaches, such as Amazon ECR, or let berth build it with `build:`"
	}
	return "", ""
}

func wellFormed(ref string) bool {
	_, err := reference.ParseNormalizedNamed(ref)
	return err == nil
}

// lowered is a reference with its name in lower case; a tag may have capitals.
func lowered(ref string) string {
	name, tag := ref, ""
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		name, tag = ref[:i], ref[i:]
	}
	return strings.ToLower(name) + tag
}
