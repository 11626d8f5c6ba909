package ecs

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

func TestServiceState(t *testing.T) {
	t.Parallel()
	const inProgress, completed, failed = types.DeploymentRolloutStateInProgress,
		types.DeploymentRolloutStateCompleted, types.DeploymentRolloutStateFailed
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	deployment := func(id, status string, rollout types.DeploymentRolloutState, running int32, at time.Duration) types.Deployment {
		return types.Deployment{
			Id: aws.String("ecs-svc/" + id), Status: &status, RolloutState: rollout, RunningCount: running, DesiredCount: 2,
			TaskDefinition: aws.String("arn:aws:ecs:eu-central-1:1:task-definition/web:" + id),
			CreatedAt:      aws.Time(start.Add(at)), UpdatedAt: aws.Time(start.Add(at)),
			RolloutStateReason: aws.String("reason of " + id + "."),
		}
	}
	older, ours := deployment("1", "PRIMARY", completed, 2, -time.Hour), deployment("2", "PRIMARY", inProgress, 1, 0)
	with := func(d types.Deployment, change func(*types.Deployment)) types.Deployment {
		change(&d)
		return d
	}
	existing := deployment("2", "ACTIVE", failed, 0, 0)
	back := with(older, func(d *types.Deployment) { d.UpdatedAt = aws.Time(start.Add(time.Minute)) })
	tests := []struct {
		name        string
		status      string
		running     int32
		deployments []types.Deployment
		events      []string
		want        engine.State
		detail      string
	}{
		{name: "rolling out", running: 1, deployments: []types.Deployment{ours, older}, want: engine.StatePending, detail: "1 of 2 tasks run"},
		{
			name: "old tasks stop", running: 2, want: engine.StatePending, detail: "2 of 2 tasks run, earlier tasks are stopping",
			deployments: []types.Deployment{deployment("2", "PRIMARY", inProgress, 2, 0), deployment("1", "ACTIVE", completed, 1, -time.Hour)},
		},
		{name: "complete", running: 2, deployments: []types.Deployment{deployment("2", "PRIMARY", completed, 2, 0)}, want: engine.StateReady},
		{
			name: "scaling", running: 1, deployments: []types.Deployment{deployment("2", "PRIMARY", completed, 2, 0)},
			want: engine.StatePending, detail: "1 of 2 tasks run",
		},
		{name: "no rollout state", running: 2, deployments: []types.Deployment{deployment("2", "PRIMARY", "", 2, 0)}, want: engine.StateReady},
		{
			name: "the answer lags behind", running: 2, deployments: []types.Deployment{older},
			want: engine.StatePending, detail: "the deployment begins",
		},
		{
			name: "failed", deployments: []types.Deployment{deployment("2", "PRIMARY", failed, 0, 0)},
			want: engine.StateFailed, detail: "reason of 2.",
		},
		{
			name: "rolled back", running: 2, deployments: []types.Deployment{back, existing},
			want: engine.StateFailed, detail: "reason of 2. ECS went back to web:1.",
		},
		{
			name: "rolled back and forgotten", running: 2, deployments: []types.Deployment{back},
			events: []string{"(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start."},
			want:   engine.StateFailed, detail: "deployment failed: tasks failed to start. ECS went back to web:1.",
		},
		{
			name: "another deployment", running: 2, deployments: []types.Deployment{deployment("3", "PRIMARY", inProgress, 2, time.Minute)},
			want: engine.StateFailed, detail: "deployment 2 did not complete. ECS went back to web:3.",
		},
		{name: "no deployment", want: engine.StatePending, detail: "the deployment begins"},
		{name: "draining", status: "DRAINING", running: 1, want: engine.StateDeleting, detail: "draining: 1 tasks still run"},
	}
	waited := engine.Object{Outputs: map[string]string{
		outputDeployment: "ecs-svc/2", outputBegan: start.Format(time.RFC3339Nano),
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := types.Service{Status: &tt.status, RunningCount: tt.running, DesiredCount: 2, Deployments: tt.deployments}
			for _, e := range tt.events {
				s.Events = append(s.Events, types.ServiceEvent{Message: &e})
			}
			got := lookedAt(s, waited)
			if got.State != tt.want || got.Detail != tt.detail {
				t.Errorf("%s, %q; want %s, %q", got.State, got.Detail, tt.want, tt.detail)
			}
			if got.State != engine.StateDeleting && got.Outputs[outputDeployment] != "ecs-svc/2" {
				t.Errorf("it waits for %s now", got.Outputs[outputDeployment])
			}
		})
	}
}
