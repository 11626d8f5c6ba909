package operator

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// api is a client of the world that the operator does not know of: the hand of
// somebody in the console. Its calls are not counted.
func (b *bed) api() *ecs.Client { return ecs.NewFromConfig(b.front.World.Config()) }

// shown is a cluster as AWS has it; nil when there is none, or only its trace.
func (b *bed) shown(t *testing.T, name string) *types.Cluster {
	t.Helper()
	out, err := b.api().DescribeClusters(t.Context(), &ecs.DescribeClustersInput{
		Clusters: []string{name},
		Include:  []types.ClusterField{types.ClusterFieldTags, types.ClusterFieldSettings, types.ClusterFieldConfigurations},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Clusters) == 0 || aws.ToString(out.Clusters[0].Status) == "INACTIVE" {
		return nil
	}
	return &out.Clusters[0]
}

// lag is more than what any test lets AWS's answers be behind.
const lag = 5 * time.Second

// made is a cluster that must be there. AWS may show it late, to the test too.
func (b *bed) made(t *testing.T, name string) *types.Cluster {
	t.Helper()
	var c *types.Cluster
	until(t, lag, "AWS has a cluster "+name, func() bool {
		c = b.shown(t, name)
		return c != nil
	}, func() string { return "" })
	return c
}

// left says whether a cluster that must be gone is still there.
func (b *bed) left(t *testing.T, name string) bool {
	t.Helper()
	for end := time.Now().Add(lag); b.shown(t, name) != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			return true
		}
	}
	return false
}

// tags are a cluster's tags without the operator's own.
func tags(c *types.Cluster) map[string]string {
	m := map[string]string{}
	for _, tag := range c.Tags {
		m[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	maps.DeleteFunc(m, func(key, _ string) bool { return strings.HasPrefix(key, "berth:") })
	return m
}

// insights is a cluster's containerInsights setting.
func insights(c *types.Cluster) string {
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			return aws.ToString(s.Value)
		}
	}
	return ""
}

// mutating counts the changing calls of the operator.
func (b *bed) mutating() map[string]int {
	counts := b.front.Count()
	maps.DeleteFunc(counts, func(op string, _ int) bool {
		return strings.HasPrefix(op, "Describe") || strings.HasPrefix(op, "List") || strings.HasPrefix(op, "Get") || strings.HasPrefix(op, "Assume")
	})
	return counts
}
