package existing

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/aws/gate"
)

// cluster checks that the cluster exists and is active, and reads its capacity
// providers, which berth never changes.
func (r *reader) cluster(ctx context.Context) error {
	if where := strings.Split(r.names.Cluster, ":"); len(where) > 3 && where[3] != r.names.Region {
		r.problem(KeyCluster, r.names.Cluster, "use a cluster in this region, or deploy to that one", "it is in %s, not in %s", where[3], r.names.Region)
		return nil
	}
	out, err := r.ECS.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: []string{r.names.Cluster}})
	gone := gate.IsNotFound(err)
	if err != nil && !gone {
		return err
	}
	if gone || len(out.Clusters) == 0 || aws.ToString(out.Clusters[0].Status) != "ACTIVE" {
		r.problem(KeyCluster, r.names.Cluster, "write the name or ARN of a cluster of this account", "there is no such active cluster in %s", r.names.Region)
		return nil
	}
	c := out.Clusters[0]
	r.facts(func(f *Facts) {
		f.Cluster = &Cluster{ARN: aws.ToString(c.ClusterArn), Name: aws.ToString(c.ClusterName), Providers: c.CapacityProviders}
	})
	return nil
}
