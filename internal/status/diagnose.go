package status

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Diagnosis is why a service or a job does not run.
type Diagnosis struct {
	// Cause is one line: the stopped task's reason, with its exit code.
	Cause string
	// Stopped says that a task has stopped: the cause is its reason.
	Stopped bool
	// Remedy is what to do about it; empty when only the log can say.
	Remedy string
	// Log are the last lines of the task that stopped last.
	Log []string
	// Events are the service's latest messages, the newest first.
	Events []string
}

// Subject is what to diagnose: a service, or the family of a job.
type Subject struct {
	Cluster string
	// Service is the name in ECS; empty for a job, which is named by Family.
	Service, Family string
	LogGroup        string
}

// lastLines is how much of the log a diagnosis shows.
const lastLines = 10

// Diagnose finds out why. What cannot be read stays empty: the failure itself
// is told elsewhere.
func Diagnose(ctx context.Context, api *ecs.Client, logs *cloudwatchlogs.Client, s Subject, now time.Time) Diagnosis {
	var d Diagnosis
	if s.Service != "" {
		d.Events = serviceEvents(ctx, api, s)
	}
	in := &ecs.ListTasksInput{Cluster: aws.String(s.Cluster), DesiredStatus: types.DesiredStatusStopped}
	if s.Service != "" {
		in.ServiceName = aws.String(s.Service)
	} else {
		in.Family = aws.String(s.Family)
	}
	stopped, err := listed(ctx, api, in)
	if err == nil && len(stopped) > 0 {
		last := slices.MaxFunc(stopped, func(a, b Task) int { return a.Stopped.Compare(b.Stopped) })
		d.Cause, d.Stopped = causeOf(last), true
		d.Log = logOf(ctx, logs, s.LogGroup, last, now)
	} else if len(d.Events) > 0 {
		d.Cause = d.Events[0]
	}
	d.Remedy = remedyFor(d.Cause)
	return d
}

func causeOf(t Task) string {
	cause := t.StoppedReason
	if strings.Contains(strings.ToLower(cause), "health checks") {
		// ECS kills the task then: its exit code tells nothing more.
		if names := t.unhealthy(); len(names) > 0 {
			cause += " (container " + strings.Join(names, ", ") + ")"
		}
		return cause
	}
	if t.ExitCode != nil && *t.ExitCode != 0 {
		cause = strings.TrimSpace(cause + " (" + t.exitText(*t.ExitCode) + ")")
	}
	return cause
}

// exitText is an exit code in words, with the container if there are several.
func (t Task) exitText(code int32) string {
	if t.culprit != "" {
		return "container " + t.culprit + ": " + exitText(code)
	}
	return exitText(code)
}

func exitText(code int32) string {
	text := "exit code " + strconv.Itoa(int(code))
	switch code {
	case 137:
		text += ": killed, often for lack of memory"
	case 139:
		text += ": segmentation fault"
	case 126, 127:
		text += ": the command was not found or cannot be executed"
	case 143:
		text += ": ended by SIGTERM"
	}
	return text
}

// remedyFor knows the causes that AWS words always in the same way.
func remedyFor(cause string) string {
	for _, known := range []struct{ contains, remedy string }{
		{"CannotPullContainerError", "check the image's name and tag, and that it is public or in this account's ECR; a private subnet needs a NAT gateway to pull it"},
		{"has timed out", "a container of the task waits for it to be healthy, which took too long: run its healthcheck's command in the image, or give it more time"},
		{"ResourceInitializationError", "the task could not reach AWS or lacks a permission: check the route to the internet and the execution role"},
		{"failed container health checks", "run the healthcheck's command in the image, or give it more time: healthcheck.start_period"},
		{"failed ELB health checks", "the port or the path does not answer in time: check ports, healthcheck and x-berth.health.path"},
		{"Health checks failed", "the port or the path does not answer in time: check ports, healthcheck and x-berth.health.path"},
		{"OutOfMemory", "give the service more memory: deploy.resources.limits.memory"},
		{"killed, often for lack of memory", "give the service more memory: deploy.resources.limits.memory"},
		{"exec format error", "the image is for another architecture: set `platform: linux/arm64` or linux/amd64"},
	} {
		if strings.Contains(cause, known.contains) {
			return known.remedy
		}
	}
	return ""
}

func serviceEvents(ctx context.Context, api *ecs.Client, s Subject) []string {
	out, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: aws.String(s.Cluster), Services: []string{s.Service},
	})
	if err != nil || len(out.Services) == 0 {
		return nil
	}
	var events []string
	for _, e := range out.Services[0].Events {
		if len(events) < 3 {
			events = append(events, aws.ToString(e.Message))
		}
	}
	return events
}

func logOf(ctx context.Context, api *cloudwatchlogs.Client, group string, t Task, now time.Time) []string {
	if group == "" {
		return nil
	}
	lines, err := tail(ctx, api, Source{Group: group, Task: t.ID, Container: t.culprit}, lastLines, now)
	if err != nil {
		return nil
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}
