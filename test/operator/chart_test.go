package operator

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/test/operator/kubeapi"
)

const (
	chart     = "../../deploy/chart"
	manifests = "../../deploy/manifests"
	// namespace and account are those of the page, which trust policies name.
	namespace = "infra-operator-system"
	account   = "infra-operator-controller-manager"
)

// helm runs the built helm and returns all that it says.
func helm(t *testing.T, s *kubeapi.Server, args ...string) (string, error) {
	t.Helper()
	program := filepath.Join(programs(t), "helm")
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	if s != nil {
		cmd.Env = append(cmd.Env, "KUBECONFIG="+s.Kubeconfig)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func programs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(kubeapi.Programs)
	if dir == "" {
		t.Skip(kubeapi.Programs + " is not set: run make test-operator")
	}
	return dir
}

func render(t *testing.T, args ...string) string {
	t.Helper()
	out, err := helm(t, nil, append([]string{"template", "infra-operator", chart, "--namespace", namespace}, args...)...)
	if err != nil {
		t.Fatalf("helm template %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func TestChartIsClean(t *testing.T) {
	t.Parallel()
	if out, err := helm(t, nil, "lint", "--strict", chart); err != nil {
		t.Errorf("helm lint: %v\n%s", err, out)
	}
}

func TestManifestsAreTheChart(t *testing.T) {
	t.Parallel()
	for file, args := range map[string][]string{
		"kinds.yaml":    {"--set", "crds.keep=false", "--show-only", "templates/crds.yaml"},
		"operator.yaml": {"--set", "crds.install=false", "--set", "namespace.create=true"},
	} {
		want := render(t, args...)
		got, err := os.ReadFile(filepath.Join(manifests, file))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the chart says: run make generate", file)
		}
	}
}

func TestChartOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		set       string
		want, not []string
	}{
		{
			name: "as it is", set: "replicas=1",
			want: []string{"control-plane: controller-manager", "kind: Service", "helm.sh/resource-policy: keep"},
			not:  []string{"kind: ServiceMonitor", "kind: PodDisruptionBudget", "kind: Namespace", "--sandbox"},
		},
		{name: "monitored", set: "metrics.serviceMonitor.enabled=true", want: []string{"kind: ServiceMonitor", "port: metrics"}},
		{
			name: "no metrics", set: "metrics.enabled=false",
			want: []string{"--metrics-bind-address=0"}, not: []string{"kind: Service\n", "name: metrics"},
		},
		{name: "standbys", set: "replicas=3", want: []string{"kind: PodDisruptionBudget", "podAntiAffinity"}},
		{name: "the sandbox", set: "operator.sandbox=true", want: []string{"- --sandbox"}},
		{
			name: "a role", set: `serviceAccount.annotations.eks\.amazonaws\.com/role-arn=arn:aws:iam::123456789012:role/x`,
			want: []string{"eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/x"},
		},
		{
			name: "secrets of two namespaces", set: "rbac.secrets.everywhere=false,rbac.secrets.namespaces={a,b}",
			want: []string{"namespace: a\n", "namespace: b\n"},
		},
		{name: "a digest", set: "image.digest=sha256:" + strings.Repeat("a", 64), want: []string{"image: ghcr.io/berthdev/berth-operator@sha256:aaa"}},
		{name: "the kinds are there already", set: "crds.install=false", not: []string{"CustomResourceDefinition"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := render(t, "--set", tt.set)
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("%q is not in it", w)
				}
			}
			for _, n := range tt.not {
				if strings.Contains(got, n) {
					t.Errorf("%q is in it", n)
				}
			}
		})
	}
}

func TestChartRefusesUnknownValues(t *testing.T) {
	t.Parallel()
	for _, set := range []string{"replica=2", "operator.resync=soon", "image.digest=latest", "operator.verbose=loud"} {
		out, err := helm(t, nil, "template", chart, "--set", set)
		if err == nil || !strings.Contains(out, "schema") {
			t.Errorf("--set %s: %v\n%s", set, err, out)
		}
	}
}

// TestChartArguments starts berth-operator with what the chart passes to it: it
// must get as far as looking for Kubernetes.
func TestChartArguments(t *testing.T) {
	t.Parallel()
	_, container, ok := strings.Cut(render(t, "--show-only", "templates/deployment.yaml",
		"--set", "operator.verbose=true,operator.sandbox=true,operator.namespaces={a},operator.args={--cluster-id=x}"), "        args:\n")
	if !ok {
		t.Fatal("no arguments")
	}
	var args []string
	for line := range strings.Lines(container) {
		arg, ok := strings.CutPrefix(line, "        - ")
		if !ok {
			break
		}
		args = append(args, strings.Trim(strings.TrimSpace(arg), `"`))
	}
	if len(args) < 9 {
		t.Errorf("arguments: %q", args)
	}
	cmd := exec.CommandContext(t.Context(), binary(t, "berth-operator"), append(args, "--kubeconfig="+filepath.Join(t.TempDir(), "none"))...)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "finding Kubernetes") {
		t.Errorf("berth-operator %q: %v\n%s", args, err, out)
	}
}
