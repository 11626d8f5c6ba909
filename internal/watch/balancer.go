package watch

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// BalancerHost is the host name of a load balancer; empty if there is none of
// that name.
func BalancerHost(ctx context.Context, api *elasticloadbalancingv2.Client, name string) (string, error) {
	out, err := api.DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{Names: []string{name}})
	var missing *types.LoadBalancerNotFoundException
	if errors.As(err, &missing) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the load balancer: %w", err)
	}
	for _, b := range out.LoadBalancers {
		return aws.ToString(b.DNSName), nil
	}
	return "", nil
}
