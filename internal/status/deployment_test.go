package status

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestShownDeployment: what DescribeServices tells without the permission to list
// deployments, and whether it is worth that call.
func TestShownDeployment(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	service := func(state types.DeploymentRolloutState, reason string, events ...string) types.Service {
		s := types.Service{TaskDefinition: aws.String("web:1"), Deployments: []types.Deployment{{
			Status: aws.String("PRIMARY"), RolloutState: state, RolloutStateReason: aws.String(reason), CreatedAt: aws.Time(began),
		}}}
		for _, e := range events {
			s.Events = append(s.Events, types.ServiceEvent{Message: aws.String(e), CreatedAt: aws.Time(began.Add(time.Minute))})
		}
		return s
	}
	const completed, failed, going = types.DeploymentRolloutStateCompleted, types.DeploymentRolloutStateFailed, types.DeploymentRolloutStateInProgress
	for name, c := range map[string]struct {
		service  types.Service
		released string
		unusual  bool
		status   string
	}{
		"complete":              {service(completed, "ECS deployment ecs-svc/1 completed."), "web:1", false, ""},
		"complete, not known":   {service(completed, ""), "", false, ""},
		"another revision":      {service(completed, ""), "web:2", true, ""},
		"under way":             {service(going, "ECS deployment ecs-svc/1 in progress."), "web:1", true, InProgress},
		"failed":                {service(failed, "ECS deployment circuit breaker: tasks failed to start."), "web:1", true, Failed},
		"rolling back":          {service(going, "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0."), "", true, RollingBack},
		"rolled back":           {service(completed, "ECS deployment circuit breaker: rolled back to deploymentId ecs-svc/0."), "", true, RolledBack},
		"rolled back, an event": {service(completed, "ECS deployment ecs-svc/0 completed.", "(service web) rolling back to deployment ecs-svc/0."), "", true, ""},
		"no deployment":         {types.Service{TaskDefinition: aws.String("web:1")}, "web:1", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := unusual(c.service, c.released); got != c.unusual {
				t.Errorf("unusual: %t, want %t", got, c.unusual)
			}
			got := ""
			if d := shownDeployment(c.service); d != nil {
				got = d.Status
			}
			if got != c.status {
				t.Errorf("status %q, want %q", got, c.status)
			}
		})
	}
}

// TestEveryDeploymentStatusHasAWord: a status of ECS that is new to berth is not
// taken for a success.
func TestEveryDeploymentStatusHasAWord(t *testing.T) {
	t.Parallel()
	for _, s := range types.ServiceDeploymentStatus("").Values() {
		if got := statusOf(s); (got == "") != (s == types.ServiceDeploymentStatusSuccessful) {
			t.Errorf("%s is %q", s, got)
		}
	}
}

func TestBrokenDatabases(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]bool{
		"available": false, "backing-up": false, "modifying": false, "creating": false, "absent": true,
		"failed": true, "create-failed": true, "incompatible-network": true, "storage-full": true, "stopped": true,
	} {
		if got := (Database{State: state}).Broken(); got != want {
			t.Errorf("%s: broken %t", state, got)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	const completed, failed, going = types.DeploymentRolloutStateCompleted, types.DeploymentRolloutStateFailed, types.DeploymentRolloutStateInProgress
	for name, c := range map[string]struct {
		deployment types.Deployment
		want       bool
	}{
		"complete":            {types.Deployment{RunningCount: 1, RolloutState: completed}, true},
		"no task":             {types.Deployment{RolloutState: completed}, false},
		"failed":              {types.Deployment{RunningCount: 1, RolloutState: failed}, false},
		"under way":           {types.Deployment{RunningCount: 1, RolloutState: going}, true},
		"under way, failures": {types.Deployment{RunningCount: 1, RolloutState: going, FailedTasks: 1}, false},
		"rolling back": {types.Deployment{RunningCount: 1, RolloutState: going, FailedTasks: 1,
			RolloutStateReason: aws.String("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0.")}, true},
	} {
		if got := answers(c.deployment); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
