package blueprint

import (
	"slices"
	"testing"

	"github.com/berthdev/berth/internal/app"
	where "github.com/berthdev/berth/internal/app/placing"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/project"
)

// TestInstancesKeepTheAppAsItIs: the graph has the types sorted, and the app does not change.
func TestInstancesKeepTheAppAsItIs(t *testing.T) {
	t.Parallel()
	w := app.Workload{Placing: where.Placing{Capacity: where.Managed, Instances: project.XInstances{Types: []string{"g5.*", "g4dn.*"}}}}
	if got := instancesOf([]app.Workload{w}).Types; !slices.Equal(got, []string{"g4dn.*", "g5.*"}) {
		t.Errorf("the types are %q", got)
	}
	if !slices.Equal(w.Instances.Types, []string{"g5.*", "g4dn.*"}) {
		t.Errorf("those of the app became %q", w.Instances.Types)
	}
}

// TestADeploymentWaitsAsLongAsIsPlanned: the deadline of a run counts on the time after which
// ECS goes back by itself.
func TestADeploymentWaitsAsLongAsIsPlanned(t *testing.T) {
	t.Parallel()
	if rollout.ApprovalMinutes != ecs.PauseMinutes {
		t.Errorf("planned for %d minutes, and ECS is told %d", rollout.ApprovalMinutes, ecs.PauseMinutes)
	}
}
