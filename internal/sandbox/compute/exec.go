package compute

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// agentTime is how long the agent of ECS Exec takes to run after its container
// began. AWS names no figure: "Wait and try again", says ExecuteCommand's error.
const agentTime = 2 * time.Second

// agentName is the agent's name in describe calls.
const agentName = "ExecuteCommandAgent"

// ExecContainer is a container that a session is in.
type ExecContainer struct {
	Task, Name, Image, Host string
	// Variables are its environment, as NAME=VALUE.
	Variables []string
	// Files are those that sessions have written.
	Files map[string][]byte
}

// Sessions are the sessions of Systems Manager.
type Sessions interface {
	// Exec begins one that runs a command, Port one that connects to a port as the
	// container does.
	Exec(id, token, command string, c ExecContainer)
	Port(id, token, host string, port int, c ExecContainer)
	// URL is where the client of a session connects to.
	URL(id string) string
}

// exec is ECS Exec: sessions in containers.
type exec struct {
	account *world.Account
	s       *state
	needs   *Needs
}

// execRoutes registers ECS Exec.
func (p *exec) execRoutes(r *world.Router) { world.On(r, p.executeCommand) }

// executeCommand begins a session. The texts are those of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec-troubleshooting.html
// and https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
func (p *exec) executeCommand(rq *world.Request, in *ecs.ExecuteCommandInput) (*ecs.ExecuteCommandOutput, error) {
	cl, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	t := p.s.Tasks.Find(rq, world.LastPart(aws.ToString(in.Task)))
	if t == nil || t.Cluster != cl.ARN {
		return nil, badInput("The referenced task was not found.")
	}
	if !in.Interactive {
		return nil, badInput("Interactive must be true. Amazon ECS only supports initiating interactive sessions.")
	}
	c, err := t.inContainer(in.Container)
	if err != nil {
		return nil, err
	}
	if t.Last != running || p.s.agentOf(t, c, rq.Now) != running {
		return nil, badInput("The execute command failed because execute command was not enabled when the task was run or " +
			"the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.")
	}
	if !p.connected(t) {
		return nil, &types.TargetNotConnectedException{Message: aws.String("The execute command failed due to an internal error. Try again later.")}
	}
	id, token := "ecs-execute-command-"+p.account.NewHex("session", 17), p.account.NewHex("session token", 64)
	p.needs.Sessions.Exec(id, token, aws.ToString(in.Command), p.s.execContainer(t, c))
	return &ecs.ExecuteCommandOutput{
		ClusterArn: aws.String(t.Cluster), TaskArn: aws.String(t.ARN), ContainerName: aws.String(c.Name), Interactive: true,
		ContainerArn: aws.String(p.account.ARN("ecs", "container/"+cl.Name+"/"+t.ID+"/"+c.Name)),
		Session:      &types.Session{SessionId: aws.String(id), StreamUrl: aws.String(p.needs.Sessions.URL(id)), TokenValue: aws.String(token)},
	}, nil
}

// inContainer is the container that a call means: "A container name only needs to be
// specified for tasks containing multiple containers."
func (t *task) inContainer(name *string) (*container, error) {
	if name == nil && len(t.Containers) == 1 {
		return t.Containers[0], nil
	}
	if name == nil {
		return nil, badInput("Container name must be specified for a task with multiple containers.")
	}
	for _, c := range t.Containers {
		if c.Name == *name {
			return c, nil
		}
	}
	return nil, badInput("Container %s was not found in the task.", *name)
}

// agentOf is the status of the agent in a container; "" if there is none. It needs
// files that it can write: "The SSM agent requires that the container file system is
// able to be written to."
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
func (s *state) agentOf(t *task, c *container, now time.Time) string {
	switch def := s.containerOf(t, c); {
	case !t.ExecuteOn || t.Last == provisioning || t.Last == pending:
		return ""
	case c.Last == stopped || t.Last == stopped || def != nil && aws.ToBool(def.ReadonlyRootFilesystem):
		return stopped
	case c.Last != running || c.Began.IsZero() || now.Before(c.Began.Add(agentTime)):
		return pending
	}
	return running
}

// containerOf is the definition of a container of a task; nil when it is gone.
func (s *state) containerOf(t *task, c *container) *types.ContainerDefinition {
	d := s.Definitions.Get(t.Definition)
	if d == nil {
		return nil
	}
	i := slices.IndexFunc(d.Shown.ContainerDefinitions, func(o types.ContainerDefinition) bool { return aws.ToString(o.Name) == c.Name })
	if i < 0 {
		return nil
	}
	return &d.Shown.ContainerDefinitions[i]
}

// connected reports whether the agent reaches Systems Manager: over the internet, and
// with the task role's rights.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
func (p *exec) connected(t *task) bool {
	d := p.s.Definitions.Get(t.Definition)
	if d == nil || !p.needs.Reach.Online(t.Subnet, t.Public) {
		return false
	}
	role := aws.ToString(d.Shown.TaskRoleArn)
	for _, action := range []string{"CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"} {
		if role == "" || !p.needs.Roles.RoleAllows(role, "ssmmessages:"+action, "*") {
			return false
		}
	}
	return true
}

// execContainer is a container as a session sees it.
func (s *state) execContainer(t *task, c *container) ExecContainer {
	out := ExecContainer{Task: t.ARN, Name: c.Name, Image: c.Image, Host: "ip-" + dashed(t.IP), Files: c.Files}
	if def := s.containerOf(t, c); def != nil {
		for _, v := range def.Environment {
			out.Variables = append(out.Variables, aws.ToString(v.Name)+"="+aws.ToString(v.Value))
		}
		for _, v := range def.Secrets {
			out.Variables = append(out.Variables, aws.ToString(v.Name)+"=(a secret)")
		}
	}
	return out
}

func dashed(ip string) string {
	out := []byte(ip)
	for i, b := range out {
		if b == '.' {
			out[i] = '-'
		}
	}
	return string(out)
}

// OpenPort begins a session that connects to a port as a container does. The target
// is ecs:CLUSTER_TASK_RUNTIMEID; what is not connected has no session: ok is false.
func (p *ECS) OpenPort(rq *world.Request, cluster, id, runtime, host string, port int, session, token string) (arn string, ok bool) {
	t := p.s.Tasks.Find(rq, id)
	if t == nil || world.LastPart(t.Cluster) != cluster {
		return p.account.ARN("ecs", "task/"+cluster+"/"+id), false
	}
	for _, c := range t.Containers {
		if c.RuntimeID == runtime && t.Last == running && p.s.agentOf(t, c, rq.Now) == running && p.exec.connected(t) {
			p.Needs.Sessions.Port(session, token, host, port, p.s.execContainer(t, c))
			return t.ARN, true
		}
	}
	return t.ARN, false
}

// Listens reports whether a container of a task has a port.
func (p *ECS) Listens(arn string, port int32) bool {
	for _, t := range p.s.Tasks.All() {
		if t.ARN != arn {
			continue
		}
		for _, c := range t.Containers {
			def := p.s.containerOf(t, c)
			if def != nil && slices.ContainsFunc(def.PortMappings, func(m types.PortMapping) bool { return aws.ToInt32(m.ContainerPort) == port }) {
				return true
			}
		}
	}
	return false
}

// KeepFiles keeps what a session has written in a container.
func (p *ECS) KeepFiles(arn, name string, files map[string][]byte) {
	for _, t := range p.s.Tasks.All() {
		for _, c := range t.Containers {
			if t.ARN == arn && c.Name == name {
				c.Files = files
			}
		}
	}
}
