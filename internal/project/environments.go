package project

import (
	"os"
	"regexp"
	"slices"
)

// Environments are the environments that a folder has files of, by the name of the
// file: compose.prod.yaml and .env.prod are of prod.
func Environments(dir string) map[string]string {
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return out
	}
	name := regexp.MustCompile(`^(?:(?:docker-)?compose\.([a-z][a-z0-9-]*)\.ya?ml|\.env\.([a-z][a-z0-9-]*))$`)
	for _, e := range entries {
		m := name.FindStringSubmatch(e.Name())
		if m == nil || slices.Contains([]string{"override", berthOverlay, "example", "sample", "template", "local"}, m[1]+m[2]) {
			continue
		}
		if env := m[1] + m[2]; out[env] == "" || m[1] != "" {
			out[env] = e.Name() // a Compose file says more than one of variables
		}
	}
	return out
}
