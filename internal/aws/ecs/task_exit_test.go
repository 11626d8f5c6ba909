package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestExitOfATaskOfSeveralContainers: the container that failed is named, and not one
// that was stopped with it or waited for it; how a job ended is how its own container
// did.
func TestExitOfATaskOfSeveralContainers(t *testing.T) {
	t.Parallel()
	exited := func(name string, code int32, reason string) types.Container {
		return types.Container{Name: &name, ExitCode: &code, Reason: aws.String(reason)}
	}
	const unresolved = "CannotStartContainerError: dependency graph: failed to resolve [init] for [job]"
	sick := exited("proxy", 137, "")
	sick.HealthStatus = types.HealthStatusUnhealthy
	for name, c := range map[string]struct {
		own, reason string
		containers  []types.Container
		code        int
		known       bool
		why         string
	}{
		"the job succeeds, its sidecar is stopped": {"job", "Essential container in task exited", []types.Container{exited("job", 0, ""), exited("proxy", 143, "")}, 0, true, ""},
		"the job fails, its sidecar is stopped": {
			"job", "Essential container in task exited", []types.Container{exited("proxy", 143, ""), exited("job", 2, "")}, 2, true,
			"container job: exit code 2: Essential container in task exited",
		},
		"the sidecar fails, the job is stopped": {
			"job", "Essential container in task exited", []types.Container{exited("job", 137, ""), exited("proxy", 1, "")}, 1, true,
			"container proxy: exit code 1: Essential container in task exited",
		},
		"what it waits for fails": {
			"job", "Task failed to start", []types.Container{exited("job", 143, unresolved), exited("init", 3, "")}, 3, true,
			"container init: exit code 3: Task failed to start",
		},
		"what it waits for never comes": {
			"job", "Task failed to start", []types.Container{exited("job", 143, unresolved), {Name: aws.String("init")}}, 143, true,
			"the task did not start: " + unresolved,
		},
		"the sidecar runs out of memory": {
			"", "Essential container in task exited", []types.Container{exited("web", 1, ""), exited("proxy", 137, "OutOfMemoryError: killed")}, 137, true,
			"container proxy: exit code 137: Essential container in task exited: OutOfMemoryError: killed",
		},
		"the sidecar is not healthy": {
			"", "Task failed container health checks", []types.Container{exited("web", 137, ""), sick}, 137, true,
			"Task failed container health checks (container proxy)",
		},
		"an image of the sidecar is missing": {
			"job", "", []types.Container{{Name: aws.String("job")}, {Name: aws.String("proxy"), Reason: aws.String("CannotPullContainerError: not found")}}, 0, false,
			"the task did not start: container proxy: CannotPullContainerError: not found",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, known, why := exitOf(types.Task{StoppedReason: &c.reason, Containers: c.containers}, c.own)
			if code != c.code || known != c.known || why != c.why {
				t.Errorf("%d, %t, %q; want %d, %t, %q", code, known, why, c.code, c.known, c.why)
			}
		})
	}
}
