package operator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"sigs.k8s.io/yaml"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// TestForesee shows for a whole cluster what taking over changes, and changes
// nothing.
func TestForesee(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.existing(tag("old", "stale"))
		b.legacy(testARN, "")
		o := b.get("main")
		o.APIVersion, o.Kind = v1alpha1.GroupVersion().String(), v1alpha1.KindCluster
		text, err := yaml.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": []any{
			o, map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "x"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		for _, provider := range []string{"", "\n---\n" + staticProvider} {
			m, err := ReadManifests("-", strings.NewReader(string(text)+provider))
			if err != nil || len(m.Clusters) != 1 || len(m.Ignored) == 0 {
				t.Fatalf("%+v, %v", m, err)
			}
			before := b.calls(changing...)
			found, err := (&Foreseer{Connector: b.worlds}).Foresee(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if b.calls(changing...) != before {
				t.Error("AWS was changed")
			}
			f := found[0]
			shown = append(shown, fmt.Sprintf("%s|%s|%s|%s", f.Whose, f.Stays, changesIn(f.Plan), strings.Join(f.Notes, ";")))
		}
		for i, want := range []string{
			"tags.old: stale -> (none)", "AWSProvider default/aws is not among the manifests",
			"to be taken over|", "insights: disabled -> enabled", "tags.managed-by: -> infra-operator", "defaultTags are set on clusters now",
		} {
			if !strings.Contains(shown[i/2%2], want) && !strings.Contains(shown[1], want) {
				t.Errorf("%q is not in\n%s", want, strings.Join(shown, "\n"))
			}
		}
		// What was foreseen is what happens, and then nothing is left to do.
		b.sync("main")
		b.synced("main")
		m, err := ReadManifests("-", strings.NewReader(basicCluster+"\n---\n"+staticProvider))
		if err != nil {
			t.Fatal(err)
		}
		found, err := (&Foreseer{Connector: b.worlds}).Foresee(t.Context(), m)
		if err != nil || found[0].Plan == nil || !found[0].Plan.Empty() || found[0].Whose != mine.words() {
			t.Errorf("%+v, %v", found, err)
		}
	})
}

func TestReadManifests(t *testing.T) {
	t.Parallel()
	head := "apiVersion: aws-infra-operator.runner.codes/v1alpha1\nkind: ECSCluster\nmetadata: {name: x}\nspec:\n"
	for name, tt := range map[string]struct{ text, want string }{
		"a mistyped key":   {head + "  clusterNme: a", `f.yaml: document 1: ECSCluster x: spec has no key "clusterNme". Did you mean clusterName?`},
		"another case":     {head + "  providerRef: {name: a}\n  capacityproviders: [FARGATE]", `spec has no key "capacityproviders". Did you mean capacityProviders?`},
		"a key within":     {head + "  configuration: {executeCommandConfiguration: {kmsKeyID: a}, other: 1}", `spec has no key "other"`},
		"a wrong type":     {head + "  clusterName: [a]", "f.yaml: document 1: ECSCluster x: "},
		"no YAML":          {"a: [\n", "f.yaml: document 1: yaml: line"},
		"both at once":     {"a: [\n---\n" + head + "  clusterNme: a", "document 2: ECSCluster x"},
		"an item, no list": {"apiVersion: v1\nkind: List\nitems: [1]", "item 1 is no object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := ReadManifests("f.yaml", strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	files, err := filepath.Glob("testdata/page/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifests(f, strings.NewReader(string(text))); err != nil || !AreManifests(text) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if AreManifests([]byte("services:\n  web:\n    image: nginx\nconfigs:\n  a:\n    content: |\n      apiVersion: v1\n")) {
		t.Error("a Compose file passes for manifests")
	}
}
