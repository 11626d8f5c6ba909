package status

import (
	"strings"
	"testing"
)

func TestCause(t *testing.T) {
	t.Parallel()
	code := func(n int32) *int32 { return &n }
	for name, c := range map[string]struct {
		task  Task
		cause string
	}{
		"a clean end":        {Task{StoppedReason: "Essential container in task exited", ExitCode: code(0)}, "Essential container in task exited"},
		"an exit code":       {Task{StoppedReason: "exited", ExitCode: code(3)}, "exited (exit code 3)"},
		"out of memory":      {Task{ExitCode: code(137)}, "killed"},
		"an unknown command": {Task{ExitCode: code(127)}, "the command was not found"},
		"no image":           {Task{StoppedReason: "CannotPullContainerError: not found"}, "CannotPullContainerError"},
		"no health":          {Task{StoppedReason: "Task failed container health checks"}, "health checks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cause := causeOf(c.task)
			if !strings.Contains(cause, c.cause) {
				t.Errorf("cause %q does not say %q", cause, c.cause)
			}
		})
	}
}
