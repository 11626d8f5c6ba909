package deploy

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

// stopOneOffs stops the one-off tasks whose definition a plan deletes: until they
// have ended, their network interfaces keep the security groups.
func (x *execution) stopOneOffs(ctx context.Context) error {
	deletes := map[string]bool{}
	for _, a := range x.Actions {
		if a.Verb == engine.VerbDelete && a.Type == (ecs.TaskDefinition{}).Type() {
			deletes[tasks.FamilyOf(a.ID)] = true
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
	running, err := tasks.List(ctx, s.clients.ECS, &awsecs.ListTasksInput{
		Cluster: &table.Cluster, StartedBy: aws.String(ecs.StartedByStack(s.stack())),
	})
	if err != nil {
		return err
	}
	for _, t := range running {
		if !deletes[tasks.FamilyOf(aws.ToString(t.TaskDefinitionArn))] {
			continue
		}
		id := ecs.LastPart(aws.ToString(t.TaskArn))
		s.waits(fmt.Sprintf("stopping task %s, which berth run has started: its task definition is deleted", id))
		if err := tasks.Stop(ctx, s.clients.ECS, table.Cluster, id, "its task definition is deleted by berth"); err != nil {
			return err
		}
	}
	return nil
}
