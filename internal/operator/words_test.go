package operator

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// capacityText is a cluster's providers and strategy in a line.
func capacityText(c *types.Cluster) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v ", c.CapacityProviders)
	for _, s := range c.DefaultCapacityProviderStrategy {
		fmt.Fprintf(&b, "%s %d %d ", aws.ToString(s.CapacityProvider), s.Weight, s.Base)
	}
	return b.String()
}

// liveOf is a described cluster as far as the operator's own logic needs it.
func liveOf(c *types.Cluster) *engine.Live {
	return &engine.Live{ID: aws.ToString(c.ClusterName), Outputs: map[string]string{"arn": aws.ToString(c.ClusterArn)}}
}
