package status

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/aws/tasks"
)

// OneOff is a task that `berth run` has started and that has not ended.
type OneOff struct {
	// Name is the service or job whose definition it runs.
	Name string `json:"name"`
	Task Task   `json:"task"`
}

// OneOffs reads the running tasks of a cluster that have this mark. names are the
// services and jobs by the family of their definitions; tasks of others are left out.
func OneOffs(ctx context.Context, api *ecs.Client, cluster, mark string, names map[string]string) ([]OneOff, error) {
	list, err := listed(ctx, api, &ecs.ListTasksInput{Cluster: aws.String(cluster), StartedBy: aws.String(mark)})
	if err != nil {
		return nil, err
	}
	var out []OneOff
	for _, t := range list {
		if name, ok := names[tasks.FamilyOf(t.TaskDefinition)]; ok {
			out = append(out, OneOff{Name: name, Task: t})
		}
	}
	return out, nil
}
