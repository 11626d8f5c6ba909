package run_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"

	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/test/bed"
)

// TestWhatServiceConnectLeavesGoes: its Cloud Map services outlive the ECS
// services, and a namespace with services cannot be deleted.
func TestWhatServiceConnectLeavesGoes(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `
name: shop
services: {api: {image: "example/api:1", expose: ["3000"]}, web: {image: "example/web:1", expose: ["80"]}}
x-berth: {discovery: connect}
`)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, run.Request{})
		if n := len(connected(t, b)); n != 2 {
			t.Fatalf("Service Connect has %d services; want 2", n)
		}
		mustRun(t, b, a, run.Request{Down: true})
		if left := connected(t, b); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		spaces, err := servicediscovery.NewFromConfig(b.World.Config()).ListNamespaces(t.Context(), &servicediscovery.ListNamespacesInput{})
		if err != nil || len(spaces.Namespaces) > 0 {
			t.Errorf("%d namespaces are left (%v)", len(spaces.Namespaces), err)
		}
	})
}

func connected(t *testing.T, b *bed.Bed) []string {
	t.Helper()
	out, err := servicediscovery.NewFromConfig(b.World.Config()).ListServices(t.Context(), &servicediscovery.ListServicesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range out.Services {
		if name := aws.ToString(s.Name); strings.HasPrefix(name, "connect-") {
			names = append(names, name)
		}
	}
	return names
}
