package operator

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/prometheus/common/expfmt"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
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
func objectOf(c *types.Cluster) *engine.Object {
	return &engine.Object{ID: aws.ToString(c.ClusterName), Outputs: map[string]string{"arn": aws.ToString(c.ClusterArn)}}
}

// conditionOf is the condition Synced.
func conditionOf(list []metav1.Condition) *metav1.Condition {
	return meta.FindStatusCondition(list, v1alpha1.ConditionSynced)
}

// metrics are all series in the text format.
func (b *bed) metrics() string {
	b.t.Helper()
	families, err := b.registry.Gather()
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&out, f); err != nil {
			b.t.Fatal(err)
		}
	}
	return out.String()
}
