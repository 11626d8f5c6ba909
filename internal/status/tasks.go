package status

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"

	"github.com/berthdev/berth/internal/aws/tasks"
)

// Task is one task as ECS shows it.
type Task struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// Health is HEALTHY, UNHEALTHY or UNKNOWN.
	Health         string    `json:"health"`
	PrivateIP      string    `json:"private_ip,omitempty"`
	PublicIP       string    `json:"public_ip,omitempty"`
	Capacity       string    `json:"capacity,omitempty"`
	Zone           string    `json:"zone,omitempty"`
	Started        time.Time `json:"started,omitzero"`
	Stopped        time.Time `json:"stopped,omitzero"`
	StoppedReason  string    `json:"stopped_reason,omitempty"`
	ExitCode       *int32    `json:"exit_code,omitempty"`
	TaskDefinition string    `json:"task_definition"`
	Image          string    `json:"image,omitempty"`
	Digest         string    `json:"digest,omitempty"`
	// Containers are its containers, the workload's own first.
	Containers []Container `json:"containers,omitempty"`

	// culprit is the container that it failed with, if it has several.
	culprit   string
	group     string // "service:NAME" or "family:NAME"
	eni       string
	startedBy string
}

// listed reads the tasks of a cluster that a filter selects. A cluster that does not
// exist has none.
func listed(ctx context.Context, api *ecs.Client, in *ecs.ListTasksInput) ([]Task, error) {
	list, err := tasks.List(ctx, api, in)
	var out []Task
	for _, t := range list {
		out = append(out, taskOf(t))
	}
	return out, err
}

func taskOf(t types.Task) Task {
	out := Task{
		ID: resource.LastPart(aws.ToString(t.TaskArn)), Status: aws.ToString(t.LastStatus), Health: string(t.HealthStatus),
		Capacity: aws.ToString(t.CapacityProviderName), Zone: aws.ToString(t.AvailabilityZone),
		Started: aws.ToTime(t.StartedAt), Stopped: aws.ToTime(t.StoppedAt),
		StoppedReason: aws.ToString(t.StoppedReason), TaskDefinition: aws.ToString(t.TaskDefinitionArn),
		group: aws.ToString(t.Group), startedBy: aws.ToString(t.StartedBy),
	}
	if out.Capacity == "" {
		out.Capacity = string(t.LaunchType)
	}
	out.addContainers(t.Containers)
	for _, a := range t.Attachments {
		for _, d := range a.Details {
			switch aws.ToString(d.Name) {
			case "networkInterfaceId":
				out.eni = aws.ToString(d.Value)
			case "privateIPv4Address":
				// The containers show it, too, but not while they start and stop.
				out.PrivateIP = aws.ToString(d.Value)
			}
		}
	}
	return out
}

// Digests are the image digests that tasks of a cluster run, by task definition ARN
// and container. What cannot be read is left out: digests are a record, and no reason
// to fail.
func Digests(ctx context.Context, api *ecs.Client, cluster string) map[string]map[string]string {
	list, err := listed(ctx, api, &ecs.ListTasksInput{Cluster: aws.String(cluster)})
	if err != nil {
		return nil
	}
	out := map[string]map[string]string{}
	for _, t := range list {
		for _, c := range t.Containers {
			if c.Digest == "" {
				continue
			}
			if out[t.TaskDefinition] == nil {
				out[t.TaskDefinition] = map[string]string{}
			}
			out[t.TaskDefinition][c.Name] = c.Digest
		}
	}
	return out
}
