package blueprint

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// tasksPrincipal is who assumes the roles of tasks.
const tasksPrincipal = "ecs-tasks.amazonaws.com"

// statement is one permission of an IAM policy.
type statement struct {
	Effect   string
	Action   []string
	Resource []string
}

// document is an IAM policy.
type document struct {
	Version   string
	Statement json.RawMessage
}

// addExecutionRole adds the role by which ECS starts the stack's tasks: it may
// write to the stack's log groups, pull the images that are in private ECR
// repositories, and read the secrets that tasks are given. Nothing else.
func (b *builder) addExecutionRole() {
	var statements []statement
	if group := b.logsARN(); group != "" {
		statements = append(statements, allow([]string{group}, "logs:CreateLogStream", "logs:PutLogEvents"))
	}
	if repositories := b.repositories(); len(repositories) > 0 {
		statements = append(statements,
			allow([]string{"*"}, "ecr:GetAuthorizationToken"),
			allow(repositories, "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"))
	}
	parameters, secrets := b.secretARNs()
	if len(parameters) > 0 {
		statements = append(statements, allow(parameters, "ssm:GetParameters"))
	}
	if len(secrets) > 0 {
		statements = append(statements, allow(secrets, "secretsmanager:GetSecretValue"))
	}
	role := b.role(executionRole)
	if len(statements) > 0 {
		role.Inline = map[string]string{executionRole: policy(statements)}
	}
	b.execution = b.graph.Add(b.stack, executionRole, role)
}

// addTaskRole adds the role that a workload's own code has in AWS. It may do
// nothing but what x-berth.policies says.
func (b *builder) addTaskRole(w app.Workload) (*engine.Node, error) {
	name := ownName(w.Name)
	role := b.role(name)
	for _, p := range w.Policies.Managed {
		if !strings.HasPrefix(p, "arn:") {
			p = "arn:" + b.facts.Partition + ":iam::aws:policy/" + p
		}
		role.Managed = append(role.Managed, p)
	}
	if w.Policies.Statements != "" {
		var list []json.RawMessage
		if err := json.Unmarshal([]byte(w.Policies.Statements), &list); err != nil {
			return nil, fmt.Errorf("policies: want a list of statements: %w", err)
		}
		role.Inline = map[string]string{"x-berth": policy(list)}
	}
	if w.Model != "" {
		if role.Inline == nil {
			role.Inline = map[string]string{}
		}
		role.Inline["model"] = policy(b.modelStatements(w))
	}
	role.Statements = b.mountStatements(w)
	return b.graph.Add(b.stack, name, role), nil
}

func (b *builder) role(name string) iam.Role {
	return iam.Role{
		Name: engine.Name(b.stack, b.facts.Region, name, maxRoleName),
		Path: b.rolePath(), Service: tasksPrincipal,
	}
}

func allow(resources []string, actions ...string) statement {
	return statement{Effect: "Allow", Action: actions, Resource: resources}
}

// policy renders a policy document. Its parts are strings and JSON that was
// read before, which always can be rendered.
func policy[S any](statements []S) string {
	list, err := json.Marshal(statements)
	if err != nil {
		return ""
	}
	out, err := json.Marshal(document{Version: "2012-10-17", Statement: list})
	if err != nil {
		return ""
	}
	return string(out)
}

// logsARN matches the stack's log groups, whose names share a path; empty if
// no workload logs.
func (b *builder) logsARN() string {
	for _, w := range b.app.Workloads() {
		if !w.Logging.Off {
			return b.arn("logs", "log-group:"+LogGroupName(b.app, "*")+":*")
		}
	}
	return ""
}

// repositories are the ARNs of the private ECR repositories that images come
// from. An image's host is ACCOUNT.dkr.ecr.REGION.amazonaws.com.
func (b *builder) repositories() []string {
	var arns []string
	for _, w := range b.app.Workloads() {
		host, repository, ok := strings.Cut(w.Image, "/")
		parts := strings.Split(host, ".")
		if !ok || len(parts) < 6 || parts[1] != "dkr" || parts[2] != "ecr" {
			continue
		}
		repository, _, _ = strings.Cut(repository, "@")
		repository, _, _ = strings.Cut(repository, ":")
		arns = append(arns, strings.Join([]string{"arn", b.facts.Partition, "ecr", parts[3], parts[0], "repository/" + repository}, ":"))
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// secretARNs are the parameters and secrets that tasks are given at start.
func (b *builder) secretARNs() (parameters, secrets []string) {
	for _, w := range b.app.Workloads() {
		for _, s := range w.Secrets {
			arn := b.secretARN(s)
			if strings.Contains(arn, ":secretsmanager:") {
				// ECS takes a key, a stage and a version behind the ARN.
				parts := strings.SplitN(arn, ":", 8)
				secrets = append(secrets, strings.Join(parts[:min(7, len(parts))], ":"))
			} else {
				parameters = append(parameters, arn)
			}
		}
	}
	slices.Sort(parameters)
	slices.Sort(secrets)
	return slices.Compact(parameters), slices.Compact(secrets)
}

// secretARN is where ECS reads a secret: an ARN as the user gave it, else a
// parameter by its path or, for a secret of berth's own, under the stack's.
func (b *builder) secretARN(s app.Secret) string {
	switch {
	case strings.HasPrefix(s.From, "arn:"):
		return s.From
	case strings.HasPrefix(s.From, "/"):
		return b.arn("ssm", "parameter"+s.From)
	}
	return b.arn("ssm", "parameter/berth/"+b.app.Environment+"/"+b.app.Name+"/"+s.From)
}

func (b *builder) arn(service, resource string) string {
	return strings.Join([]string{"arn", b.facts.Partition, service, b.facts.Region, b.facts.Account, resource}, ":")
}
