package secrets

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what Systems Manager needs of other services.
type Needs struct {
	Containers Containers
	Sessions   Sessions
}

// Containers are the containers that sessions can be in.
type Containers interface {
	// OpenPort begins a session for a port; ok is false if the target is not
	// connected.
	OpenPort(rq *world.Request, cluster, task, runtime, host string, port int, session, token string) (arn string, ok bool)
}

// Sessions are the sessions that have begun.
type Sessions interface {
	// Resume gives a session another token; false says that it has ended.
	Resume(id, token string) bool
	Terminate(id string)
	URL(id string) string
}

// The documents of sessions for ports.
const (
	portDocument = "AWS-StartPortForwardingSession"
	hostDocument = "AWS-StartPortForwardingSessionToRemoteHost"
)

// startSession begins a session in a container. What the target of one is:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html and
// https://aws.amazon.com/blogs/containers/new-using-amazon-ecs-exec-access-your-containers-fargate-ec2/
func (p *SSM) startSession(rq *world.Request, in *ssm.StartSessionInput) (*ssm.StartSessionOutput, error) {
	document := aws.ToString(in.DocumentName)
	if document != portDocument && document != hostDocument {
		return nil, world.APIError(400, "InvalidDocument", "Document with name %s does not exist.", document)
	}
	if err := rq.AlsoOn("arn:aws:ssm:" + p.account.Region() + "::document/" + document); err != nil {
		return nil, err
	}
	target := aws.ToString(in.Target)
	parts := strings.Split(strings.TrimPrefix(target, "ecs:"), "_")
	host, number := first(in.Parameters["host"]), first(in.Parameters["portNumber"])
	port, err := strconv.Atoi(number)
	if err != nil || port < 1 || port > 65535 || document == hostDocument && host == "" {
		return nil, world.APIError(400, "InvalidParameters", "The parameters of the document %s are not valid.", document)
	}
	session := p.account.Caller()[strings.LastIndexByte(p.account.Caller(), '/')+1:] + "-" + p.account.NewHex("session", 17)
	token := p.account.NewHex("session token", 64)
	if len(parts) < 3 || !strings.HasPrefix(target, "ecs:") {
		return nil, notConnected(target)
	}
	// A cluster's name may have the separator in it, the other parts have not.
	n := len(parts)
	if _, ok := p.Needs.Containers.OpenPort(rq, strings.Join(parts[:n-2], "_"), parts[n-2], parts[n-1], host, port, session, token); !ok {
		return nil, notConnected(target)
	}
	return &ssm.StartSessionOutput{
		SessionId: aws.String(session), TokenValue: aws.String(token), StreamUrl: aws.String(p.Needs.Sessions.URL(session)),
	}, nil
}

func notConnected(target string) error {
	return &types.TargetNotConnected{Message: aws.String(target + " is not connected.")}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func (p *SSM) resumeSession(_ *world.Request, in *ssm.ResumeSessionInput) (*ssm.ResumeSessionOutput, error) {
	id, token := aws.ToString(in.SessionId), p.account.NewHex("session token", 64)
	if !p.Needs.Sessions.Resume(id, token) {
		return nil, &types.DoesNotExistException{Message: aws.String("Session " + id + " does not exist.")}
	}
	return &ssm.ResumeSessionOutput{SessionId: in.SessionId, TokenValue: aws.String(token), StreamUrl: aws.String(p.Needs.Sessions.URL(id))}, nil
}

func (p *SSM) terminateSession(_ *world.Request, in *ssm.TerminateSessionInput) (*ssm.TerminateSessionOutput, error) {
	p.Needs.Sessions.Terminate(aws.ToString(in.SessionId))
	return &ssm.TerminateSessionOutput{SessionId: in.SessionId}, nil
}

// sessionARN is what a call on sessions is about.
func (p *SSM) sessionARN(operation string, in any) (arn string, ok bool) {
	switch operation {
	case "StartSession":
		cluster, rest, _ := strings.Cut(strings.TrimPrefix(world.FieldText(in, "Target"), "ecs:"), "_")
		task, _, _ := strings.Cut(rest, "_")
		return p.account.ARN("ecs", "task/"+cluster+"/"+task), true
	case "ResumeSession", "TerminateSession":
		return p.account.ARN("ssm", "session/"+world.FieldText(in, "SessionId")), true
	}
	return "", false
}
