package status

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// securePort is the port of HTTPS.
const securePort = 443

// SecureHosts are the hosts that a load balancer serves with TLS: those of the
// rules on its port 443.
func SecureHosts(ctx context.Context, api *elasticloadbalancingv2.Client, balancer string) (map[string]bool, error) {
	out := map[string]bool{}
	listeners, err := api.DescribeListeners(ctx, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: &balancer})
	if err != nil {
		return nil, fmt.Errorf("reading the listeners: %w", err)
	}
	for _, l := range listeners.Listeners {
		if aws.ToInt32(l.Port) != securePort {
			continue
		}
		pages := elasticloadbalancingv2.NewDescribeRulesPaginator(api, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: l.ListenerArn})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("reading the listener rules: %w", err)
			}
			for _, r := range page.Rules {
				for _, c := range r.Conditions {
					if c.HostHeaderConfig == nil {
						continue
					}
					for _, host := range c.HostHeaderConfig.Values {
						out[strings.ToLower(host)] = true
					}
				}
			}
		}
	}
	return out, nil
}
