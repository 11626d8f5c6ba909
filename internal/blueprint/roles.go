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

// addExecutionRole adds the role by which ECS starts the stack's tasks that are
// given no secrets: it may write to their log groups and pull the images that
// are in private ECR repositories. Nothing else.
func (b *builder) addExecutionRole() {
	plain := slices.DeleteFunc(b.app.Workloads(), func(w app.Workload) bool { return hasSecrets(w) || w.ExecutionRole != "" })
	if len(plain) == 0 {
		return
	}
	b.execution = b.addStartRole(executionRole, "*", plain)
}

// startRole is the role that starts a workload's tasks. One with secrets
// has a role of its own, because whoever may start a task with a role can give
// it all that the role can read.
func (b *builder) startRole(w app.Workload) *engine.Node {
	if !hasSecrets(w) {
		return b.execution
	}
	if b.starts[w.Name] == nil {
		b.starts[w.Name] = b.addStartRole(executionRole+"/"+w.Name, w.Name, []app.Workload{w})
	}
	return b.starts[w.Name]
}

// addStartRole adds a role that starts the tasks of these workloads; logs is
// whose log groups they write to, "*" for any of the stack.
func (b *builder) addStartRole(name, logs string, workloads []app.Workload) *engine.Node {
	var statements []statement
	if slices.ContainsFunc(workloads, func(w app.Workload) bool { return !w.Logging.Off }) {
		group := b.arn("logs", "log-group:"+LogGroupName(b.app, logs)+":*")
		statements = append(statements, allow([]string{group}, "logs:CreateLogStream", "logs:PutLogEvents"))
	}
	built, existing := b.repositories(workloads)
	if all := slices.Concat(built, existing); len(all) > 0 {
		statements = append(statements,
			allow([]string{"*"}, "ecr:GetAuthorizationToken"),
			allow(all, "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"))
	}
	if len(existing) > 0 {
		// A repository of a pull-through cache is made by the first pull:
		// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
		statements = append(statements, allow(existing, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"))
	}
	for _, w := range workloads {
		statements = append(statements, b.reads(w)...)
	}
	role := b.role(name)
	if len(statements) > 0 {
		role.Inline = map[string]string{executionRole: policy(statements)}
	}
	return b.graph.Add(b.stack, name, role)
}

// PolicyARN is the ARN of a policy that is named by its ARN, or by its name as
// one of AWS's own.
func PolicyARN(name, partition string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:" + partition + ":iam::aws:policy/" + name
}

// addTaskRole adds the role that a workload's own code has in AWS. It may do
// nothing but what x-berth.policies says.
func (b *builder) addTaskRole(w app.Workload) (*engine.Node, error) {
	name := ownName(w.Name)
	role := b.role(name)
	for _, p := range w.Policies.Managed {
		role.Managed = append(role.Managed, PolicyARN(p, b.facts.Partition))
	}
	if w.Policies.Statements != "" {
		var list []json.RawMessage
		text := strings.ReplaceAll(w.Policies.Statements, app.OwnPartition, "arn:"+b.facts.Partition+":")
		if err := json.Unmarshal([]byte(text), &list); err != nil {
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
	return b.bounded(iam.Role{
		Name: engine.Name(b.stack, b.facts.Region, name, maxRoleName),
		Path: b.rolePath(), Service: tasksPrincipal, Source: b.arn("ecs", "*"),
	})
}

// bounded gives a role the boundary that the file names. Every role passes here.
func (b *builder) bounded(r iam.Role) iam.Role {
	r.Boundary = b.app.Settings.PermissionsBoundary.Value
	return r
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

// repositories are the ARNs of the private ECR repositories that images come
// from: the stack's own for those that are built, and given ones, whose images
// have the host ACCOUNT.dkr.ecr.REGION.amazonaws.com.
func (b *builder) repositories(workloads []app.Workload) (built, existing []string) {
	for _, w := range workloads {
		if w.Build != nil {
			built = append(built, b.arn("ecr", "repository/"+RepositoryName(b.app, b.facts.Region)))
			continue
		}
		host, repository, ok := strings.Cut(w.Image, "/")
		parts := strings.Split(host, ".")
		if !ok || len(parts) < 6 || parts[1] != "dkr" || parts[2] != "ecr" {
			continue
		}
		repository, _, _ = strings.Cut(repository, "@")
		repository, _, _ = strings.Cut(repository, ":")
		existing = append(existing, strings.Join([]string{"arn", b.facts.Partition, "ecr", parts[3], parts[0], "repository/" + repository}, ":"))
	}
	slices.Sort(existing)
	return slices.Compact(built), slices.Compact(existing)
}

func (b *builder) arn(service, resource string) string {
	return strings.Join([]string{"arn", b.facts.Partition, service, b.facts.Region, b.facts.Account, resource}, ":")
}
