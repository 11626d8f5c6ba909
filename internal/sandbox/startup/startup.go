package startup

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Principal is the service that assumes the roles of tasks.
const Principal = "ecs-tasks.amazonaws.com"

// Checks are what a task needs before its containers can start: roles, secrets, images,
// logs.
type Checks struct {
	Account *world.Account
	// Needs is set before the first call.
	Needs Needs
}

// Needs are what the checks need of other services.
type Needs struct {
	Roles      Roles
	Secrets    Secrets
	Parameters Parameters
	Registry   Registry
	Logs       Logs
}

// Roles are the roles of tasks.
type Roles interface {
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
	// Refusal is IAM's reason why a role may not do something; empty if it may.
	Refusal(arn, action, resource string) string
}

// Secrets has the secrets that containers receive.
type Secrets interface {
	// Secret is the ARN of the secret with a name or an ARN, "" when there is none,
	// whether it can be read, and its value.
	Secret(id string) (arn string, readable bool, value string)
}

// Parameters has the parameters that containers receive.
type Parameters interface {
	ParameterARN(ref string) string
	HasParameter(ref string) bool
}

// Registry are the images of the account's own registry.
type Registry interface {
	// Registry is the registry's host.
	Registry() string
	// Imports reports whether a pull makes a repository.
	Imports(repository string) bool
}

// Logs are the log groups.
type Logs interface {
	HasGroup(at time.Time, group string, create bool) bool
}

// Roles returns why ECS cannot assume a task definition's roles; "" if it
// can.
func (p *Checks) Roles(d *types.TaskDefinition) string {
	for _, arn := range []*string{d.ExecutionRoleArn, d.TaskRoleArn} {
		if arn == nil {
			continue
		}
		if p.Needs.Roles.Assumable(*arn, Principal) != nil {
			return fmt.Sprintf("ECS was unable to assume the role '%s' that was provided for this task. Please verify that the "+
				"role being passed has the proper trust relationship and permissions and that your IAM user has permissions "+
				"to pass this role.", *arn)
		}
	}
	return ""
}

// Logs returns why a container's log driver cannot start; "" if it can.
func (p *Checks) Logs(at time.Time, d *types.TaskDefinition, group, stream string, create bool) string {
	if group == "" {
		return ""
	}
	const text = "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
		"failed to create Cloudwatch log stream: "
	arn := p.Account.ARN("logs", "log-group:"+group+":log-stream:"+stream)
	if role := aws.ToString(d.ExecutionRoleArn); !p.Needs.Roles.RoleAllows(role, "logs:CreateLogStream", arn) {
		return text + p.denied(role, "logs:CreateLogStream", arn) + " : exit status 1"
	}
	if !p.Needs.Logs.HasGroup(at, group, create) {
		return text + "ResourceNotFoundException: The specified log group does not exist. : exit status 1"
	}
	return ""
}

// Images returns why a task's execution role cannot pull its images from ECR; ""
// if it can.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
func (p *Checks) Images(d *types.TaskDefinition) string {
	role := aws.ToString(d.ExecutionRoleArn)
	for _, c := range d.ContainerDefinitions {
		rest, ours := strings.CutPrefix(aws.ToString(c.Image), p.Needs.Registry.Registry()+"/")
		if !ours {
			continue
		}
		name, _, _ := strings.Cut(rest, "@")
		name, _, _ = strings.Cut(name, ":")
		actions := []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
		if p.Needs.Registry.Imports(name) {
			actions = append(actions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
		}
		if !p.Needs.Roles.RoleAllows(role, "ecr:GetAuthorizationToken", "*") {
			return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
				"unable to retrieve ecr registry auth: service call has been retried 1 time(s): " + p.denied(role, "ecr:GetAuthorizationToken", "*")
		}
		arn := p.Account.ARN("ecr", "repository/"+name)
		for _, action := range actions {
			if !p.Needs.Roles.RoleAllows(role, action, arn) {
				return "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
					aws.ToString(c.Image) + ": unexpected status from HEAD request: 403 Forbidden: " + p.denied(role, action, arn)
			}
		}
	}
	return ""
}
