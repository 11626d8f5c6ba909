package balancing

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// balancerDefaults are the attributes of a new load balancer. Source:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
func balancerDefaults(network bool) map[string]string {
	if network {
		return networkDefaults()
	}
	return map[string]string{
		"access_logs.s3.bucket":                                    "",
		"access_logs.s3.enabled":                                   "false",
		"access_logs.s3.prefix":                                    "",
		"client_keep_alive.seconds":                                "3600",
		"deletion_protection.enabled":                              "false",
		"idle_timeout.timeout_seconds":                             "60",
		"load_balancing.cross_zone.enabled":                        "true",
		"routing.http.desync_mitigation_mode":                      "defensive",
		"routing.http.drop_invalid_header_fields.enabled":          "false",
		"routing.http.preserve_host_header.enabled":                "false",
		"routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
		"routing.http.xff_client_port.enabled":                     "false",
		"routing.http.xff_header_processing.mode":                  "append",
		"routing.http2.enabled":                                    "true",
		"waf.fail_open.enabled":                                    "false",
	}
}

// groupDefaults are the attributes of a new target group. Source:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
func groupDefaults() map[string]string {
	return map[string]string{
		"deregistration_delay.timeout_seconds":  "300",
		"load_balancing.algorithm.type":         "round_robin",
		"load_balancing.cross_zone.enabled":     "use_load_balancer_configuration",
		"slow_start.duration_seconds":           "0",
		"stickiness.enabled":                    "false",
		"stickiness.type":                       "lb_cookie",
		"stickiness.lb_cookie.duration_seconds": "86400",
	}
}

func (p *balancers) describeLoadBalancerAttributes(rq *world.Request, in *elb.DescribeLoadBalancerAttributesInput) (*elb.DescribeLoadBalancerAttributesOutput, error) {
	b := p.s.Balancers.Find(rq, aws.ToString(in.LoadBalancerArn))
	if b == nil {
		return nil, noBalancer(aws.ToString(in.LoadBalancerArn))
	}
	return &elb.DescribeLoadBalancerAttributesOutput{Attributes: balancerAttributes(b)}, nil
}

func (p *balancers) modifyLoadBalancerAttributes(rq *world.Request, in *elb.ModifyLoadBalancerAttributesInput) (*elb.ModifyLoadBalancerAttributesOutput, error) {
	b := p.s.Balancers.Find(rq, aws.ToString(in.LoadBalancerArn))
	if b == nil {
		return nil, noBalancer(aws.ToString(in.LoadBalancerArn))
	}
	for _, a := range in.Attributes {
		if err := setAttribute(b.Attributes, a.Key, a.Value); err != nil {
			return nil, err
		}
	}
	return &elb.ModifyLoadBalancerAttributesOutput{Attributes: balancerAttributes(b)}, nil
}

func balancerAttributes(b *balancer) []types.LoadBalancerAttribute {
	var out []types.LoadBalancerAttribute
	for _, k := range slices.Sorted(maps.Keys(b.Attributes)) {
		out = append(out, types.LoadBalancerAttribute{Key: aws.String(k), Value: aws.String(b.Attributes[k])})
	}
	return out
}

// setAttribute changes a known attribute.
func setAttribute(have map[string]string, key, value *string) error {
	if _, ok := have[aws.ToString(key)]; !ok {
		return &types.InvalidConfigurationRequestException{
			Message: aws.String("The attribute '" + aws.ToString(key) + "' is not supported"),
		}
	}
	have[*key] = aws.ToString(value)
	return nil
}

func (p *balancers) describeTargetGroupAttributes(rq *world.Request, in *elb.DescribeTargetGroupAttributesInput) (*elb.DescribeTargetGroupAttributesOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	return &elb.DescribeTargetGroupAttributesOutput{Attributes: groupAttributes(g)}, nil
}

func (p *balancers) modifyTargetGroupAttributes(rq *world.Request, in *elb.ModifyTargetGroupAttributesInput) (*elb.ModifyTargetGroupAttributesOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	for _, a := range in.Attributes {
		if err := setAttribute(g.Attributes, a.Key, a.Value); err != nil {
			return nil, err
		}
	}
	return &elb.ModifyTargetGroupAttributesOutput{Attributes: groupAttributes(g)}, nil
}

func groupAttributes(g *targetGroup) []types.TargetGroupAttribute {
	var out []types.TargetGroupAttribute
	for _, k := range slices.Sorted(maps.Keys(g.Attributes)) {
		out = append(out, types.TargetGroupAttribute{Key: aws.String(k), Value: aws.String(g.Attributes[k])})
	}
	return out
}
