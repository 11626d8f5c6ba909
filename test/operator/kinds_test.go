package operator

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/sandbox"
)

// TestPageIsAccepted applies every manifest of infra-operator's page for ECS:
// the real API must take each without a warning about a field.
func TestPageIsAccepted(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	files, err := filepath.Glob("testdata/page/*.yaml")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d manifests, %v", len(files), err)
	}
	for _, file := range files {
		out := b.Kubectl(t, page(t, filepath.Base(file)), "apply", "--validate=strict", "-f", "-")
		if out.Code != 0 || out.Stderr != "" {
			t.Errorf("%s: exit code %d\n%s%s", file, out.Code, out.Stdout, out.Stderr)
		}
	}
	t.Run("columns", func(t *testing.T) {
		for kind, want := range map[string]string{
			"ecscluster":  "NAME CLUSTER NAME STATUS READY AGE",
			"awsprovider": "NAME REGION READY ACCOUNT AGE",
		} {
			head, _, _ := strings.Cut(b.Must(t, "get", kind), "\n")
			if got := strings.Join(strings.Fields(head), " "); got != want {
				t.Errorf("kubectl get %s: columns %q, want %q", kind, got, want)
			}
		}
		b.Must(t, "get", "awsp", "production-aws")
	})
}

// TestKindsRefuse lists what the API server itself refuses, before any
// controller has to.
func TestKindsRefuse(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.Apply(t, page(t, "cluster-hybrid.yaml"))
	tests := []struct{ name, manifest, want string }{
		{"no spec", `{"kind": "ECSCluster", "metadata": {"name": "x"}}`, "spec"},
		{"a provider without a spec", `{"kind": "AWSProvider", "metadata": {"name": "x"}}`, "spec"},
		{"no name", `{"kind": "ECSCluster", "metadata": {"name": "x"}, "spec": {"providerRef": {"name": "a"}}}`, "clusterName"},
		{"a name that ECS refuses", ecsCluster(`"clusterName": "no spaces"`), "clusterName"},
		{"no provider", `{"kind": "ECSCluster", "metadata": {"name": "x"}, "spec": {"clusterName": "a"}}`, "providerRef"},
		{"a policy that does not exist", ecsCluster(`"clusterName": "a", "deletionPolicy": "Orphan"`), "deletionPolicy"},
		{"a weight above AWS's", ecsCluster(`"clusterName": "a", "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1001}]`), "weight"},
		{"a field that does not exist", ecsCluster(`"clusterName": "a", "capacityProvider": "FARGATE"`), "capacityProvider"},
		{"a provider without a region", `{"kind": "AWSProvider", "metadata": {"name": "x"}, "spec": {}}`, "region"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			manifest := strings.Replace(tt.manifest, "{", `{"apiVersion": "`+group+`/v1alpha1", `, 1)
			out := b.Kubectl(t, manifest, "create", "--validate=strict", "-f", "-")
			if out.Code == 0 || !strings.Contains(out.Stderr, tt.want) {
				t.Errorf("exit code %d, want one that names %q\n%s", out.Code, tt.want, out.Stderr)
			}
		})
	}
	t.Run("another name", func(t *testing.T) {
		out := b.Kubectl(t, "", "patch", "ecscluster", "hybrid-cluster", "--type=merge", "-p", `{"spec":{"clusterName":"other"}}`)
		if out.Code == 0 || !strings.Contains(out.Stderr, "clusterName cannot be changed") {
			t.Errorf("exit code %d\n%s", out.Code, out.Stderr)
		}
	})
}

func ecsCluster(spec string) string {
	return `{"kind": "ECSCluster", "metadata": {"name": "x"}, "spec": {"providerRef": {"name": "a"}, ` + spec + `}}`
}
