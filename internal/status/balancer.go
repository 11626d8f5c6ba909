package status

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Hosts are the host names of an environment's load balancers; empty for those
// that it has not.
type Hosts struct {
	// Application is the application load balancer's, Network and Internal are
	// those of the network load balancers.
	Application, Network, Internal string
	// ApplicationARN is the ARN of the application load balancer.
	ApplicationARN string
}

// BalancerHosts finds the load balancers whose name or ARN matches.
func BalancerHosts(ctx context.Context, api *elasticloadbalancingv2.Client, matches func(name, arn string) bool) (Hosts, error) {
	var out Hosts
	pages := elasticloadbalancingv2.NewDescribeLoadBalancersPaginator(api, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return out, fmt.Errorf("reading the load balancers: %w", err)
		}
		for _, b := range page.LoadBalancers {
			if !matches(aws.ToString(b.LoadBalancerName), aws.ToString(b.LoadBalancerArn)) {
				continue
			}
			host := aws.ToString(b.DNSName)
			switch {
			case b.Type != types.LoadBalancerTypeEnumNetwork:
				out.Application, out.ApplicationARN = host, aws.ToString(b.LoadBalancerArn)
			case b.Scheme == types.LoadBalancerSchemeEnumInternal:
				out.Internal = host
			default:
				out.Network = host
			}
		}
	}
	return out, nil
}
