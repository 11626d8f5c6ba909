package operator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// TestPage brings up every manifest of the page that users of infra-operator
// work by, and takes them down again.
func TestPage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/page/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		for _, f := range files {
			manifest, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			b.apply(string(manifest))
		}
		irsa := b.provider("production-aws")
		for _, home := range []string{"production/production-aws", "development/dev-aws"} {
			b.put(&v1alpha1.AWSProvider{ObjectMeta: metav1.ObjectMeta{Namespace: key(home).Namespace, Name: key(home).Name}, Spec: irsa.Spec})
			b.syncProvider(home)
		}
		b.syncProvider("production-aws")
		b.syncProvider("localstack")
		objects := map[string]string{
			"fargate-cluster": "my-fargate-cluster", "hybrid-cluster": "hybrid-cluster", "development/debug-cluster": "debug-cluster",
			"production/serverless-cluster": "serverless-prod", "development/dev-cluster": "development",
			"service-mesh-cluster": "service-mesh", "audit-cluster": "audit-prod", "kept-cluster": "kept",
		}
		for name := range objects {
			b.pass(name)
		}
		missing := b.condition("hybrid-cluster", metav1.ConditionFalse, v1alpha1.ReasonNoCapacity)
		if !strings.Contains(missing, "my-ec2-capacity-provider was not found") ||
			!strings.Contains(missing, "create the capacity provider my-ec2-capacity-provider first") &&
				!strings.Contains(missing, "Create the capacity provider my-ec2-capacity-provider first") {
			t.Errorf("message: %s", missing)
		}
		b.world().AddCapacityProvider("my-ec2-capacity-provider")
		time.Sleep(2 * time.Minute)
		b.pass("hybrid-cluster")
		time.Sleep(time.Minute)
		for name, cluster := range objects {
			b.synced(name)
			s := b.get(name).Status
			if !s.Ready || s.Status != "ACTIVE" || s.ClusterARN != "arn:aws:ecs:us-east-1:123456789012:cluster/"+cluster {
				t.Errorf("%s: %+v", name, s)
			}
			if b.tags(cluster)["managed-by"] != "infra-operator" {
				t.Errorf("%s lacks the default tags: %v", name, b.tags(cluster))
			}
		}
		b.told("kept-cluster", "spec.settings is left out, which means containerInsights enabled")
		got := map[string]any{
			"audit-prod": showExec(b.shown("audit-prod")), "debug-cluster": showExec(b.shown("debug-cluster")),
			"development": showExec(b.shown("development")), "hybrid-cluster": capacityText(b.shown("hybrid-cluster")),
			"serverless-prod": capacityText(b.shown("serverless-prod")), "service-mesh": b.shown("service-mesh").ServiceConnectDefaults != nil,
		}
		want := map[string]any{
			"audit-prod":      "OVERRIDE arn:aws:kms:us-east-1:123456789012:key/audit-key /ecs/audit/exec true audit-logs-bucket true ecs-exec/",
			"debug-cluster":   "OVERRIDE arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012 /ecs/execute-command true  false ",
			"development":     "OVERRIDE /ecs/dev/exec false  false ",
			"hybrid-cluster":  "[FARGATE FARGATE_SPOT my-ec2-capacity-provider] FARGATE 80 10 FARGATE_SPOT 20 0 ",
			"serverless-prod": "[FARGATE FARGATE_SPOT] FARGATE 70 5 FARGATE_SPOT 30 0 ", "service-mesh": true,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("AWS (-want +got):\n%s", diff)
		}
		for name, cluster := range objects {
			b.deleteObject(name)
			b.pass(name)
			if _, there := b.find(name); there {
				t.Errorf("%s is still there", name)
			}
			time.Sleep(time.Minute)
			if kept := b.shown(cluster) != nil; kept != (name == "kept-cluster") {
				t.Errorf("%s: the cluster was kept: %t", name, kept)
			}
		}
	})
}
