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

// tasksPrincipal is the service that assumes the roles of tasks, ecsPrincipal the one that
// moves traffic, and launches instances, with roles of their own.
const (
	tasksPrincipal = "ecs-tasks.amazonaws.com"
	ecsPrincipal   = "ecs.amazonaws.com"
)

// statement is one permission of an IAM policy.
type statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// document is an IAM policy.
type document struct {
	Version   string
	Statement json.RawMessage
}

// startRoles are the execution roles, with which ECS starts the tasks of a stack.
type startRoles struct {
	stack
	// shared starts the tasks without secrets; nil if there are none.
	shared *engine.Node
}

// newStartRoles is the stage of the role that starts tasks without secrets. It may
// only write to their log groups and pull their images from private ECR
// repositories.
func newStartRoles(s stack) startRoles {
	r := startRoles{stack: s}
	plain := slices.DeleteFunc(s.app.Workloads(), func(w app.Workload) bool { return hasSecrets(w) || w.ExecutionRole != "" })
	if len(plain) > 0 {
		r.shared = r.addStartRole(executionRole, "*", plain)
	}
	return r
}

// of is the role that starts a workload's tasks; nil for an existing role. A workload
// with secrets gets its own role, because whoever may start a task with a role can
// pass the task everything that the role can read.
func (r startRoles) of(w app.Workload) *engine.Node {
	switch {
	case w.ExecutionRole != "":
		return nil
	case hasSecrets(w):
		return r.addStartRole(executionRole+"/"+w.Name, w.Name, []app.Workload{w})
	}
	return r.shared
}

// addStartRole adds a role that starts the tasks of these workloads; logs is the
// workload whose log group they write to, "*" for all of the stack.
func (r startRoles) addStartRole(name, logs string, workloads []app.Workload) *engine.Node {
	var statements []statement
	if slices.ContainsFunc(workloads, app.Workload.Logs) {
		group := r.arn("logs", "log-group:"+LogGroupName(r.app, logs)+":*")
		statements = append(statements, allow([]string{group}, "logs:CreateLogStream", "logs:PutLogEvents"))
	}
	built, existing := r.repositories(workloads)
	if all := slices.Concat(built, existing); len(all) > 0 {
		statements = append(statements,
			allow([]string{"*"}, "ecr:GetAuthorizationToken"),
			allow(all, "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"))
	}
	if len(existing) > 0 {
		// The first pull makes the repository of a pull-through cache:
		// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
		statements = append(statements, allow(existing, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"))
	}
	for _, w := range workloads {
		statements = append(statements, r.reads(w)...)
	}
	role := r.taskRole(name)
	if len(statements) > 0 {
		role.Inline = map[string]string{executionRole: policy(statements)}
	}
	return r.addRole(name, role)
}

// PolicyARN is the ARN of a policy: name is its ARN, or the name of a policy that AWS
// manages.
func PolicyARN(name, partition string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:" + partition + ":iam::aws:policy/" + name
}

// addTaskRole adds the role of a workload's own code. It allows what x-berth.policies
// says, what a model's gateway needs, and to mount volumes.
func (t taskStage) addTaskRole(w app.Workload) (*engine.Node, error) {
	name := ownName(w.Name)
	role := t.taskRole(name)
	for _, p := range w.Policies.Managed {
		role.Managed = append(role.Managed, PolicyARN(p, t.facts.Partition))
	}
	if w.Policies.Statements != "" {
		var list []json.RawMessage
		text := strings.ReplaceAll(w.Policies.Statements, app.OwnPartition, "arn:"+t.facts.Partition+":")
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return nil, fmt.Errorf("policies: want a list of statements: %w", err)
		}
		role.Inline = map[string]string{"x-berth": policy(list)}
	}
	if w.Model != "" {
		if role.Inline == nil {
			role.Inline = map[string]string{}
		}
		role.Inline["model"] = policy(t.modelStatements(w))
	}
	if w.Exec {
		if role.Inline == nil {
			role.Inline = map[string]string{}
		}
		role.Inline["exec"] = policy(t.execStatements(w))
	}
	role.Statements = t.mounts.statements(w)
	return t.addRole(name, role), nil
}

// taskRole is a role that tasks assume, without permissions.
func (s stack) taskRole(name string) iam.Role {
	return iam.Role{
		Name: s.name(name, maxRoleName), Path: rolePath(s.app), Service: tasksPrincipal, Source: s.arn("ecs", "*"),
	}
}

func allow(resources []string, actions ...string) statement {
	return statement{Effect: "Allow", Action: actions, Resource: resources}
}

// policy renders a policy document. It cannot fail, because the statements are
// strings and JSON that was parsed before.
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

// containersOf are all containers of some workloads.
func containersOf(workloads []app.Workload) []app.Workload {
	var out []app.Workload
	for _, w := range workloads {
		out = append(out, w.Containers()...)
	}
	return out
}

// repositories are the ARNs of the private ECR repositories that images come from:
// the stack's for built images, and existing ones for images with the host
// ACCOUNT.dkr.ecr.REGION.amazonaws.com.
func (r startRoles) repositories(workloads []app.Workload) (built, existing []string) {
	for _, w := range containersOf(workloads) {
		if w.Build != nil {
			built = append(built, r.arn("ecr", "repository/"+RepositoryName(r.app, r.facts.Region)))
			continue
		}
		host, repository, ok := strings.Cut(w.Image, "/")
		parts := strings.Split(host, ".")
		if !ok || len(parts) < 6 || parts[1] != "dkr" || parts[2] != "ecr" {
			continue
		}
		repository, _, _ = strings.Cut(repository, "@")
		repository, _, _ = strings.Cut(repository, ":")
		existing = append(existing, strings.Join([]string{"arn", r.facts.Partition, "ecr", parts[3], parts[0], "repository/" + repository}, ":"))
	}
	slices.Sort(existing)
	return slices.Compact(built), slices.Compact(existing)
}
