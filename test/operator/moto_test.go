package operator

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/emulator"
)

// TestMoto lives a cluster's life at an emulator that is not ours.
func TestMoto(t *testing.T) {
	url := emulator.Start(t)
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, provider("default", "aws", fmt.Sprintf("  endpoint: %s\n  defaultTags: {team: a}\n", url)))
	b.Apply(t, shop("shop", `
  capacityProviders: [FARGATE, FARGATE_SPOT]
  defaultCapacityProviderStrategy: [{capacityProvider: FARGATE, weight: 1, base: 1}]
  tags: {stage: test}
`))
	b.synced(t, "default", "shop")
	api := ecs.New(ecs.Options{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
	shown := func() *types.Cluster {
		t.Helper()
		out, err := api.DescribeClusters(t.Context(), &ecs.DescribeClustersInput{
			Clusters: []string{"shop"}, Include: []types.ClusterField{types.ClusterFieldTags, types.ClusterFieldSettings},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Clusters) == 0 || aws.ToString(out.Clusters[0].Status) != "ACTIVE" {
			return nil
		}
		return &out.Clusters[0]
	}
	c := shown()
	if c == nil || insights(c) != "enabled" || len(c.CapacityProviders) != 2 || tags(c)["team"] != "a" || tags(c)["stage"] != "test" {
		t.Fatalf("moto has %+v", c)
	}
	b.Must(t, "patch", clusters, "shop", "--type=merge", "-p", `{"spec":{"tags":{"stage":null,"new":"x"},"settings":[{"name":"containerInsights","value":"disabled"}]}}`)
	b.synced(t, "default", "shop")
	if c := shown(); insights(c) != "disabled" || tags(c)["stage"] != "" || tags(c)["new"] != "x" {
		t.Errorf("moto has %+v", c)
	}
	// Gone behind its back: moto, as AWS, shows it as INACTIVE for a while.
	if _, err := api.DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")}); err != nil {
		t.Fatal(err)
	}
	b.now(t, "shop")
	until(t, 20*time.Second, "it is made again", func() bool { return shown() != nil }, func() string { return "" })
	b.Must(t, "delete", clusters, "shop", "--timeout=30s")
	if shown() != nil {
		t.Error("the cluster is still there")
	}
}
