package operator

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/operator/kubeapi"
	"github.com/berthdev/berth/test/operator/wire"
)

const (
	group     = "aws-infra-operator.runner.codes"
	providers = "awsproviders." + group
	clusters  = "ecsclusters." + group
)

// cluster is the Kubernetes of all tests of this package, which run one after
// the other: starting one takes seconds of both cores.
var cluster struct {
	once   sync.Once
	server *kubeapi.Server
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if cluster.server != nil {
		if err := cluster.server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// bed is a Kubernetes with the kinds and the operator's roles in it, an AWS
// with nothing in it, and no operator yet.
type bed struct {
	*kubeapi.Server
	front *wire.Front
	// config is a kubeconfig with the rights of the operator's account.
	config string
}

// newBed takes the shared Kubernetes, as good as new, and a world.
func newBed(t *testing.T, opt sandbox.Options) *bed {
	t.Helper()
	b := &bed{Server: shared(t)}
	b.wipe(t)
	t.Cleanup(func() { b.wipe(t) })
	if opt.Region == "" {
		opt.Region = "us-east-1"
	}
	b.front = wire.New(t, wire.NewWorld(t, opt))
	b.config = b.ServiceAccountConfig(t, namespace, account)
	return b
}

func shared(t *testing.T) *kubeapi.Server {
	t.Helper()
	dir := programs(t)
	cluster.once.Do(func() {
		if cluster.server, cluster.err = kubeapi.Open(dir); cluster.err != nil {
			return
		}
		s := cluster.server
		s.Must(t, "apply", "--server-side", "-f", filepath.Join(manifests, "kinds.yaml"))
		s.Must(t, "wait", "--for=condition=Established", "--timeout=30s", "crd", providers, clusters)
		s.Must(t, "apply", "--server-side", "-f", filepath.Join(manifests, "operator.yaml"))
		for _, ns := range []string{"development", "production"} {
			s.Must(t, "create", "namespace", ns)
		}
	})
	if cluster.err != nil {
		t.Fatal(cluster.err)
	}
	return cluster.server
}

// wipe removes every object of the kinds, whatever holds it. Namespaces stay:
// without a controller manager they cannot end.
func (b *bed) wipe(t *testing.T) {
	t.Helper()
	for _, kind := range []string{clusters, providers} {
		names := b.Must(t, "get", kind, "-A", "-o", `jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\n"}{end}`)
		if names == "" {
			continue
		}
		b.Must(t, "delete", kind, "-A", "--all", "--wait=false")
		for _, name := range strings.Fields(names) {
			ns, name, _ := strings.Cut(name, "/")
			b.Kubectl(t, "", "patch", kind, name, "-n", ns, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		}
	}
}

// object is what Kubernetes has of one object; nil when it has none.
func (b *bed) object(t *testing.T, kind, ns, name string) map[string]any {
	t.Helper()
	out := b.Must(t, "get", kind, name, "-n", ns, "-o", "json", "--ignore-not-found")
	if out == "" {
		return nil
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(out), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// condition is "True Reason: message" of one condition of an object.
func (b *bed) condition(t *testing.T, kind, ns, name, condition string) string {
	t.Helper()
	path := fmt.Sprintf(`jsonpath={range .status.conditions[?(@.type==%q)]}{.status} {.reason}: {.message}{end}`, condition)
	return b.Must(t, "get", kind, name, "-n", ns, "-o", path, "--ignore-not-found")
}

// until waits until something is so; last is what to say when it never is.
func until(t *testing.T, limit time.Duration, what string, so func() bool, last func() string) {
	t.Helper()
	for deadline := time.Now().Add(limit); !so(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not after %s\n%s", what, limit, last())
		}
	}
}

// synced waits until an ECSCluster is ready and as its spec says.
func (b *bed) synced(t *testing.T, ns, name string) {
	t.Helper()
	path := `jsonpath={.metadata.generation} {.status.ready} {range .status.conditions[*]}{.type}={.status}@{.observedGeneration} {end}`
	until(t, 30*time.Second, ns+"/"+name+" is in sync", func() bool {
		out := b.Must(t, "get", clusters, name, "-n", ns, "-o", path)
		generation, _, _ := strings.Cut(out, " ")
		return strings.Contains(out, " true ") &&
			strings.Contains(out, "Ready=True@"+generation+" ") && strings.Contains(out, "Synced=True@"+generation+" ")
	}, func() string { return b.Must(t, "get", clusters, name, "-n", ns, "-o", "yaml") })
}

// page is one of the manifests of infra-operator's documentation.
func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "page", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
