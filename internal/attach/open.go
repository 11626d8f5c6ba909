package attach

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/session"
)

// NotConnectedError says that the agent in a container does not reach AWS.
type NotConnectedError struct {
	Target Target
	err    error
}

func (e *NotConnectedError) Error() string {
	return fmt.Sprintf("the agent in task %.8s of %s is not connected: %v", e.Target.Task, e.Target.Workload, e.err)
}

func (e *NotConnectedError) Unwrap() error { return e.err }

// Remedy is what the user can do.
func (*NotConnectedError) Remedy() string {
	return "try again in a moment; the task role needs the four ssmmessages rights, which `x-berth: {exec: true}` and `berth up` add, " +
		"and the task's subnet a way to the internet or an endpoint for ssmmessages"
}

// Lost is told that the connection of a session broke, and with nil that it is back.
type Lost func(error)

// command opens a session that runs a command.
func command(ctx context.Context, p *deploy.Project, t Target, line string, lost Lost) (*session.Session, error) {
	granted, err := tasks.Execute(ctx, p.Target.Clients.ECS, t.cluster, t.Task, t.Container, line)
	return open(ctx, p, t, granted, err, lost)
}

// port opens a session that connects to a port, as the container does; without a host
// it is one of the container itself.
func port(ctx context.Context, p *deploy.Project, t Target, host string, number int, lost Lost) (*session.Session, error) {
	granted, err := tasks.OpenPort(ctx, p.Target.Clients.SSM, "ecs:"+t.cluster+"_"+t.Task+"_"+t.runtime, host, number)
	return open(ctx, p, t, granted, err, lost)
}

// randomOf is where ids come from.
func randomOf(p *deploy.Project) io.Reader {
	if p.Target.Random != nil {
		return p.Target.Random
	}
	return rand.Reader
}

func open(ctx context.Context, p *deploy.Project, t Target, granted tasks.Session, err error, lost Lost) (*session.Session, error) {
	if code := gate.Code(err); code == "TargetNotConnectedException" || code == "TargetNotConnected" {
		return nil, &NotConnectedError{t, err}
	}
	if err != nil {
		return nil, err
	}
	return session.Open(ctx, session.Grant{ID: granted.ID, URL: granted.URL, Token: granted.Token}, session.Options{
		// People type in real time, however fast a sandbox's clock runs.
		Clock: clock.Wall{}, Random: randomOf(p), Client: p.Target.Sessions, Lost: lost,
		Resume: func(ctx context.Context) (string, bool, error) {
			token, err := tasks.Resume(ctx, p.Target.Clients.SSM, granted.ID)
			if gate.IsNotFound(err) || gate.Code(err) == "DoesNotExistException" {
				return "", false, &session.TimedOutError{}
			}
			_, _, denied := gate.Missing(err)
			return token, !denied, err
		},
	})
}
