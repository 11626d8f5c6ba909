package why

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws"
)

// readFronts reads the listeners that lead to the service, their rules, and what the
// balancers' security groups let in. It is read of services that run, too: ECS does not
// notice that no requests arrive. What cannot be read stays unknown.
func readFronts(ctx context.Context, f *Facts, c *aws.Clients) {
	mine := f.groupARNs()
	var balancers, groups []string
	for _, g := range f.Groups {
		balancers, groups = append(balancers, g.LoadBalancerArns...), append(groups, g.BalancerGroups...)
	}
	slices.Sort(balancers)
	for _, arn := range slices.Compact(balancers) {
		pages := elb.NewDescribeListenersPaginator(c.ELB, &elb.DescribeListenersInput{LoadBalancerArn: &arn})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return
			}
			for _, l := range page.Listeners {
				rules := listenerRules(ctx, c.ELB, sdk.ToString(l.ListenerArn))
				if slices.ContainsFunc(rules, func(r elbtypes.Rule) bool { return leads(r.Actions, mine) }) {
					f.Fronts = append(f.Fronts, Front{Port: sdk.ToInt32(l.Port), Rules: rules})
				}
			}
		}
	}
	if len(f.Fronts) == 0 || len(groups) == 0 {
		return
	}
	rules := rulesOf(ctx, c.EC2, groups)
	for i, front := range f.Fronts {
		f.Fronts[i].Closed = rules != nil && !slices.ContainsFunc(rules, func(r ec2types.SecurityGroupRule) bool {
			return !sdk.ToBool(r.IsEgress) && carries(r, front.Port)
		})
	}
}

// listenerRules are the rules of a listener in the order in which it asks them; nil if they
// cannot be read.
func listenerRules(ctx context.Context, api *elb.Client, listener string) []elbtypes.Rule {
	var rules []elbtypes.Rule
	pages := elb.NewDescribeRulesPaginator(api, &elb.DescribeRulesInput{ListenerArn: &listener})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil
		}
		rules = append(rules, page.Rules...)
	}
	slices.SortStableFunc(rules, func(a, b elbtypes.Rule) int { return cmp.Compare(order(a), order(b)) })
	return rules
}

// order is the priority of a rule; the default rule is the last one.
func order(r elbtypes.Rule) int {
	n, err := strconv.Atoi(sdk.ToString(r.Priority))
	if err != nil {
		return 1 << 30
	}
	return n
}
