package deploy_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestAJobRunsAgainWithANewDefinition: what a teardown that died has deregistered no longer
// says that the job has run, so that the next up does everything, and nothing is left to do.
func TestAJobRunsAgainWithANewDefinition(t *testing.T) {
	t.Parallel()
	a := bed.App(t, "name: shop\nservices:\n  migrate: {image: \"migrate:1\", restart: \"no\"}\n")
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		unchanged(t, b, a)
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		all, err := p.Clients.ECS.ListTaskDefinitions(t.Context(), &ecs.ListTaskDefinitionsInput{Status: types.TaskDefinitionStatusActive})
		if err != nil || len(all.TaskDefinitionArns) != 1 {
			t.Fatalf("active: %v, %v", all, err)
		}
		if _, err := p.Clients.ECS.DeregisterTaskDefinition(t.Context(), &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &all.TaskDefinitionArns[0]}); err != nil {
			t.Fatal(err)
		}
		mustRun(t, b, a, deploy.Request{})
		unchanged(t, b, a)
	})
}
