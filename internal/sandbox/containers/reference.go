package containers

import "strings"

// Reference is an image reference with its registry and tag.
func Reference(image string) string {
	first, _, more := strings.Cut(image, "/")
	switch {
	case !more:
		image = "docker.io/library/" + image
	case !strings.ContainsAny(first, ".:") && first != "localhost":
		image = "docker.io/" + image
	}
	if !strings.Contains(image[strings.LastIndex(image, "/"):], ":") {
		image += ":latest"
	}
	return image
}

// OnHub says whether an image comes from Docker Hub.
func OnHub(image string) bool { return strings.HasPrefix(Reference(image), "docker.io/") }
