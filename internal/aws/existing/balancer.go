package existing

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// balancer checks the load balancer and reads the listeners that others made.
func (r *reader) balancer(ctx context.Context) error {
	arn := r.names.LoadBalancer
	out, err := r.ELB.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{LoadBalancerArns: []string{arn}})
	gone := gate.IsNotFound(err)
	if err != nil && !gone {
		return err
	}
	if gone || len(out.LoadBalancers) == 0 {
		r.problem(KeyBalancer, arn, "write the ARN of an application load balancer of this account", "there is no such load balancer in %s", r.names.Region)
		return nil
	}
	lb := out.LoadBalancers[0]
	if vpc := aws.ToString(lb.VpcId); vpc != r.names.VPC {
		r.problem(KeyBalancer, arn, "use a load balancer in that VPC, or set network.vpc to this one's VPC", "it is in %s, and network.vpc is %s", vpc, r.names.VPC)
		return nil
	}
	b := &Balancer{
		ARN: arn, DNS: aws.ToString(lb.DNSName), Zone: aws.ToString(lb.CanonicalHostedZoneId),
		SecurityGroups: lb.SecurityGroups, Internal: lb.Scheme == types.LoadBalancerSchemeEnumInternal,
		Listeners: map[int]Listener{},
	}
	if err := r.listeners(ctx, b); err != nil {
		return err
	}
	var zones []string
	for _, z := range lb.AvailabilityZones {
		zones = append(zones, aws.ToString(z.ZoneName))
	}
	r.facts(func(f *Facts) { f.Balancer = b })
	r.mu.Lock()
	r.balancerIn = zones
	r.mu.Unlock()
	return r.lets(ctx, b)
}

// listeners reads the listeners that are not berth's own, and the taken
// priorities of those that berth will use.
func (r *reader) listeners(ctx context.Context, b *Balancer) error {
	var all []types.Listener
	pages := elb.NewDescribeListenersPaginator(r.ELB, &elb.DescribeListenersInput{LoadBalancerArn: &b.ARN})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		all = append(all, page.Listeners...)
	}
	var arns []string
	for _, l := range all {
		arns = append(arns, aws.ToString(l.ListenerArn))
	}
	ours, err := r.ours(ctx, arns)
	if err != nil {
		return err
	}
	for _, l := range all {
		port, listener := int(aws.ToInt32(l.Port)), Listener{ARN: aws.ToString(l.ListenerArn), Protocol: string(l.Protocol)}
		if ours[listener.ARN] {
			continue
		}
		if slices.Contains(r.names.Ports, port) {
			if listener.Priorities, err = r.priorities(ctx, listener.ARN); err != nil {
				return err
			}
			r.notice(KeyBalancer, b.ARN, "berth uses its listener %d: requests that match none of its other rules go to this project", port)
		}
		b.Listeners[port] = listener
	}
	return nil
}

// ours returns which of the objects berth made for the owners. One call returns
// the tags of up to 20 objects.
func (r *reader) ours(ctx context.Context, arns []string) (map[string]bool, error) {
	const perCall = 20
	found := map[string]bool{}
	for batch := range slices.Chunk(arns, perCall) {
		out, err := r.ELB.DescribeTags(ctx, &elb.DescribeTagsInput{ResourceArns: batch})
		if err != nil {
			return nil, err
		}
		for _, d := range out.TagDescriptions {
			mark, ok := engine.MarkOf(gate.TagMap(d.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }))
			found[aws.ToString(d.ResourceArn)] = ok && slices.Contains(r.names.Owners, mark.Address.Owner)
		}
	}
	return found, nil
}

// priorities returns the priorities of other people's rules.
func (r *reader) priorities(ctx context.Context, listener string) ([]int, error) {
	taken := map[string]int{}
	pages := elb.NewDescribeRulesPaginator(r.ELB, &elb.DescribeRulesInput{ListenerArn: &listener})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, rule := range page.Rules {
			if n, err := strconv.Atoi(aws.ToString(rule.Priority)); err == nil {
				taken[aws.ToString(rule.RuleArn)] = n
			}
		}
	}
	var arns []string
	for arn := range taken {
		arns = append(arns, arn)
	}
	ours, err := r.ours(ctx, arns)
	if err != nil {
		return nil, err
	}
	var out []int
	for arn, n := range taken {
		if !ours[arn] {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

// lets adds a notice for each port that the balancer's security groups block:
// berth does not change them.
func (r *reader) lets(ctx context.Context, b *Balancer) error {
	if len(b.SecurityGroups) == 0 {
		return nil
	}
	out, err := r.EC2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: filter("group-id", b.SecurityGroups...)})
	if err != nil {
		return err
	}
	for _, port := range r.names.Ports {
		open := false
		for _, g := range out.SecurityGroups {
			if !slices.Contains(b.SecurityGroups, aws.ToString(g.GroupId)) {
				continue
			}
			for _, p := range g.IpPermissions {
				from, to := int(aws.ToInt32(p.FromPort)), int(aws.ToInt32(p.ToPort))
				all := aws.ToString(p.IpProtocol) == "-1"
				open = open || all || aws.ToString(p.IpProtocol) == "tcp" && from <= port && port <= to
			}
		}
		if !open {
			r.notice(KeyBalancer, b.ARN, "its port %d is blocked: its security groups %s allow no traffic to it, and berth does not change them",
				port, strings.Join(b.SecurityGroups, ", "))
		}
	}
	return nil
}

// balancerZones checks that the balancer is in the zones where tasks run: it
// sends nothing to targets in other zones.
func (r *reader) balancerZones() {
	if r.result.Balancer == nil || len(r.names.Ports) == 0 {
		return
	}
	key, subnets := KeyPublic, r.names.Public
	if r.names.PrivateTasks {
		key, subnets = KeyPrivate, r.names.Private
	}
	for _, id := range subnets {
		if zone := r.zones[id]; zone != "" && !slices.Contains(r.balancerIn, zone) {
			r.problem(key, id, "remove the subnet, or enable the zone in the load balancer",
				"the load balancer is not in the subnet's zone %s and would send nothing to tasks there", zone)
		}
	}
}
