package status

import (
	"strings"
	"testing"
)

func TestCauseAndRemedy(t *testing.T) {
	t.Parallel()
	code := func(n int32) *int32 { return &n }
	for name, c := range map[string]struct {
		task          Task
		cause, remedy string
	}{
		"a clean end":        {Task{StoppedReason: "Essential container in task exited", ExitCode: code(0)}, "Essential container in task exited", ""},
		"an exit code":       {Task{StoppedReason: "exited", ExitCode: code(3)}, "exited (exit code 3)", ""},
		"out of memory":      {Task{ExitCode: code(137)}, "killed", "give the service more memory"},
		"an unknown command": {Task{ExitCode: code(127)}, "the command was not found", ""},
		"no image":           {Task{StoppedReason: "CannotPullContainerError: not found"}, "CannotPullContainerError", "image's name and tag"},
		"no health":          {Task{StoppedReason: "Task failed container health checks"}, "health checks", "start_period"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cause := causeOf(c.task)
			if !strings.Contains(cause, c.cause) {
				t.Errorf("cause %q does not say %q", cause, c.cause)
			}
			if remedy := remedyFor(cause); !strings.Contains(remedy, c.remedy) || (c.remedy == "") != (remedy == "") {
				t.Errorf("remedy %q, want %q", remedy, c.remedy)
			}
		})
	}
}
