package operator

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/test/operator/kubeapi"
)

// TestInstall installs the chart into a Kubernetes of its own, the way a user
// does, over the kinds that another operator left.
func TestInstall(t *testing.T) {
	t.Parallel()
	s := kubeapi.Start(t)
	s.Apply(t, `
apiVersion: v1
kind: Namespace
metadata: {name: `+namespace+`, labels: {pod-security.kubernetes.io/enforce: restricted}}
`)
	s.Must(t, "create", "-f", "testdata/legacy-kinds.yaml") // as a chart's own crds folder does
	s.Must(t, "wait", "--for=condition=Established", "--timeout=30s", "crd", providers, clusters)
	s.Apply(t, `
apiVersion: `+group+`/v1alpha1
kind: ECSCluster
metadata: {name: odd, namespace: default}
spec: {clusterName: "has spaces", providerRef: {name: aws}, unknown: field}
`)
	install := []string{"install", "infra-operator", chart, "--namespace", namespace}
	if out, err := helm(t, s, install...); err == nil || !strings.Contains(out, "ownership") {
		t.Errorf("helm took over the kinds unasked: %v\n%s", err, out)
	}
	if out, err := helm(t, s, append(install, "--take-ownership", "--force-conflicts")...); err != nil {
		t.Fatalf("helm install: %v\n%s", err, out)
	}
	t.Run("objects from before live on", func(t *testing.T) {
		// Whatever is wrong with them, a controller must be able to say so and to
		// let them go.
		s.Must(t, "patch", "ecscluster", "odd", "--subresource=status", "--type=merge", "-p", `{"status":{"status":"INACTIVE"}}`)
		s.Must(t, "patch", "ecscluster", "odd", "--type=merge", "-p", `{"metadata":{"finalizers":["`+group+`/x"]}}`)
		s.Must(t, "patch", "ecscluster", "odd", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		s.Must(t, "delete", "ecscluster", "odd", "--timeout=20s")
	})
	t.Run("its pod is admitted", func(t *testing.T) { admitted(t, s) })
	t.Run("its account may what it must", func(t *testing.T) { permitted(t, s) })
	t.Run("it can be upgraded", func(t *testing.T) {
		out, err := helm(t, s, "upgrade", "infra-operator", chart, "--namespace", namespace, "--set", "replicas=2,rbac.secrets.everywhere=false")
		if err != nil {
			t.Fatalf("helm upgrade: %v\n%s", err, out)
		}
		if got := canI(t, s, "get", "secrets"); got != "no" {
			t.Errorf("it may still read secrets: %s", got)
		}
	})
	t.Run("the kinds stay when it goes", func(t *testing.T) {
		if out, err := helm(t, s, "uninstall", "infra-operator", "--namespace", namespace); err != nil {
			t.Fatalf("helm uninstall: %v\n%s", err, out)
		}
		s.Must(t, "get", "crd", providers, clusters)
		if out := s.Must(t, "get", "deployments,clusterroles,services", "-n", namespace, "-l", "app.kubernetes.io/name=berth-operator", "-o", "name"); out != "" {
			t.Errorf("left behind:\n%s", out)
		}
	})
	t.Run("plain manifests", func(t *testing.T) {
		for _, file := range []string{"kinds.yaml", "operator.yaml"} {
			s.Must(t, "apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", filepath.Join(manifests, file))
		}
		admitted(t, s)
		permitted(t, s)
		// The page's own line.
		s.Must(t, "annotate", "serviceaccount", account, "-n", namespace,
			"eks.amazonaws.com/role-arn=arn:aws:iam::123456789012:role/infra-operator-ecs-role")
	})
}

// admitted makes the deployment's pod, as its controller would: the API server
// checks it against the namespace's pod security.
func admitted(t *testing.T, s *kubeapi.Server) {
	t.Helper()
	var deployment struct {
		Spec struct {
			Template map[string]any `json:"template"`
		} `json:"spec"`
	}
	if err := json.Unmarshal([]byte(s.Must(t, "get", "deployment", account, "-n", namespace, "-o", "json")), &deployment); err != nil {
		t.Fatal(err)
	}
	pod := deployment.Spec.Template
	pod["apiVersion"], pod["kind"] = "v1", "Pod"
	pod["metadata"].(map[string]any)["name"] = "one"
	text, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	out := s.Kubectl(t, string(text), "create", "-n", namespace, "-f", "-")
	if out.Code != 0 || out.Stderr != "" {
		t.Fatalf("the pod: %s%s", out.Stdout, out.Stderr)
	}
	if got := s.Must(t, "get", "pods", "-n", namespace, "-l", "control-plane=controller-manager", "-o", "name"); got != "pod/one\n" {
		t.Errorf("the label of the page finds %q", got)
	}
	s.Must(t, "delete", "pod", "one", "-n", namespace, "--now")
}

func permitted(t *testing.T, s *kubeapi.Server) {
	t.Helper()
	tests := map[string][]string{
		"yes": {
			"get " + clusters, "list " + clusters, "watch " + clusters, "patch " + clusters, "patch " + clusters + "/status",
			"get " + providers, "list " + providers, "watch " + providers, "patch " + providers, "patch " + providers + "/status",
			"get secrets", "create events.events.k8s.io", "get namespaces",
			"create leases.coordination.k8s.io", "update leases.coordination.k8s.io",
		},
		"no": {
			"create " + clusters, "update " + clusters, "delete " + clusters, "deletecollection " + clusters,
			"create " + providers, "update " + providers, "delete " + providers,
			"list secrets", "watch secrets", "update secrets", "create secrets",
			"list namespaces", "get pods", "get configmaps", "create pods", "create serviceaccounts/token",
			"get customresourcedefinitions.apiextensions.k8s.io", "escalate clusterroles.rbac.authorization.k8s.io",
			"impersonate users", "delete leases.coordination.k8s.io",
		},
	}
	for want, questions := range tests {
		for _, q := range questions {
			verb, resource, _ := strings.Cut(q, " ")
			if got := canI(t, s, verb, resource); got != want {
				t.Errorf("may it %s? %s, want %s", q, got, want)
			}
		}
	}
}

func canI(t *testing.T, s *kubeapi.Server, verb, resource string) string {
	t.Helper()
	resource, sub, _ := strings.Cut(resource, "/")
	args := []string{"auth", "can-i", verb, resource, "-n", namespace, "--as=system:serviceaccount:" + namespace + ":" + account}
	if sub != "" {
		args = append(args, "--subresource="+sub)
	}
	return strings.TrimSpace(s.Kubectl(t, "", args...).Stdout)
}
