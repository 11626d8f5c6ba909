package catalog_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app/catalog"
)

func TestReferenceProblem(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0a", 32)
	for ref, want := range map[string]string{
		"nginx": "", "nginx:1.29-alpine": "", "docker.io/library/nginx": "", "ghcr.io/owner/name_x/y:V1.2": "",
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@" + digest: "", "registry.example:5000/a": "", "nginx@" + digest: "",
		"Registry.Example.com/a:Tag": "",
		"Owner/Web:Latest":           "names of images are in lower case; write owner/web:Latest",
		"https://ghcr.io/a/b:1":      "a reference has no scheme; write ghcr.io/a/b:1",
		"nginx:":                     "invalid reference format; write REGISTRY/NAME:TAG",
		"nginx:1.29:alpine":          "invalid reference format; write REGISTRY/NAME:TAG",
		"nginx:-1":                   "invalid reference format; write REGISTRY/NAME:TAG",
		"a//b":                       "invalid reference format; write REGISTRY/NAME:TAG",
		"a b":                        "invalid reference format; write REGISTRY/NAME:TAG",
		"nginx@sha256:12":            "invalid reference format; write REGISTRY/NAME:TAG",
		"nginx@md5:12":               "invalid reference format; write REGISTRY/NAME:TAG",
		"localhost:5000/web:1":       "AWS cannot reach a registry on this computer",
		"127.0.0.1/web":              "AWS cannot reach a registry on this computer",
	} {
		why, remedy := catalog.ReferenceProblem(ref)
		if got := strings.TrimSuffix(why+"; "+remedy, "; "); got != want && (want == "" || !strings.HasPrefix(got, want)) {
			t.Errorf("%s: %q; want %q", ref, got, want)
		}
	}
}
