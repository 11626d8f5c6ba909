package autoscaling

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// reading is all targets, policies and scheduled actions of ECS services in the account
// and region.
type reading struct {
	targets  []types.ScalableTarget
	policies []types.ScalingPolicy
	actions  []types.ScheduledAction
}

// read lists all three once for their types: the targets first, because without one there
// are no policies and actions, which AWS deletes with it. AWS has no filter by owner; it
// returns 50 targets, 10 policies and 50 actions a call.
func (t Targets) read(ctx context.Context, q engine.Query) (reading, error) {
	if needed, err := t.needed(ctx, q); !needed || err != nil {
		return reading{}, err
	}
	return memory.Once(q.Memory, "autoscaling", func() (r reading, err error) {
		if r.targets, err = t.allTargets(ctx); err != nil || len(r.targets) == 0 {
			return r, err
		}
		lists := []func() error{
			func() (err error) { r.policies, err = t.allPolicies(ctx); return err },
			func() (err error) { r.actions, err = t.allActions(ctx); return err },
		}
		return r, concurrent.Each(lists, func(_ int, list func() error) error { return list() })
	})
}

// needed says whether the owners can have any: one is desired, the index of tags has
// one, or no object may be missed.
func (t Targets) needed(ctx context.Context, q engine.Query) (bool, error) {
	for _, w := range q.Wanted {
		switch w.Resource.(type) {
		case Target, Policy, ScheduledAction:
			return true, nil
		}
	}
	if q.Whole {
		return true, nil
	}
	index, err := tagindex.Resources(ctx, q, t.Tagging)
	if err != nil {
		return false, err
	}
	for _, r := range index {
		if r.Is("application-autoscaling:scalable-target") {
			return true, nil
		}
	}
	return false, nil
}

// Any says whether there is a scalable target of a service in the account and region.
func (t Targets) Any(ctx context.Context, q engine.Query) (bool, error) {
	r, err := t.read(ctx, q)
	return len(r.targets) > 0, err
}

func (t Targets) allTargets(ctx context.Context) ([]types.ScalableTarget, error) {
	var all []types.ScalableTarget
	pages := applicationautoscaling.NewDescribeScalableTargetsPaginator(t.API, &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the ranges of services: %w", err)
		}
		all = append(all, page.ScalableTargets...)
	}
	return all, nil
}

func (t Targets) allPolicies(ctx context.Context) ([]types.ScalingPolicy, error) {
	var all []types.ScalingPolicy
	pages := applicationautoscaling.NewDescribeScalingPoliciesPaginator(t.API, &applicationautoscaling.DescribeScalingPoliciesInput{
		ServiceNamespace: types.ServiceNamespaceEcs,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the scaling policies of services: %w", err)
		}
		all = append(all, page.ScalingPolicies...)
	}
	return all, nil
}

func (t Targets) allActions(ctx context.Context) ([]types.ScheduledAction, error) {
	var all []types.ScheduledAction
	pages := applicationautoscaling.NewDescribeScheduledActionsPaginator(t.API, &applicationautoscaling.DescribeScheduledActionsInput{
		ServiceNamespace: types.ServiceNamespaceEcs,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the scheduled actions of services: %w", err)
		}
		all = append(all, page.ScheduledActions...)
	}
	return all, nil
}

// List implements engine.Type.
func (t Targets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.read(ctx, q)
	if err != nil {
		return nil, err
	}
	wanted := map[string]engine.Wanted{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Target); ok {
			wanted[want.Name] = w
		}
	}
	proved := r.services(q.Owners)
	var objects []engine.Object
	for _, s := range r.targets {
		l := t.object(s)
		if w, ok := wanted[lastPart(l.ID)]; ok {
			l.Address = w.Address
			t.asScheduled(&l, s, w.Resource)
		} else if a, ok := proved[l.ID]; ok {
			l.Address = a
		} else if !q.Whole {
			continue // only a run that died leaves a target without a policy
		}
		objects = append(objects, l)
	}
	return objects, concurrent.Each(objects, func(i int, l engine.Object) error {
		if !l.Address.IsZero() {
			return nil
		}
		tags, err := t.tags(ctx, l.Output("arn"))
		if mark, ok := engine.MarkOf(tags); ok {
			objects[i].Address, objects[i].Tags, objects[i].LastApplied = mark.Address, tags, mark.LastApplied
		}
		return err
	})
}

// asScheduled shows the range that the files have if a scheduled action has set
// another.
func (t Targets) asScheduled(l *engine.Object, s types.ScalableTarget, r engine.Resource) {
	want, _ := r.(Target)
	now := ScheduledRange(int(aws.ToInt32(s.MinCapacity)), int(aws.ToInt32(s.MaxCapacity)))
	if slices.Contains(want.Scheduled, now) {
		s.MinCapacity, s.MaxCapacity = aws.Int32(int32(want.Min)), aws.Int32(int32(want.Max)) //nolint:gosec // at most 5000
		l.Attrs = t.object(s).Attrs
	}
}

// services are the addresses of the owners' targets by their ids, as the policies and
// scheduled actions say.
func (r reading) services(owners []engine.Owner) map[string]engine.Address {
	out := map[string]engine.Address{}
	for _, p := range r.policies {
		if o, service, _, ok := part.OwnerIn(aws.ToString(p.PolicyName), owners); ok {
			out[aws.ToString(p.ResourceId)] = engine.Address{Owner: o, Type: Target{}.Type(), Name: service}
		}
	}
	for _, a := range r.actions {
		if o, service, _, ok := part.OwnerIn(aws.ToString(a.ScheduledActionName), owners); ok {
			out[aws.ToString(a.ResourceId)] = engine.Address{Owner: o, Type: Target{}.Type(), Name: service}
		}
	}
	return out
}

// object is a target as AWS shows it, without its address.
func (t Targets) object(s types.ScalableTarget) engine.Object {
	id := aws.ToString(s.ResourceId)
	arn := "arn:" + t.Partition + ":ecs:" + t.Region + ":" + t.Account + ":" + id
	return engine.Object{
		ID: id, State: engine.StateReady, Created: aws.ToTime(s.CreationTime),
		Outputs: map[string]string{"id": id, "arn": aws.ToString(s.ScalableTargetARN)},
		Attrs: engine.Shown(Target{
			Name: lastPart(id), Service: engine.Lit(arn), Min: int(aws.ToInt32(s.MinCapacity)), Max: int(aws.ToInt32(s.MaxCapacity)),
		}),
	}
}

func lastPart(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }
