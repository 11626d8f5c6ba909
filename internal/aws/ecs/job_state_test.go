package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func TestExitOf(t *testing.T) {
	t.Parallel()
	container := func(code int32, reason string) types.Container {
		return types.Container{ExitCode: &code, Reason: gate.Optional(reason)}
	}
	tests := []struct {
		name       string
		reason     string
		containers []types.Container
		code       int
		known      bool
		why        string
	}{
		{"well", "Essential container in task exited", []types.Container{container(0, "")}, 0, true, ""},
		{
			"failed", "Essential container in task exited", []types.Container{container(3, "")}, 3, true,
			"exit code 3: Essential container in task exited",
		},
		{
			"out of memory", "Essential container in task exited",
			[]types.Container{container(0, ""), container(137, "OutOfMemoryError: Container killed due to memory usage")},
			137, true, "exit code 137: Essential container in task exited: OutOfMemoryError: Container killed due to memory usage",
		},
		{
			"no image", "CannotPullContainerError: not found", []types.Container{{}}, 0, false,
			"the task did not start: CannotPullContainerError: not found",
		},
		{
			"a helper alone", "CannotStartContainerError: no such file",
			[]types.Container{{}, {Name: aws.String(FilesContainer), ExitCode: aws.Int32(0)}}, 0, false,
			"the task did not start: CannotStartContainerError: no such file",
		},
		{
			"a helper failed", "Container failed to start because of a dependency",
			[]types.Container{{}, {Name: aws.String(FilesContainer), ExitCode: aws.Int32(2)}}, 2, true,
			"container berth-files: exit code 2: Container failed to start because of a dependency",
		},
		{"no reason", "", nil, 0, false, "the task did not start"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, known, why := exitOf(types.Task{StoppedReason: aws.String(tt.reason), Containers: tt.containers}, "")
			if code != tt.code || known != tt.known || why != tt.why {
				t.Errorf("%d, %t, %q; want %d, %t, %q", code, known, why, tt.code, tt.known, tt.why)
			}
		})
	}
}

func TestDigitsInStrings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{
			"numbers", `{"tasks":[{"containers":[{"cpu":0,"memory":512,"exitCode":0}],"overrides":{"containerOverrides":[{"cpu":1}]}}]}`,
			`{"tasks":[{"containers":[{"cpu":"0","exitCode":0,"memory":"512"}],"overrides":{"containerOverrides":[{"cpu":1}]}}]}`,
		},
		{"one task", `{"task":{"containers":[{"cpu":1}]}}`, `{"task":{"containers":[{"cpu":"1"}]}}`},
		{"as AWS writes it", `{"tasks": [{"containers": [{"cpu": "0"}]}]}`, `{"tasks": [{"containers": [{"cpu": "0"}]}]}`},
		{"something else", `<html>`, `<html>`},
		{"other shapes", `{"tasks":[1,{"containers":2}],"task":null}`, `{"tasks":[1,{"containers":2}],"task":null}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := string(digitsInStrings([]byte(tt.in))); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
