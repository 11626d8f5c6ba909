package elb

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// List implements engine.Type.
func (t LoadBalancers) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, lb := range r.balancers {
		if l, ok := r.object(q, LoadBalancer{}.Type(), aws.ToString(lb.LoadBalancerArn)); ok {
			objects = append(objects, show(l, lb))
		}
	}
	return objects, concurrent.Each(objects, func(i int, l engine.Object) error {
		if !q.Deep && l.LastApplied != "" {
			return nil
		}
		return gone(t.readAttributes(ctx, objects[i]))
	})
}

// show adds what AWS's description of a balancer shows.
func show(l engine.Object, lb types.LoadBalancer) engine.Object {
	subnets := make([]string, len(lb.AvailabilityZones))
	for i, zone := range lb.AvailabilityZones {
		subnets[i] = aws.ToString(zone.SubnetId)
	}
	shown := LoadBalancer{
		Name: aws.ToString(lb.LoadBalancerName), Scheme: string(lb.Scheme),
		Subnets: engine.Lits(subnets...), SecurityGroups: engine.Lits(lb.SecurityGroups...),
	}
	hidden := []string{"deletion_protection", "idle_seconds"}
	if lb.Type == types.LoadBalancerTypeEnumNetwork {
		shown.Kind = Network
		hidden = []string{"deletion_protection", "cross_zone"}
	}
	l.Attrs = engine.Shown(shown, hidden...)
	l.Outputs = balancerOutputs(lb)
	l.State, l.Detail = balancerState(lb.State)
	l.Created = aws.ToTime(lb.CreatedTime)
	return l
}

func balancerOutputs(lb types.LoadBalancer) map[string]string {
	return map[string]string{
		"arn": aws.ToString(lb.LoadBalancerArn), "dns": aws.ToString(lb.DNSName),
		"zone": aws.ToString(lb.CanonicalHostedZoneId),
	}
}

// balancerState translates AWS's state. An impaired balancer counts as ready.
func balancerState(s *types.LoadBalancerState) (engine.State, string) {
	if s == nil {
		return engine.StateReady, ""
	}
	switch s.Code {
	case types.LoadBalancerStateEnumProvisioning:
		return engine.StatePending, string(s.Code)
	case types.LoadBalancerStateEnumFailed:
		reason := aws.ToString(s.Reason)
		if reason == "" {
			reason = string(s.Code)
		}
		return engine.StateFailed, reason
	}
	return engine.StateReady, string(s.Code)
}

// readAttributes adds what only DescribeLoadBalancerAttributes shows.
func (t LoadBalancers) readAttributes(ctx context.Context, l engine.Object) error {
	out, err := t.API.DescribeLoadBalancerAttributes(ctx, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &l.ID})
	if err != nil {
		return fmt.Errorf("reading the attributes of %s: %w", l.ID, err)
	}
	showAttributes(l.Attrs, out.Attributes)
	return nil
}

// showAttributes adds the attributes that a balancer of this kind has: an
// emulator shows the idle timeout for network balancers too, which have none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
func showAttributes(shown map[string]string, attributes []types.LoadBalancerAttribute) {
	network := shown["kind"] == Network
	for _, a := range attributes {
		switch aws.ToString(a.Key) {
		case protectionKey:
			shown["deletion_protection"] = aws.ToString(a.Value)
		case idleKey:
			if !network {
				shown["idle_seconds"] = aws.ToString(a.Value)
			}
		case crossZoneKey:
			if network {
				shown["cross_zone"] = aws.ToString(a.Value)
			}
		}
	}
}

// Poll implements engine.Poller.
func (t LoadBalancers) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	const perCall = 20 // ARNs, says DescribeLoadBalancers
	var out []engine.Object
	for batch := range slices.Chunk(objects, perCall) {
		arns := make([]string, len(batch))
		for i, l := range batch {
			arns[i] = l.ID
		}
		found, err := balancers(ctx, t.API, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: arns})
		if gate.IsNotFound(err) {
			if len(objects) == 1 {
				return nil, nil
			}
			// One missing balancer fails the call for all.
			for _, l := range batch {
				one, err := t.Poll(ctx, []engine.Object{l})
				if err != nil {
					return nil, err
				}
				out = append(out, one...)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, lb := range found {
			i := slices.Index(arns, aws.ToString(lb.LoadBalancerArn))
			if i < 0 {
				continue
			}
			l := batch[i]
			l.Outputs = balancerOutputs(lb)
			l.State, l.Detail = balancerState(lb.State)
			out = append(out, l)
		}
	}
	return out, nil
}
