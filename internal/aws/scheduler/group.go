package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
	"github.com/berthdev/berth/internal/engine/naming"
)

// MaxName is the longest name of a group and of a schedule.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
const MaxName = 64

// Group holds the schedules of a stack, and its tags say whose they are. Outputs: id
// (the name), arn.
type Group struct {
	Name string `attr:"name,replace,own"`
}

// Type implements engine.Resource.
func (Group) Type() string { return "scheduler.group" }

// GroupName is the name of a stack's group. Permissions are limited to berth's groups by
// the beginning of their names.
func GroupName(o engine.Owner, region string) string {
	return naming.Name(o, region, "berth-"+o.Project, MaxName)
}

// Groups is the type of Group.
type Groups struct {
	API     *scheduler.Client
	Tagging *resourcegroupstaggingapi.Client
	Region  string
}

// Spec implements engine.Type.
func (Groups) Spec() engine.Spec {
	return engine.Spec{Name: Group{}.Type(), Identity: engine.UniqueName, GoneIn: time.Second, GoneBy: time.Minute}
}

// List implements engine.Type: two calls for each stack that may have schedules.
func (t Groups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	found, err := t.found(ctx, q)
	var objects []engine.Object
	for _, g := range found {
		objects = append(objects, g.object)
	}
	return objects, err
}

// ownGroup is the group of an owner, with its tags.
type ownGroup struct {
	owner  engine.Owner
	object engine.Object
}

// found are the owners' groups. A reading asks for them once, for groups and schedules.
func (t Groups) found(ctx context.Context, q engine.Query) ([]ownGroup, error) {
	if may, err := tagindex.MayExist(ctx, q, t.Tagging, "scheduler:schedule-group"); err != nil || !may {
		return nil, err
	}
	return memory.Once(q.Memory, "scheduler.groups", func() ([]ownGroup, error) {
		var out []ownGroup
		for _, o := range q.Owners {
			if o.IsEnvironment() {
				continue
			}
			object, ok, err := t.read(ctx, GroupName(o, t.Region))
			if err != nil {
				return nil, err
			}
			if ok && object.Address.Owner == o {
				out = append(out, ownGroup{o, object})
			}
		}
		return out, nil
	})
}

// read reads a group with its tags; ok is false if there is none.
func (t Groups) read(ctx context.Context, name string) (object engine.Object, ok bool, err error) {
	out, err := t.API.GetScheduleGroup(ctx, &scheduler.GetScheduleGroupInput{Name: &name})
	if gate.IsNotFound(err) {
		return engine.Object{}, false, nil
	}
	if err != nil {
		return engine.Object{}, false, fmt.Errorf("reading schedule group %s: %w", name, err)
	}
	arn := aws.ToString(out.Arn)
	tags, err := t.tags(ctx, arn)
	if gate.IsNotFound(err) {
		return engine.Object{}, false, nil
	}
	if err != nil {
		return engine.Object{}, false, err
	}
	mark, _ := engine.MarkOf(tags)
	object = engine.Object{
		Address: mark.Address, ID: name, Outputs: map[string]string{"arn": arn}, Attrs: engine.Shown(Group{Name: name}),
		Tags: tags, LastApplied: mark.LastApplied, State: engine.StateReady, Created: aws.ToTime(out.CreationDate),
	}
	if out.State == types.ScheduleGroupStateDeleting {
		object.State = engine.StateDeleting
	}
	return object, true, nil
}

// Create implements engine.Type. A group of the name is the desired one, after a
// creation without an answer, or one that is still being deleted.
func (t Groups) Create(ctx context.Context, w engine.Desired[Group]) (engine.Object, error) {
	name := w.Want.Name
	out, err := t.API.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: &name, Tags: tagsOf(w.Tags)})
	if gate.Code(err) == conflict {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating schedule group %s: %w", name, err)
	}
	return engine.AsDesired(w, name, map[string]string{"arn": aws.ToString(out.ScheduleGroupArn)}), nil
}

// conflict is AWS's code for a name that is taken, and for an object that is being
// changed or deleted.
const conflict = "ConflictException"

func (t Groups) take(ctx context.Context, w engine.Desired[Group]) (engine.Object, error) {
	name := w.Want.Name
	object, ok, err := t.read(gate.JustMade(ctx), name)
	switch {
	case err != nil:
		return engine.Object{}, err
	case !ok:
		return engine.Object{}, gate.Unlisted("schedule group " + name)
	case object.State == engine.StateDeleting:
		return engine.Object{}, gate.Busy("schedule group " + name + " is still being deleted")
	}
	mark, _ := engine.MarkOf(object.Tags)
	if err := w.Claim(mark, name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type.
func (t Groups) Update(ctx context.Context, w engine.Desired[Group], object engine.Object, _ []string) (engine.Object, error) {
	if err := t.setTags(ctx, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type. With a group AWS deletes the schedules in it, so that
// a group with somebody else's schedules stays.
func (t Groups) Delete(ctx context.Context, object engine.Object) error {
	if err := t.onlyOwn(ctx, object); err != nil {
		return err
	}
	_, err := t.API.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting schedule group %s: %w", object.ID, err)
	}
	return nil
}

// Poll implements engine.Poller.
func (t Groups) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	var out []engine.Object
	for _, o := range objects {
		seen, ok, err := t.read(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			o.State = seen.State
			out = append(out, o)
		}
	}
	return out, nil
}

var (
	_ engine.Type[Group] = Groups{}
	_ engine.Poller      = Groups{}
)
