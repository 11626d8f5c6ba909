package autoscaling

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// ScheduledAction sets the range of a service at times of the clock. Outputs: id.
type ScheduledAction struct {
	// Name is that of part.Name.
	Name string `attr:"name,replace,own"`
	// Target is the id of the scalable target.
	Target engine.Ref `attr:"target,replace,own"`
	// Expression is when, as AWS writes it, in the time of Zone, an IANA name.
	Expression string `attr:"expression"`
	Zone       string `attr:"zone"`
	// Min and Max are the range from then on.
	Min int `attr:"min"`
	Max int `attr:"max"`
}

// Type implements engine.Resource.
func (ScheduledAction) Type() string { return "autoscaling.scheduled-action" }

// ScheduledActions is the type of ScheduledAction.
type ScheduledActions struct{ Targets Targets }

// Spec implements engine.Type. AWS deletes a target's actions with it, so their own
// deletion comes first only if the target stays.
func (ScheduledActions) Spec() engine.Spec {
	return engine.Spec{Name: ScheduledAction{}.Type(), Identity: engine.ByParent, Untagged: true}
}

// List implements engine.Type.
func (t ScheduledActions) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.Targets.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var found []seen
	for _, a := range r.actions {
		found = append(found, seen{aws.ToString(a.ResourceId), aws.ToString(a.ScheduledActionName), "", a.CreationTime, shownAction(a)})
	}
	return objectsOf(found, ScheduledAction{}.Type(), q.Owners), nil
}

// shownAction are the attributes of a scheduled action. One that begins late or ends
// shows that after its expression, so that it counts as changed.
func shownAction(a types.ScheduledAction) map[string]string {
	out := ScheduledAction{
		Name: aws.ToString(a.ScheduledActionName), Target: engine.Lit(aws.ToString(a.ResourceId)),
		Expression: aws.ToString(a.Schedule), Zone: aws.ToString(a.Timezone), Min: -1, Max: -1,
	}
	if c := a.ScalableTargetAction; c != nil && c.MinCapacity != nil && c.MaxCapacity != nil {
		out.Min, out.Max = int(*c.MinCapacity), int(*c.MaxCapacity)
	}
	if a.StartTime != nil || a.EndTime != nil {
		out.Expression += " within bounds"
	}
	return engine.Shown(out)
}

// Create implements engine.Type. The name says that an action of the name is berth's.
func (t ScheduledActions) Create(ctx context.Context, w engine.Desired[ScheduledAction]) (engine.Object, error) {
	if err := t.put(gate.JustMade(ctx), w.Want); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, partID(w.Want.Target.Value(), w.Want.Name), nil), nil
}

// Update implements engine.Type. AWS keeps what a call does not name, such as bounds in
// time, so the action is made anew if it has them.
func (t ScheduledActions) Update(ctx context.Context, w engine.Desired[ScheduledAction], object engine.Object, changed []string) (engine.Object, error) {
	if strings.HasSuffix(object.Attrs["expression"], " within bounds") {
		if err := t.Delete(ctx, object); err != nil {
			return object, err
		}
	}
	if len(changed) > 0 {
		if err := t.put(ctx, w.Want); err != nil {
			return object, err
		}
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func (t ScheduledActions) put(ctx context.Context, want ScheduledAction) error {
	_, err := t.Targets.API.PutScheduledAction(ctx, &applicationautoscaling.PutScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension,
		ResourceId: aws.String(want.Target.Value()), ScheduledActionName: &want.Name, Schedule: &want.Expression, Timezone: &want.Zone,
		ScalableTargetAction: &types.ScalableTargetAction{
			MinCapacity: aws.Int32(int32(want.Min)), MaxCapacity: aws.Int32(int32(want.Max)), //nolint:gosec // at most 5000
		},
	})
	if err != nil {
		return fmt.Errorf("setting the scheduled action %s: %w", want.Name, err)
	}
	return nil
}

// Delete implements engine.Type.
func (t ScheduledActions) Delete(ctx context.Context, object engine.Object) error {
	target, name, _ := strings.Cut(object.ID, " ")
	_, err := t.Targets.API.DeleteScheduledAction(ctx, &applicationautoscaling.DeleteScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension, ResourceId: &target, ScheduledActionName: &name,
	})
	if err != nil && !isGone(err) {
		return fmt.Errorf("deleting the scheduled action %s: %w", name, err)
	}
	return nil
}

var _ engine.Type[ScheduledAction] = ScheduledActions{}
