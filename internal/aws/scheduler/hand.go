package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
)

// Hand is what people do with schedules by hand: they read, pause, resume and run them.
type Hand struct {
	API *scheduler.Client
	ECS *ecs.Client
}

// Seen is a schedule as AWS has it.
type Seen struct {
	// Expression and Zone say when it runs; State is Enabled or Disabled.
	Expression, Zone, State string
	// Begins is when a rate begins to count: the start, or the creation.
	Begins time.Time

	out *scheduler.GetScheduleOutput
}

// Read reads a schedule; ok is false if there is none.
func (h Hand) Read(ctx context.Context, group, name string) (s Seen, ok bool, err error) {
	out, err := h.API.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: &group, Name: &name})
	if gate.IsNotFound(err) {
		return Seen{}, false, nil
	}
	if err != nil {
		return Seen{}, false, fmt.Errorf("reading schedule %s: %w", name, err)
	}
	s = Seen{
		Expression: aws.ToString(out.ScheduleExpression), Zone: aws.ToString(out.ScheduleExpressionTimezone), State: string(out.State),
		Begins: aws.ToTime(out.CreationDate), out: out,
	}
	if out.StartDate != nil {
		s.Begins = *out.StartDate
	}
	return s, true, nil
}

// SetState enables or disables a schedule that was read, and changes nothing else of
// it.
func (h Hand) SetState(ctx context.Context, s Seen, state string) error {
	return h.replace(ctx, s.out, types.ScheduleState(state), s.out.Target)
}

// TaskDefinition is the ARN of the revision that a schedule runs; empty if it does not
// call what berth wrote.
func (s Seen) TaskDefinition() string {
	c, _ := s.call()
	return c.TaskDefinition
}

func (s Seen) call() (c Call, ok bool) {
	if s.out.Target == nil {
		return Call{}, false
	}
	return ParseCall(aws.ToString(s.out.Target.Input))
}

// SetTaskDefinition makes a schedule that was read run another revision of its task
// definition, and changes nothing else of it.
func (h Hand) SetTaskDefinition(ctx context.Context, s Seen, revision string) error {
	c, ok := s.call()
	if !ok {
		return fmt.Errorf("schedule %s does not call what berth wrote: `berth up` repairs it", aws.ToString(s.out.Name))
	}
	c.TaskDefinition = revision
	text, err := c.text()
	if err != nil {
		return err
	}
	target := *s.out.Target
	target.Input = &text
	return h.replace(ctx, s.out, s.out.State, &target)
}

// replace writes a schedule as it was read, with this state and target. AWS replaces the
// whole schedule, so that all of it is sent.
func (h Hand) replace(ctx context.Context, out *scheduler.GetScheduleOutput, state types.ScheduleState, target *types.Target) error {
	_, err := h.API.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		Name: out.Name, GroupName: out.GroupName, State: state,
		ScheduleExpression: out.ScheduleExpression, ScheduleExpressionTimezone: out.ScheduleExpressionTimezone,
		FlexibleTimeWindow: out.FlexibleTimeWindow, Target: target, ActionAfterCompletion: out.ActionAfterCompletion,
		Description: out.Description, StartDate: out.StartDate, EndDate: out.EndDate, KmsKeyArn: out.KmsKeyArn,
	})
	if err != nil {
		return fmt.Errorf("changing schedule %s: %w", aws.ToString(out.Name), err)
	}
	return nil
}

// Start starts what a schedule starts, now: the same call, with the caller's rights and
// a token for this moment, so that a repeated call starts one task. It returns the
// task's ARN.
func (h Hand) Start(ctx context.Context, s Seen, now time.Time) (task string, err error) {
	name := aws.ToString(s.out.Name)
	c, ok := Call{}, false
	if s.out.Target != nil {
		text := strings.ReplaceAll(aws.ToString(s.out.Target.Input), ScheduledTime, now.UTC().Format(time.RFC3339))
		c, ok = ParseCall(text)
	}
	if !ok {
		return "", fmt.Errorf("schedule %s does not call what berth wrote: `berth up` repairs it", name)
	}
	out, err := h.ECS.RunTask(ctx, c.input(now.UTC().Format(time.RFC3339Nano)))
	if err != nil {
		return "", fmt.Errorf("running %s: %w", name, err)
	}
	started, err := tasks.Started(out)
	if err != nil {
		return "", fmt.Errorf("running %s: %w", name, err)
	}
	return aws.ToString(started[0].TaskArn), nil
}

// input is a call as ECS's client takes it, with a token made of a text.
func (c Call) input(token string) *ecs.RunTaskInput {
	sum := sha256.Sum256([]byte(c.ClientToken + " " + token))
	net := c.NetworkConfiguration.AwsvpcConfiguration
	in := &ecs.RunTaskInput{
		ClientToken: aws.String(hex.EncodeToString(sum[:])[:32]), Cluster: &c.Cluster, TaskDefinition: &c.TaskDefinition,
		Count: aws.Int32(1), EnableECSManagedTags: c.EnableECSManagedTags, LaunchType: ecstypes.LaunchType(c.LaunchType),
		PropagateTags: ecstypes.PropagateTags(c.PropagateTags), StartedBy: &c.StartedBy,
		NetworkConfiguration: &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
			AssignPublicIp: ecstypes.AssignPublicIp(net.AssignPublicIp), SecurityGroups: net.SecurityGroups, Subnets: net.Subnets,
		}},
	}
	for _, item := range c.Strategy {
		in.CapacityProviderStrategy = append(in.CapacityProviderStrategy, ecstypes.CapacityProviderStrategyItem{
			CapacityProvider: &item.CapacityProvider, Weight: int32(item.Weight),
		})
	}
	if c.Overrides != nil {
		in.Overrides = &ecstypes.TaskOverride{}
		for _, o := range c.Overrides.ContainerOverrides {
			override := ecstypes.ContainerOverride{Name: aws.String(o.Name)}
			for _, v := range o.Environment {
				override.Environment = append(override.Environment, ecstypes.KeyValuePair{Name: aws.String(v.Name), Value: aws.String(v.Value)})
			}
			in.Overrides.ContainerOverrides = append(in.Overrides.ContainerOverrides, override)
		}
	}
	return in
}
