package operator

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"sigs.k8s.io/yaml"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/ecscluster"
	"github.com/berthdev/berth/internal/operator/manifests"
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
			m, err := manifests.Read("-", strings.NewReader(string(text)+provider))
			if err != nil || len(m.Clusters) != 1 || len(m.Ignored) == 0 {
				t.Fatalf("%+v, %v", m, err)
			}
			before := b.calls(changing...)
			found, err := (&ecscluster.Foreseer{Connector: b.worlds}).Foresee(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if b.calls(changing...) != before {
				t.Error("AWS was changed")
			}
			f := found[0]
			shown = append(shown, fmt.Sprintf("%s|%s|%s|%s", f.Whose, f.Stays, ecscluster.ChangesIn(f.Plan), strings.Join(f.Notes, ";")))
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
		m, err := manifests.Read("-", strings.NewReader(basicCluster+"\n---\n"+staticProvider))
		if err != nil {
			t.Fatal(err)
		}
		found, err := (&ecscluster.Foreseer{Connector: b.worlds}).Foresee(t.Context(), m)
		if err != nil || found[0].Plan == nil || !found[0].Plan.Empty() || found[0].Whose != ecscluster.Mine.String() {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
