package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
)

// kept are the events of these workloads that EventBridge has written to the stack's log
// group, without those that are in known, which is what ECS still knows; none if there is
// no such group. A caller who may not read it gets an error if the group is filled now.
func kept(ctx context.Context, p *deploy.Project, table blueprint.Outputs, wanted []workload, since time.Time, known []Event) ([]Event, error) {
	if from := p.Target.Clock.Now().AddDate(0, 0, -blueprint.EventDays); since.Before(from) {
		since = from
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(p.Target.Clients.Logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &table.EventsGroup, StartTime: aws.Int64(since.UnixMilli()),
	})
	sort := sorter{wanted, oldest(known), map[string]bool{}}
	for _, e := range known {
		sort.seen[e.id] = true
	}
	var out []Event
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, _, denied := gate.Missing(err); gate.IsNotFound(err) || denied && !table.KeepsEvents {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the events in %s: %w", table.EventsGroup, err)
		}
		for _, line := range page.Events {
			if e, ok := sort.event(aws.ToString(line.Message)); ok {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// of is a kind of events of a workload.
type of struct{ service, kind string }

// oldest are the times of the oldest events of each kind: what ECS says since then is
// complete, in other words than EventBridge's, whose times have no fractions of seconds.
func oldest(known []Event) map[of]time.Time {
	out := map[of]time.Time{}
	for _, e := range known {
		if first, ok := out[of{e.Service, e.Kind}]; !ok || e.Time.Before(first) {
			out[of{e.Service, e.Kind}] = e.Time
		}
	}
	return out
}

// sorter turns lines of the log into events and leaves out what is known.
type sorter struct {
	wanted []workload
	oldest map[of]time.Time
	seen   map[string]bool
}

// line is an event as EventBridge writes it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
type line struct {
	Kind      string    `json:"detail-type"`
	ID        string    `json:"id"`
	Time      time.Time `json:"time"`
	Resources []string  `json:"resources"`
	Detail    struct {
		Name   string `json:"eventName"`
		Reason string `json:"reason"`

		Group         string    `json:"group"`
		TaskARN       string    `json:"taskArn"`
		StopCode      string    `json:"stopCode"`
		StoppedReason string    `json:"stoppedReason"`
		StoppedAt     time.Time `json:"stoppedAt"`
		Containers    []struct {
			Name     string `json:"name"`
			ExitCode *int32 `json:"exitCode"`
			Reason   string `json:"reason"`
		} `json:"containers"`
	} `json:"detail"`
}

// event reads a line; ok is false if it is of no workload that was asked for, or says what
// is known already.
func (s sorter) event(text string) (e Event, ok bool) {
	var l line
	if json.Unmarshal([]byte(text), &l) != nil {
		return Event{}, false
	}
	w, ok := s.workload(l)
	if !ok {
		return Event{}, false
	}
	switch l.Kind {
	case blueprint.TaskEvent:
		e = stopOf(w, l.task())
	case blueprint.DeploymentEvent:
		e = Event{Kind: OfDeployment, Text: deploymentText(l)}
	case blueprint.ServiceEvent:
		if strings.HasPrefix(l.Detail.Name, "SERVICE_DEPLOYMENT_") {
			return Event{}, false // there is an event of the deployment, too
		}
		e = Event{Kind: OfService, Text: words(l.Detail.Name)}
	default:
		return Event{}, false
	}
	e.Service, e.id = w.Name, cmp.Or(e.id, l.ID)
	if e.Time.IsZero() {
		e.Time = l.Time
	}
	first, known := s.oldest[of{e.Service, e.Kind}]
	if s.seen[e.id] || known && e.Kind != OfTask && !e.Time.Before(first.Truncate(time.Second)) {
		return Event{}, false
	}
	s.seen[e.id] = true
	return e, true
}

// workload is the one that a line is about.
func (s sorter) workload(l line) (workload, bool) {
	service, family := "", ""
	if l.Detail.Group != "" {
		service, _ = strings.CutPrefix(l.Detail.Group, "service:")
		family, _ = strings.CutPrefix(l.Detail.Group, "family:")
	} else if len(l.Resources) > 0 {
		service = resource.LastPart(l.Resources[0])
	}
	for _, w := range s.wanted {
		if w.service != "" && w.service == service || family != "" && w.Family == family {
			return w, true
		}
	}
	return workload{}, false
}

// task is the task of a line, as ECS would show it.
func (l line) task() types.Task {
	t := types.Task{
		TaskArn: &l.Detail.TaskARN, Group: &l.Detail.Group, StopCode: types.TaskStopCode(l.Detail.StopCode),
		StoppedReason: &l.Detail.StoppedReason, StoppedAt: &l.Detail.StoppedAt, LastStatus: aws.String("STOPPED"),
	}
	if l.Detail.StoppedAt.IsZero() {
		t.StoppedAt = &l.Time
	}
	for _, c := range l.Detail.Containers {
		t.Containers = append(t.Containers, types.Container{Name: &c.Name, ExitCode: c.ExitCode, Reason: gate.Optional(c.Reason)})
	}
	return t
}

// deploymentText says of a deployment what ECS's record of it would say.
func deploymentText(l line) string {
	switch name := strings.TrimPrefix(l.Detail.Name, "SERVICE_DEPLOYMENT_"); {
	case name == "IN_PROGRESS" && strings.Contains(l.Detail.Reason, "rolling back"):
		return l.Detail.Reason
	case name == "IN_PROGRESS":
		return "began"
	case name == "COMPLETED":
		return "successful"
	case l.Detail.Reason != "":
		return words(name) + ": " + l.Detail.Reason
	default:
		return words(name)
	}
}

// words are the words of a name such as SERVICE_STEADY_STATE.
func words(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", " ")) }
