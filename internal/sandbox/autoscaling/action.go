package autoscaling

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/cron"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// action is a scheduled action. Each change has its own version, so that an event of an
// earlier one does nothing.
type action struct {
	Is      actionConfig
	ARN     string
	Created time.Time
	Version int
}

type actionConfig struct {
	Name, Schedule, Zone string
	Min, Max             *int32
}

const actionEvent = "autoscaling.action"

// mostActions is AWS's quota for a target:
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
const mostActions = 200

// putScheduledAction makes an action or changes what the call names of one:
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
func (p *AutoScaling) putScheduledAction(rq *world.Request, in *applicationautoscaling.PutScheduledActionInput) (*applicationautoscaling.PutScheduledActionOutput, error) {
	id, name := aws.ToString(in.ResourceId), aws.ToString(in.ScheduledActionName)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	t := p.s.Targets.Find(rq, id)
	if t == nil {
		return nil, missing("scalable target registered", id)
	}
	if name == "" || len(name) > 256 {
		return nil, invalid("1 validation error detected: Value at 'scheduledActionName' failed to satisfy constraint")
	}
	i := slices.IndexFunc(t.Actions, func(a *action) bool { return a.Is.Name == name })
	want := actionConfig{Name: name, Zone: "UTC"}
	if i >= 0 {
		want = t.Actions[i].Is
	}
	if err := want.change(in); err != nil {
		return nil, err
	}
	if i < 0 {
		if len(t.Actions) >= mostActions {
			return nil, &types.LimitExceededException{Message: aws.String("The number of scheduled actions exceeds the limit")}
		}
		i = len(t.Actions)
		arn := p.account.ARN("autoscaling", "scheduledAction:"+p.account.NewUUID("scheduled-action")+":resource/ecs/"+id+":scheduledActionName/"+name)
		t.Actions = append(t.Actions, &action{ARN: arn, Created: rq.Now})
	}
	a := t.Actions[i]
	a.Is = want
	a.Version++
	p.next(rq.Now, t, a)
	return &applicationautoscaling.PutScheduledActionOutput{}, nil
}

// change takes what a call names, and refuses what AWS refuses.
func (c *actionConfig) change(in *applicationautoscaling.PutScheduledActionInput) error {
	if in.Schedule != nil {
		c.Schedule = *in.Schedule
	}
	if in.Timezone != nil {
		c.Zone = *in.Timezone
	}
	if to := in.ScalableTargetAction; to != nil {
		c.Min, c.Max = to.MinCapacity, to.MaxCapacity
	}
	e, err := cron.Parse(c.Schedule)
	if err != nil || e.String() != c.Schedule {
		return invalid("Schedule expression %s is not valid", c.Schedule)
	}
	if _, err := cron.Zone(c.Zone); err != nil {
		return invalid("Invalid timezone provided: %s", c.Zone)
	}
	switch {
	case c.Min == nil && c.Max == nil:
		return invalid("You must specify either min or max capacity for the scheduled action")
	case c.Min != nil && c.Max != nil && *c.Min > *c.Max:
		return invalid("Maximum capacity cannot be less than minimum capacity")
	}
	return nil
}

// next schedules the next time of an action.
func (p *AutoScaling) next(after time.Time, t *target, a *action) {
	e, err := cron.Parse(a.Is.Schedule)
	if err != nil {
		return
	}
	zone, err := cron.Zone(a.Is.Zone)
	if err != nil {
		return
	}
	if at, ok := e.Next(after, a.Created, zone); ok {
		p.account.Schedule(at.UTC(), actionEvent, t.ID+" "+a.Is.Name+" "+strconv.Itoa(a.Version))
	}
}

// act sets the range of a target as an action says, which moves the number of tasks
// into it. A target whose scheduled scaling is suspended stays as it is.
func (p *AutoScaling) act(at time.Time, event string) {
	words := strings.Fields(event)
	if len(words) != 3 {
		return
	}
	t := p.s.Targets.Get(words[0])
	if t == nil {
		return
	}
	i := slices.IndexFunc(t.Actions, func(a *action) bool { return a.Is.Name == words[1] && strconv.Itoa(a.Version) == words[2] })
	if i < 0 {
		return
	}
	a := t.Actions[i]
	p.next(at, t, a)
	if aws.ToBool(t.Suspended.ScheduledScalingSuspended) {
		return
	}
	if a.Is.Min != nil {
		t.Min = *a.Is.Min
	}
	if a.Is.Max != nil {
		t.Max = *a.Is.Max
	}
	cluster, name, _ := parts(t.ID)
	if scale, ok := p.Needs.Services.Scale(cluster, name); ok {
		p.Needs.Services.SetDesired(at, cluster, name, min(max(scale.Desired, t.Min), t.Max))
	}
}

func (p *AutoScaling) deleteScheduledAction(_ *world.Request, in *applicationautoscaling.DeleteScheduledActionInput) (*applicationautoscaling.DeleteScheduledActionOutput, error) {
	id, name := aws.ToString(in.ResourceId), aws.ToString(in.ScheduledActionName)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	t := p.s.Targets.Get(id)
	if t == nil {
		return nil, missing("scheduled action found", id)
	}
	i := slices.IndexFunc(t.Actions, func(a *action) bool { return a.Is.Name == name })
	if i < 0 {
		return nil, missing("scheduled action found", id+", scheduled action name: "+name)
	}
	t.Actions = slices.Delete(t.Actions, i, i+1)
	return &applicationautoscaling.DeleteScheduledActionOutput{}, nil
}

func (p *AutoScaling) describeScheduledActions(rq *world.Request, in *applicationautoscaling.DescribeScheduledActionsInput) (*applicationautoscaling.DescribeScheduledActionsOutput, error) {
	var all []types.ScheduledAction
	if in.ServiceNamespace == types.ServiceNamespaceEcs {
		for _, t := range p.s.Targets.List(rq) {
			for _, a := range t.Actions {
				if (in.ResourceId == nil || *in.ResourceId == t.ID) && (len(in.ScheduledActionNames) == 0 || slices.Contains(in.ScheduledActionNames, a.Is.Name)) {
					all = append(all, shownAction(t, a))
				}
			}
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, &types.InvalidNextTokenException{Message: aws.String("Invalid next token")}
	}
	return &applicationautoscaling.DescribeScheduledActionsOutput{ScheduledActions: page, NextToken: next}, nil
}

func shownAction(t *target, a *action) types.ScheduledAction {
	return types.ScheduledAction{
		ServiceNamespace: types.ServiceNamespaceEcs, ResourceId: aws.String(t.ID),
		ScalableDimension:   types.ScalableDimensionECSServiceDesiredCount,
		ScheduledActionName: aws.String(a.Is.Name), ScheduledActionARN: aws.String(a.ARN), CreationTime: aws.Time(a.Created),
		Schedule: aws.String(a.Is.Schedule), Timezone: aws.String(a.Is.Zone),
		ScalableTargetAction: &types.ScalableTargetAction{MinCapacity: a.Is.Min, MaxCapacity: a.Is.Max},
	}
}
