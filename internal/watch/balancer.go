package watch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// BalancerHost is the host name of the first load balancer whose name matches;
// empty if there is none.
func BalancerHost(ctx context.Context, api *elasticloadbalancingv2.Client, matches func(name string) bool) (string, error) {
	pages := elasticloadbalancingv2.NewDescribeLoadBalancersPaginator(api, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("reading the load balancer: %w", err)
		}
		for _, b := range page.LoadBalancers {
			if matches(aws.ToString(b.LoadBalancerName)) {
				return aws.ToString(b.DNSName), nil
			}
		}
	}
	return "", nil
}
