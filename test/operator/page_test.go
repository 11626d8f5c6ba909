package operator

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/sandbox"
)

// providersOfPage are the page's own and those that its clusters name but that
// it does not show.
func (b *bed) providersOfPage(t *testing.T) {
	t.Helper()
	b.Apply(t, page(t, "provider-irsa.yaml"))
	b.Apply(t, page(t, "provider-static.yaml"))
	b.Apply(t, strings.Replace(page(t, "provider-irsa.yaml"), "namespace: default", "namespace: production", 1))
	b.Apply(t, provider("development", "dev-aws", ""))
}

// provider is one with the operator's own credentials; more is further lines of
// its spec.
func provider(ns, name, more string) string {
	return `
apiVersion: ` + group + `/v1alpha1
kind: AWSProvider
metadata: {name: ` + name + `, namespace: ` + ns + `}
spec:
  region: us-east-1
` + more
}

// TestPage applies everything on infra-operator's page for ECS to one
// Kubernetes, and AWS has to become what it says. The lines for kubectl are the
// page's own.
func TestPage(t *testing.T) {
	b := newBed(t, sandbox.Options{MaxLag: 2 * time.Second})
	b.operate(t)
	b.providersOfPage(t)
	all := map[string]string{
		"cluster-basic.yaml": "default/fargate-cluster", "cluster-exec.yaml": "development/debug-cluster",
		"cluster-serverless.yaml": "production/serverless-cluster", "cluster-dev.yaml": "development/dev-cluster",
		"cluster-mesh.yaml": "default/service-mesh-cluster", "cluster-audit.yaml": "default/audit-cluster",
	}
	for file := range all {
		b.Apply(t, page(t, file))
	}
	b.Apply(t, page(t, "cluster-hybrid.yaml"))
	for _, object := range all {
		ns, name, _ := strings.Cut(object, "/")
		b.synced(t, ns, name)
	}

	t.Run("AWS has what the page says", func(t *testing.T) { b.checkPage(t) })

	t.Run("a capacity provider that is not there is named", func(t *testing.T) {
		until(t, 20*time.Second, "the condition", func() bool {
			c := b.condition(t, clusters, "default", "hybrid-cluster", "Synced")
			return strings.HasPrefix(c, "False CapacityProviderNotFound") && strings.Contains(c, "my-ec2-capacity-provider")
		}, func() string { return b.Must(t, "get", clusters, "hybrid-cluster", "-o", "yaml") })
		b.front.World.AddCapacityProvider("my-ec2-capacity-provider")
		b.Must(t, "annotate", clusters, "hybrid-cluster", group+"/reconcile-now=1")
		b.synced(t, "default", "hybrid-cluster")
		if got := b.made(t, "hybrid-cluster").CapacityProviders; len(got) != 3 {
			t.Errorf("capacity providers %v", got)
		}
	})

	t.Run("kubectl", func(t *testing.T) {
		b.showsPage(t)
		b.Must(t, "patch", "ecscluster", "fargate-cluster", "--type=merge", "-p", `{"spec":{"capacityProviders":["FARGATE"]}}`)
		b.synced(t, "default", "fargate-cluster")
		if got := b.made(t, "my-fargate-cluster").CapacityProviders; !cmp.Equal(got, []string{"FARGATE"}) {
			t.Errorf("capacity providers after the page's patch: %v", got)
		}
	})

	t.Run("deletion", func(t *testing.T) {
		b.Must(t, "patch", "ecscluster", "audit-cluster", "--type=merge", "-p", `{"spec":{"deletionPolicy":"Retain"}}`)
		b.Must(t, "delete", "ecscluster", "audit-cluster", "fargate-cluster", "--timeout=30s")
		b.made(t, "audit-prod")
		if b.left(t, "my-fargate-cluster") {
			t.Error("the cluster of the deleted object is still there")
		}
	})
}

// checkPage compares AWS with what the page's manifests ask for.
func (b *bed) checkPage(t *testing.T) {
	t.Helper()
	basic := b.made(t, "my-fargate-cluster")
	if insights(basic) != "enabled" {
		t.Errorf("container insights are %q", insights(basic))
	}
	want := map[string]string{
		"Name": "fargate-cluster", "Environment": "production", "Team": "platform",
		"managed-by": "infra-operator", "environment": "production", // the provider's
	}
	if diff := cmp.Diff(want, tags(basic)); diff != "" {
		t.Errorf("tags: -want +got\n%s", diff)
	}

	audit := b.made(t, "audit-prod").Configuration.ExecuteCommandConfiguration
	logs := audit.LogConfiguration
	got := []any{
		string(audit.Logging), aws.ToString(audit.KmsKeyId), aws.ToString(logs.CloudWatchLogGroupName), logs.CloudWatchEncryptionEnabled,
		aws.ToString(logs.S3BucketName), logs.S3EncryptionEnabled, aws.ToString(logs.S3KeyPrefix),
	}
	if diff := cmp.Diff([]any{
		"OVERRIDE", "arn:aws:kms:us-east-1:123456789012:key/audit-key", "/ecs/audit/exec", true, "audit-logs-bucket", true, "ecs-exec/",
	}, got); diff != "" {
		t.Errorf("complete logging: -want +got\n%s", diff)
	}

	if c := b.made(t, "service-mesh").ServiceConnectDefaults; c == nil || !strings.Contains(aws.ToString(c.Namespace), "namespace/") {
		t.Errorf("service connect defaults %+v", c)
	}
	serverless := b.made(t, "serverless-prod")
	if len(serverless.CapacityProviders) != 2 || len(serverless.DefaultCapacityProviderStrategy) != 2 {
		t.Errorf("capacity %v, %v", serverless.CapacityProviders, serverless.DefaultCapacityProviderStrategy)
	}
	if dev := b.made(t, "development").Configuration; dev == nil || dev.ExecuteCommandConfiguration.KmsKeyId != nil {
		t.Errorf("the development cluster's configuration is %+v", dev)
	}
}

// showsPage runs the page's reading lines.
func (b *bed) showsPage(t *testing.T) {
	t.Helper()
	list := b.Must(t, "get", "ecscluster")
	if !strings.Contains(list, "my-fargate-cluster   ACTIVE") {
		t.Errorf("kubectl get ecscluster:\n%s", list)
	}
	describe := b.Must(t, "describe", "ecscluster", "fargate-cluster")
	for _, want := range []string{"Cluster ARN:", "Reason:                              Active", "Events:", "Created"} {
		if !strings.Contains(describe, want) {
			t.Errorf("kubectl describe has no %q:\n%s", want, describe)
		}
	}
	if arn := b.Must(t, "get", "ecscluster", "fargate-cluster", "-o", "jsonpath={.status.clusterARN}"); arn != "arn:aws:ecs:us-east-1:123456789012:cluster/my-fargate-cluster" {
		t.Errorf("the ARN is %q", arn)
	}
	for _, count := range []string{"registeredContainerInstancesCount", "runningTasksCount", "pendingTasksCount", "activeServicesCount"} {
		if n := b.Must(t, "get", "ecscluster", "fargate-cluster", "-o", "jsonpath={.status."+count+"}"); n != "0" {
			t.Errorf("%s is %q", count, n)
		}
	}
	status := b.Must(t, "get", "ecscluster", "fargate-cluster", "-o", "jsonpath={.status}")
	for _, want := range []string{`"ready":true`, `"status":"ACTIVE"`, `"lastSyncTime":"`} {
		if !strings.Contains(status, want) {
			t.Errorf("the status has no %s: %s", want, status)
		}
	}
	for _, name := range []string{"production-aws", "localstack"} {
		row := strings.Fields(b.Must(t, "get", "awsprovider", name, "--no-headers"))
		if len(row) != 5 || row[1] != "us-east-1" || row[2] != "true" || row[3] != "123456789012" {
			t.Errorf("kubectl get awsprovider %s: %v", name, row)
		}
	}
	b.Must(t, "describe", "awsprovider", "production-aws")
}
