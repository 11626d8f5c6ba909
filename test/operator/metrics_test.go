package operator

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/sandbox"
)

func TestMetrics(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	p := b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("shop", ""))
	b.synced(t, "default", "shop")
	b.Apply(t, strings.Replace(shop("lost", ""), "{name: aws}", "{name: none}", 1))
	b.says(t, clusters, "lost", "Synced", "False ProviderNotFound", "none")
	text, err := get(p.metrics)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`kind="ECSCluster",name="shop",namespace="default"`, `kind="ECSCluster",name="lost",namespace="default"`,
		`operation="CreateCluster"`, "workqueue_depth",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	for _, probe := range []string{"/healthz", "/readyz"} {
		if _, err := get(p.probes + probe); err != nil {
			t.Errorf("%s: %v", probe, err)
		}
	}
}
