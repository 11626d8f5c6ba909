package compute

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// taskPrincipal is the service that assumes the roles of tasks.
const taskPrincipal = "ecs-tasks.amazonaws.com"

// startup checks what a task needs before its containers can start: roles,
// secrets, images, volumes, logs.
type startup struct {
	account *world.Account
	needs   *Needs
}

// rolesWork returns why ECS cannot assume a task definition's roles; "" if it
// can.
func (p *startup) rolesWork(d *taskDefinition) string {
	for _, arn := range []*string{d.Shown.ExecutionRoleArn, d.Shown.TaskRoleArn} {
		if arn == nil {
			continue
		}
		if p.needs.Roles.Assumable(*arn, taskPrincipal) != nil {
			return fmt.Sprintf("ECS was unable to assume the role '%s' that was provided for this task. Please verify that the "+
				"role being passed has the proper trust relationship and permissions and that your IAM user has permissions "+
				"to pass this role.", *arn)
		}
	}
	return ""
}

// logsWork returns why a container's log driver cannot start; "" if it can.
func (p *startup) logsWork(at time.Time, d *taskDefinition, c *container, create bool) string {
	if c.LogGroup == "" {
		return ""
	}
	const text = "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
		"failed to create Cloudwatch log stream: "
	stream := p.account.ARN("logs", "log-group:"+c.LogGroup+":log-stream:"+c.LogStream)
	if role := aws.ToString(d.Shown.ExecutionRoleArn); !p.needs.Roles.RoleAllows(role, "logs:CreateLogStream", stream) {
		return text + "AccessDeniedException: User: " + role + " is not authorized to perform: logs:CreateLogStream on resource: " +
			stream + " : exit status 1"
	}
	if !p.needs.Logs.HasGroup(at, c.LogGroup, create) {
		return text + "ResourceNotFoundException: The specified log group does not exist. : exit status 1"
	}
	return ""
}

// imagesWork returns why a task's execution role cannot pull its images from ECR; ""
// if it can.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
func (p *startup) imagesWork(d *taskDefinition) string {
	role := aws.ToString(d.Shown.ExecutionRoleArn)
	for _, c := range d.Shown.ContainerDefinitions {
		rest, ours := strings.CutPrefix(aws.ToString(c.Image), p.needs.Registry.Registry()+"/")
		if !ours {
			continue
		}
		name, _, _ := strings.Cut(rest, "@")
		name, _, _ = strings.Cut(name, ":")
		actions := []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
		if p.needs.Registry.Imports(name) {
			actions = append(actions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
		}
		if !p.needs.Roles.RoleAllows(role, "ecr:GetAuthorizationToken", "*") {
			return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
				"unable to retrieve ecr registry auth: service call has been retried 1 time(s): " + denied(role, "ecr:GetAuthorizationToken", "*")
		}
		arn := p.account.ARN("ecr", "repository/"+name)
		for _, action := range actions {
			if !p.needs.Roles.RoleAllows(role, action, arn) {
				return "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
					aws.ToString(c.Image) + ": unexpected status from HEAD request: 403 Forbidden: " + denied(role, action, arn)
			}
		}
	}
	return ""
}
