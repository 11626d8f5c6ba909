package manifests_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/operator/manifests"
)

func TestRead(t *testing.T) {
	t.Parallel()
	head := "apiVersion: aws-infra-operator.runner.codes/v1alpha1\nkind: ECSCluster\nmetadata: {name: x}\nspec:\n"
	for name, tt := range map[string]struct{ text, want string }{
		"a mistyped key":   {head + "  clusterNme: a", `f.yaml: document 1: ECSCluster x: spec has no key "clusterNme". Did you mean clusterName?`},
		"another case":     {head + "  providerRef: {name: a}\n  capacityproviders: [FARGATE]", `spec has no key "capacityproviders". Did you mean capacityProviders?`},
		"a key within":     {head + "  configuration: {executeCommandConfiguration: {kmsKeyID: a}, other: 1}", `spec has no key "other"`},
		"a wrong type":     {head + "  clusterName: [a]", "f.yaml: document 1: ECSCluster x: "},
		"no YAML":          {"a: [\n", "f.yaml: document 1: yaml: line"},
		"both at once":     {"a: [\n---\n" + head + "  clusterNme: a", "document 2: ECSCluster x"},
		"an item, no list": {"apiVersion: v1\nkind: List\nitems: [1]", "item 1 is not an object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := manifests.Read("f.yaml", strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	files, err := filepath.Glob("../testdata/page/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := manifests.Read(f, strings.NewReader(string(text))); err != nil || !manifests.Are(text) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if manifests.Are([]byte("services:\n  web:\n    image: nginx\nconfigs:\n  a:\n    content: |\n      apiVersion: v1\n")) {
		t.Error("a Compose file passes for manifests")
	}
}
