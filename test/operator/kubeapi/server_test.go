package kubeapi

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

const deployer = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: reader, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reads-maps}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader-reads-maps}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reads-maps}
subjects:
- {kind: ServiceAccount, name: reader, namespace: default}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: greeting, namespace: default}
data: {text: hello}
`

func TestServer(t *testing.T) {
	t.Parallel()
	s := Start(t)
	before := s.Writes(t)
	s.Apply(t, deployer)
	if n := s.Writes(t)["POST configmaps"] - before["POST configmaps"]; n != 1 {
		t.Errorf("%d created config maps counted, want 1", n)
	}

	t.Run("a service account may do what its role says", func(t *testing.T) {
		config := s.ServiceAccountConfig(t, "default", "reader")
		got := s.Kubectl(t, "", "--kubeconfig", config, "get", "configmap", "greeting", "-o", "jsonpath={.data.text}")
		if got.Code != 0 || got.Stdout != "hello" {
			t.Errorf("reading: %+v", got)
		}
		got = s.Kubectl(t, "", "--kubeconfig", config, "delete", "configmap", "greeting")
		if got.Code == 0 || !strings.Contains(got.Stderr, "Forbidden") {
			t.Errorf("deleting: %+v", got)
		}
	})

	t.Run("pod security is admission's", func(t *testing.T) {
		s.Apply(t, `
apiVersion: v1
kind: Namespace
metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: strict}
`)
		got := s.Kubectl(t, "", "run", "root", "-n", "strict", "--image=example.com/root")
		if got.Code == 0 || !strings.Contains(got.Stderr, "violates PodSecurity") {
			t.Errorf("a pod that may be root: %+v", got)
		}
	})
}

func TestCloseLeavesNothing(t *testing.T) {
	t.Parallel()
	if os.Getenv(Programs) == "" {
		t.Skip(Programs + " is not set: run make test-operator")
	}
	s, err := Open(os.Getenv(Programs))
	if err != nil {
		t.Fatal(err)
	}
	var groups []int
	for _, p := range []*process{s.store, s.api} {
		groups = append(groups, p.cmd.Process.Pid)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", s.dir, err)
	}
	for _, g := range groups {
		// Init takes a moment to bury what was killed.
		deadline := time.Now().Add(10 * time.Second)
		for syscall.Kill(-g, 0) == nil {
			if time.Now().After(deadline) {
				t.Fatalf("process group %d still runs", g)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func TestAProgramThatEndsIsSaid(t *testing.T) {
	t.Parallel()
	p, err := launch(t.TempDir(), "sh", "-c", "echo no such store; exit 3")
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	err = p.until(func() bool { return false }, time.Minute)
	if err == nil || !strings.Contains(err.Error(), "no such store") {
		t.Errorf("got %v, want the end of the log", err)
	}
}
