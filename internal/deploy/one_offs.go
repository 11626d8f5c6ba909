package deploy

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// stopOneOffs stops the one-off tasks whose definition a plan deletes: until they
// have ended, their network interfaces keep the security groups.
func (x *execution) stopOneOffs(ctx context.Context) error {
	deletes := map[string]bool{}
	for _, a := range x.Actions {
		if a.Verb == engine.VerbDelete && a.Type == (ecs.TaskDefinition{}).Type() {
			deletes[ecs.FamilyOf(a.ID)] = true
		}
	}
	if len(deletes) == 0 {
		return nil
	}
	s := x.session
	table, err := s.project.Outputs()
	if err != nil {
		return err
	}
	api := ecs.OneOffs{API: s.clients.ECS}
	tasks, err := api.StartedBy(ctx, table.Cluster, ecs.StartedByStack(s.stack()))
	if err != nil {
		return err
	}
	tasks = slices.DeleteFunc(tasks, func(t types.Task) bool { return !deletes[ecs.FamilyOf(aws.ToString(t.TaskDefinitionArn))] })
	for _, t := range tasks {
		id := ecs.LastPart(aws.ToString(t.TaskArn))
		s.waits(fmt.Sprintf("stopping task %s, which berth run has started: its task definition is deleted", id))
		if err := api.Stop(ctx, table.Cluster, id, "its task definition is deleted by berth"); err != nil {
			return err
		}
	}
	return nil
}
