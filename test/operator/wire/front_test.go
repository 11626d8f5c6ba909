package wire

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/sandbox"
)

func TestFront(t *testing.T) {
	t.Parallel()
	w := NewWorld(t, sandbox.Options{})
	f := New(t, w)
	cfg := aws.Config{
		Region: w.Region(), BaseEndpoint: &f.URL,
		Credentials: credentials.NewStaticCredentialsProvider("AKIATEST", "x", ""),
	}
	api := ecs.NewFromConfig(cfg)
	ctx := t.Context()

	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil || aws.ToString(who.Account) != w.Account() {
		t.Fatalf("the caller is %+v, %v", who, err)
	}
	made, err := api.CreateCluster(ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String("shop"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
		Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("enabled")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := api.DescribeClusters(ctx, &ecs.DescribeClustersInput{
		Clusters: []string{"shop", "none"}, Include: []types.ClusterField{types.ClusterFieldTags, types.ClusterFieldSettings},
	})
	if err != nil || len(out.Clusters) != 1 || len(out.Failures) != 1 {
		t.Fatalf("described %+v, %v", out, err)
	}
	got := out.Clusters[0]
	if aws.ToString(got.ClusterArn) != aws.ToString(made.Cluster.ClusterArn) || len(got.Tags) != 1 || len(got.Settings) != 1 {
		t.Errorf("described %+v", got)
	}

	var missing *types.ClusterNotFoundException
	if _, err := api.DeleteCluster(ctx, &ecs.DeleteClusterInput{Cluster: aws.String("none")}); !errors.As(err, &missing) {
		t.Errorf("deleting what is not there: %v", err)
	}
	lost := 0
	w.Inject(func(sandbox.Call) sandbox.Fault {
		if lost++; lost == 1 {
			return sandbox.Fault{Kind: sandbox.FailAfter}
		}
		return sandbox.Fault{}
	})
	if _, err := api.DeleteCluster(ctx, &ecs.DeleteClusterInput{Cluster: aws.String("shop")}); err != nil {
		t.Errorf("a lost answer was not made up for: %v", err)
	}
	want := []string{"GetCallerIdentity", "CreateCluster", "DescribeClusters", "DeleteCluster", "DeleteCluster", "DeleteCluster"}
	if !slices.Equal(f.Calls(), want) {
		t.Errorf("calls %v, want %v", f.Calls(), want)
	}
	if slices.Contains(f.Keys(), "") || f.Keys()[1] != "AKIATEST" {
		t.Errorf("signed by %v", f.Keys())
	}
}
