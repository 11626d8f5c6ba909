package blueprint

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/aws/iam"
)

// TestTheBoundaryIsOnEveryRole builds a stack with every role that berth makes,
// including those of the environment and of builds.
func TestTheBoundaryIsOnEveryRole(t *testing.T) {
	t.Parallel()
	const boundary = "arn:aws:iam::123456789012:policy/boundary"
	const file = `
name: bound
x-berth:
  permissions_boundary: ` + boundary + `
  volumes: {pics: {bucket: shop-pics}}
services:
  api: {build: ., expose: ["80"], environment: {TOKEN: null}, volumes: ["pics:/pics"]}
  plain: {image: "example/plain:1", expose: ["80"], x-berth: {policies: [AmazonS3ReadOnlyAccess]}}
volumes: {pics: {}}
`
	var names []string
	for _, n := range graphOf(t, file, "dev").Nodes() {
		role, ok := n.Resource.(iam.Role)
		if !ok {
			continue
		}
		names = append(names, n.Address.Name)
		if role.Boundary != boundary {
			t.Errorf("%s has the boundary %q", n.Address, role.Boundary)
		}
	}
	slices.Sort(names)
	want := []string{"_builds", "api", "bucket/shop-pics", "execution", "execution/api", "plain"}
	if d := cmp.Diff(want, names); d != "" {
		t.Errorf("roles (-want +got):\n%s", d)
	}
}
