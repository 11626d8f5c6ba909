package elb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
	"github.com/berthdev/berth/internal/engine/naming"
)

// reading is the one reading that the four types share.
type reading struct {
	// all and allGroups are all balancers and target groups in the region.
	all       []types.LoadBalancer
	allGroups []types.TargetGroup
	// balancers and groups are those whose names carry an owner's mark.
	balancers []types.LoadBalancer
	groups    []types.TargetGroup
	// near are the balancers whose listeners and rules were read.
	near      []string
	listeners []types.Listener
	rules     []ruleOf
	tags      map[string]map[string]string
	// indexed are the listeners that AWS's index of tags names, with their rules.
	// The index may be minutes behind, so it only serves to read their rules
	// early.
	indexed []string
	early   map[string][]ruleOf
}

// ruleOf is a rule with its listener, which AWS does not show in it.
type ruleOf struct {
	listener string
	types.Rule
}

// read reads everything once for all four types: two calls, then one per
// balancer, one per listener, and one for the tags of every twenty objects. It
// reads the rules of listeners that are known already while it reads the
// listeners.
func (t LoadBalancers) read(ctx context.Context, q engine.Query) (*reading, error) {
	return memory.Once(q.Memory, "elb "+t.Region, func() (*reading, error) {
		r := &reading{}
		steps := []func() error{
			func() error { return r.readNamed(ctx, t.API) },
			func() error { return r.readTagged(ctx, t.Tagging, q) },
			func() error {
				return concurrent.Each([]func() error{
					func() error { return r.readListeners(ctx, t.API, t.Region, q) },
					func() error { return r.readEarly(ctx, t.API) },
				}, func(_ int, read func() error) error { return read() })
			},
			func() error { return r.readRules(ctx, t.API) },
			func() (err error) { r.tags, err = tagsOfAll(ctx, t.API, r.arns()); return err },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return nil, err
			}
		}
		memory.Tell(q.Memory, seenKey(t.Region), seenBy(r))
		return r, nil
	})
}

// Moving says whether the owners have a target group that is the second one of a service,
// whose deployments move the traffic from one to the other.
func (t LoadBalancers) Moving(ctx context.Context, q engine.Query) (bool, error) {
	r, err := t.read(ctx, q)
	if err != nil {
		return false, err
	}
	for _, g := range r.groups {
		if mark, ok := engine.MarkOf(r.tags[aws.ToString(g.TargetGroupArn)]); ok && strings.HasSuffix(mark.Address.Name, Second) {
			return true, nil
		}
	}
	return false, nil
}

// Second ends the name, in its address, of the second target group of a service.
const Second = "-b"

func (r *reading) readNamed(ctx context.Context, api *elbv2.Client) error {
	lists := []func() error{
		func() (err error) { r.all, err = balancers(ctx, api, &elbv2.DescribeLoadBalancersInput{}); return err },
		func() (err error) {
			r.allGroups, err = groups(ctx, api, &elbv2.DescribeTargetGroupsInput{})
			return err
		},
	}
	return concurrent.Each(lists, func(_ int, list func() error) error { return list() })
}

// readTagged adds other people's balancers on which the owners have listeners.
func (r *reading) readTagged(ctx context.Context, api *resourcegroupstaggingapi.Client, q engine.Query) error {
	if api == nil {
		return nil
	}
	all, err := tagindex.Resources(ctx, q, api)
	if engine.ClassOf(err) == engine.Denied {
		return nil // without the permission, balancers outside the files are not found
	}
	if err != nil {
		return err
	}
	for _, found := range all {
		if found.Is("elasticloadbalancing:listener") {
			r.near = append(r.near, balancerOf(found.ARN))
			if strings.Contains(found.ARN, ":listener/app/") { // only these have rules
				r.indexed = append(r.indexed, found.ARN)
			}
		}
	}
	return nil
}

// balancerOf returns the balancer's ARN from that of a listener:
// arn:...:listener/app/NAME/ID/LISTENER.
func balancerOf(listener string) string {
	arn := strings.Replace(listener, ":listener/", ":loadbalancer/", 1)
	return arn[:max(0, strings.LastIndexByte(arn, '/'))]
}

// readListeners picks the objects with the owners' names, and reads the
// listeners of every balancer that they may use: the environment's, even if
// only one of its stacks is read, and any that sends to one of the target
// groups.
func (r *reading) readListeners(ctx context.Context, api *elbv2.Client, region string, q engine.Query) error {
	for _, g := range r.allGroups {
		if hasMark(aws.ToString(g.TargetGroupName), region, q.Owners) {
			r.groups = append(r.groups, g)
			r.near = append(r.near, g.LoadBalancerArns...)
		}
	}
	environments := make([]engine.Owner, len(q.Owners))
	for i, o := range q.Owners {
		environments[i] = engine.Owner{Environment: o.Environment}
	}
	for _, lb := range r.all {
		if hasMark(aws.ToString(lb.LoadBalancerName), region, environments) {
			r.balancers = append(r.balancers, lb)
			r.near = append(r.near, aws.ToString(lb.LoadBalancerArn))
		}
	}
	slices.Sort(r.near)
	r.near = slices.Compact(r.near)
	found := make([][]types.Listener, len(r.near))
	err := concurrent.Each(r.near, func(i int, arn string) (err error) {
		found[i], err = listeners(ctx, api, arn)
		return gone(err)
	})
	r.listeners = slices.Concat(found...)
	return err
}

// readEarly reads the rules of the listeners that the index names.
func (r *reading) readEarly(ctx context.Context, api *elbv2.Client) error {
	found := make([][]ruleOf, len(r.indexed))
	err := concurrent.Each(r.indexed, func(i int, arn string) (err error) {
		found[i], err = rules(ctx, api, arn)
		return gone(err)
	})
	r.early = map[string][]ruleOf{}
	for i, arn := range r.indexed {
		if found[i] != nil {
			r.early[arn] = found[i]
		}
	}
	return err
}

func (r *reading) readRules(ctx context.Context, api *elbv2.Client) error {
	found := make([][]ruleOf, len(r.listeners))
	err := concurrent.Each(r.listeners, func(i int, l types.Listener) (err error) {
		if forwards(string(l.Protocol)) {
			return nil // network load balancers have no rules
		}
		if early, ok := r.early[aws.ToString(l.ListenerArn)]; ok {
			found[i] = early
			return nil
		}
		found[i], err = rules(ctx, api, aws.ToString(l.ListenerArn))
		return gone(err)
	})
	r.rules = slices.Concat(found...)
	return err
}

// arns returns the ARNs of all objects whose tags must be read.
func (r *reading) arns() []string {
	var arns []string
	for _, lb := range r.balancers {
		arns = append(arns, aws.ToString(lb.LoadBalancerArn))
	}
	for _, g := range r.groups {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	for _, l := range r.listeners {
		arns = append(arns, aws.ToString(l.ListenerArn))
	}
	for _, rule := range r.rules {
		arns = append(arns, aws.ToString(rule.RuleArn))
	}
	return arns
}

// object begins an object of a type; ok is false if its tags name none of the
// queried owners.
func (r *reading) object(q engine.Query, typ, arn string) (l engine.Object, ok bool) {
	mark, ok := engine.MarkOf(r.tags[arn])
	if !ok || mark.Address.Type != typ || !q.Has(mark.Address.Owner) {
		return engine.Object{}, false
	}
	return engine.Object{
		Address: mark.Address, ID: arn, Outputs: map[string]string{"arn": arn},
		Tags: r.tags[arn], LastApplied: mark.LastApplied, State: engine.StateReady,
	}, true
}

func hasMark(name, region string, owners []engine.Owner) bool {
	return slices.ContainsFunc(owners, func(o engine.Owner) bool { return naming.HasMark(name, o, region) })
}

// balancers lists load balancers of all kinds.
func balancers(ctx context.Context, api *elbv2.Client, in *elbv2.DescribeLoadBalancersInput) ([]types.LoadBalancer, error) {
	var list []types.LoadBalancer
	pages := elbv2.NewDescribeLoadBalancersPaginator(api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing load balancers: %w", err)
		}
		list = append(list, page.LoadBalancers...)
	}
	return list, nil
}

func groups(ctx context.Context, api *elbv2.Client, in *elbv2.DescribeTargetGroupsInput) ([]types.TargetGroup, error) {
	var list []types.TargetGroup
	pages := elbv2.NewDescribeTargetGroupsPaginator(api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing target groups: %w", err)
		}
		list = append(list, page.TargetGroups...)
	}
	return list, nil
}

func listeners(ctx context.Context, api *elbv2.Client, balancer string) ([]types.Listener, error) {
	var list []types.Listener
	pages := elbv2.NewDescribeListenersPaginator(api, &elbv2.DescribeListenersInput{LoadBalancerArn: &balancer})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the listeners of %s: %w", balancer, err)
		}
		list = append(list, page.Listeners...)
	}
	return list, nil
}

// rules lists the rules of a listener, without its default rule.
func rules(ctx context.Context, api *elbv2.Client, listener string) ([]ruleOf, error) {
	var list []ruleOf
	pages := elbv2.NewDescribeRulesPaginator(api, &elbv2.DescribeRulesInput{ListenerArn: &listener})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the rules of %s: %w", listener, err)
		}
		for _, rule := range page.Rules {
			if !aws.ToBool(rule.IsDefault) {
				list = append(list, ruleOf{listener, rule})
			}
		}
	}
	return list, nil
}

// gone drops the error that the object does not exist.
func gone(err error) error {
	if gate.IsNotFound(err) {
		return nil
	}
	return err
}
