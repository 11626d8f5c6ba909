package operator

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
)

// moto starts an emulator that is not ours and returns its endpoint.
func moto(t *testing.T) string {
	t.Helper()
	program := os.Getenv("BERTH_MOTO")
	if program == "" {
		t.Skip("BERTH_MOTO does not name a moto_server: run make test-operator")
	}
	address := freeAddress(t)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-H", host, "-p", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	until(t, time.Minute, "moto answers", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, func() string { return "" })
	return "http://" + address
}

// TestMoto lives a cluster's life at an emulator that is not ours.
func TestMoto(t *testing.T) {
	url := moto(t)
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
