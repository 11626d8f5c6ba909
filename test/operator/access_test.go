package operator

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/operator/wire"
)

const secretOfKeys = `
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: default}
stringData:
  AWS_ACCESS_KEY_ID: AKIASECRET
  AWS_SECRET_ACCESS_KEY: x
  id: AKIAREF
  key: x
`

// TestCredentials goes through every way to sign in, and to an endpoint of the
// provider's own.
func TestCredentials(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, secretOfKeys)
	tests := []struct{ name, spec, key, identity string }{
		{"own", "", "AKIAOPERATOR", "user/operator"},
		{"secret", "  credentialsSecret: {name: keys}\n", "AKIASECRET", "user/operator"},
		{"refs", "  accessKeyIDRef: {name: keys, key: id}\n  secretAccessKeyRef: {name: keys, key: key}\n", "AKIAREF", "user/operator"},
		{"irsa", "  roleARN: arn:aws:iam::123456789012:role/team\n", "ASIAASSUMED", "assumed-role/team/"},
		{"assume", "  credentialsSecret: {name: keys}\n  assumeRoleARN: arn:aws:iam::123456789012:role/other\n  externalID: e\n", "ASIAASSUMED", "assumed-role/other/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(b.front.Keys())
			b.Apply(t, provider("default", tt.name, tt.spec))
			b.Apply(t, strings.Replace(shop("c-"+tt.name, ""), "providerRef: {name: aws}", "providerRef: {name: "+tt.name+"}", 1))
			b.synced(t, "default", "c-"+tt.name)
			if keys := b.front.Keys()[before:]; !slices.Contains(keys, tt.key) {
				t.Errorf("signed with %v, want %s", keys, tt.key)
			}
			if got := b.Must(t, "get", providers, tt.name, "-o", "jsonpath={.status.callerIdentity}"); !strings.Contains(got, tt.identity) {
				t.Errorf("the identity is %q, want %s", got, tt.identity)
			}
		})
	}
	t.Run("an endpoint of its own", func(t *testing.T) {
		other := wire.New(t, wire.NewWorld(t, sandbox.Options{Region: "us-east-1"}))
		b.Apply(t, provider("default", "emulator", "  endpoint: "+other.URL+"\n"))
		b.Apply(t, strings.Replace(shop("c-emulator", ""), "{name: aws}", "{name: emulator}", 1))
		b.synced(t, "default", "c-emulator")
		if other.Count()["CreateCluster"] != 1 || b.shown(t, "c-emulator") != nil {
			t.Error("the cluster was not made at the provider's endpoint")
		}
	})
	t.Run("no secret is told", func(t *testing.T) {
		b.Apply(t, strings.ReplaceAll(secretOfKeys, "AWS_SECRET_ACCESS_KEY: x", "AWS_SECRET_ACCESS_KEY: hush-hush"))
		b.Must(t, "annotate", clusters, "c-secret", group+"/reconcile-now=1")
		time.Sleep(time.Second)
		all := b.Must(t, "get", clusters+","+providers+",events.events.k8s.io", "-A", "-o", "yaml")
		if strings.Contains(all, "hush-hush") {
			t.Error("the secret key is in an object of the cluster")
		}
	})
}

// TestBadCredentials names what is wrong, and goes on as soon as it is put
// right: a Secret is not watched, but its provider is looked at again.
func TestBadCredentials(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	p := b.operate(t)
	b.Apply(t, provider("default", "aws", "  credentialsSecret: {name: late}\n"))
	b.Apply(t, shop("waits", ""))
	b.says(t, providers, "aws", "Ready", "False", "late")
	b.says(t, clusters, "waits", "Synced", "False", "aws")
	b.Apply(t, strings.Replace(secretOfKeys, "name: keys", "name: late", 1))
	until(t, 40*time.Second, "it goes on", func() bool { return b.isSynced(t, "waits") }, p.text)
}

// TestBorrowedProviders keeps one namespace's provider and Secret from another.
func TestBorrowedProviders(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, secretOfKeys)
	b.Apply(t, provider("production", "theirs", ""))
	b.Apply(t, strings.Replace(shop("borrowed", ""), "{name: aws}", "{name: theirs, namespace: production}", 1))
	b.says(t, clusters, "borrowed", "Synced", "False NotAllowed", "allowed-namespaces")
	b.Must(t, "annotate", providers, "theirs", "-n", "production", group+"/allowed-namespaces=default")
	b.synced(t, "default", "borrowed")

	b.Apply(t, provider("development", "spy", "  credentialsSecret: {name: keys, namespace: default}\n"))
	until(t, 20*time.Second, "the Secret is refused", func() bool {
		return strings.HasPrefix(b.condition(t, providers, "development", "spy", "Ready"), "False")
	}, func() string { return b.Must(t, "get", providers, "spy", "-n", "development", "-o", "yaml") })
	if slices.Contains(b.front.Keys(), "AKIASECRET") {
		t.Error("a provider used the Secret of another namespace")
	}
}

// ninePolicy is the policy of infra-operator's page.
const ninePolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
	"ecs:CreateCluster", "ecs:DeleteCluster", "ecs:DescribeClusters", "ecs:UpdateCluster", "ecs:UpdateClusterSettings",
	"ecs:PutClusterCapacityProviders", "ecs:TagResource", "ecs:UntagResource", "ecs:ListTagsForResource"]}]}`

// TestNineActions lives a cluster's life under exactly the permissions of the
// page.
func TestNineActions(t *testing.T) {
	b := newBed(t, sandbox.Options{MaxLag: time.Second})
	if err := b.front.World.SetPolicy([]byte(ninePolicy)); err != nil {
		t.Fatal(err)
	}
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	for _, file := range []string{"cluster-audit.yaml", "cluster-mesh.yaml"} {
		b.Apply(t, strings.Replace(page(t, file), "production-aws", "aws", 1))
	}
	b.Apply(t, shop("shop", "  capacityProviders: [FARGATE]\n  tags: {a: b}\n"))
	for _, name := range []string{"audit-cluster", "service-mesh-cluster", "shop"} {
		b.synced(t, "default", name)
	}
	b.Must(t, "patch", clusters, "shop", "--type=merge", "-p", `{"spec":{"tags":{"a":null,"c":"d"},"capacityProviders":["FARGATE_SPOT"]}}`)
	b.synced(t, "default", "shop")
	b.Must(t, "delete", clusters, "--all", "--timeout=30s")

	t.Run("a missing one is named", func(t *testing.T) {
		without := strings.Replace(ninePolicy, `"ecs:PutClusterCapacityProviders", `, "", 1)
		if err := b.front.World.SetPolicy([]byte(without)); err != nil {
			t.Fatal(err)
		}
		b.Apply(t, shop("denied", "  capacityProviders: [FARGATE]\n"))
		b.synced(t, "default", "denied")
		b.Must(t, "patch", clusters, "denied", "--type=merge", "-p", `{"spec":{"capacityProviders":["FARGATE_SPOT"]}}`)
		b.says(t, clusters, "denied", "Synced", "False AccessDenied", "ecs:PutClusterCapacityProviders")
		if err := b.front.World.SetPolicy([]byte(ninePolicy)); err != nil {
			t.Fatal(err)
		}
		b.Must(t, "delete", clusters, "denied", "--timeout=30s")
	})
}
