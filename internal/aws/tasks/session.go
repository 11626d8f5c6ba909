package tasks

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Session is a session of Systems Manager that AWS has granted.
type Session struct{ ID, URL, Token string }

// Execute begins a session that runs a command in a container of a task, on a terminal:
// ECS Exec knows no other way.
func Execute(ctx context.Context, api *ecs.Client, cluster, task, container, command string) (Session, error) {
	out, err := api.ExecuteCommand(ctx, &ecs.ExecuteCommandInput{
		Cluster: &cluster, Task: &task, Container: &container, Command: &command, Interactive: true,
	})
	if err != nil {
		return Session{}, fmt.Errorf("running a command in task %.8s: %w", task, err)
	}
	if out.Session == nil {
		return Session{}, fmt.Errorf("running a command in task %.8s: ECS granted no session", task)
	}
	return Session{aws.ToString(out.Session.SessionId), aws.ToString(out.Session.StreamUrl), aws.ToString(out.Session.TokenValue)}, nil
}

// OpenPort begins a session that carries connections to a port of a container or, with
// a host, to what the container reaches there. The target is ecs:CLUSTER_TASK_RUNTIMEID.
func OpenPort(ctx context.Context, api *ssm.Client, target, host string, port int) (Session, error) {
	document, parameters := "AWS-StartPortForwardingSession", map[string][]string{"portNumber": {strconv.Itoa(port)}}
	if host != "" {
		document, parameters["host"] = "AWS-StartPortForwardingSessionToRemoteHost", []string{host}
	}
	out, err := api.StartSession(ctx, &ssm.StartSessionInput{Target: &target, DocumentName: &document, Parameters: parameters})
	if err != nil {
		return Session{}, fmt.Errorf("forwarding port %d: %w", port, err)
	}
	return Session{aws.ToString(out.SessionId), aws.ToString(out.StreamUrl), aws.ToString(out.TokenValue)}, nil
}

// Resume returns a new token for a session whose connection broke; "" says that it has
// timed out.
func Resume(ctx context.Context, api *ssm.Client, id string) (string, error) {
	out, err := api.ResumeSession(ctx, &ssm.ResumeSessionInput{SessionId: &id})
	if err != nil {
		return "", fmt.Errorf("resuming session %s: %w", id, err)
	}
	return aws.ToString(out.TokenValue), nil
}
