package sandbox

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// taskPrincipal is who assumes the roles of tasks.
const taskPrincipal = "ecs-tasks.amazonaws.com"

// rolesWork says why ECS cannot assume a task definition's roles;
// "" when it can.
func (p *ecsPart) rolesWork(d *taskDefinition) string {
	for _, arn := range []*string{d.Shown.ExecutionRoleArn, d.Shown.TaskRoleArn} {
		if arn == nil {
			continue
		}
		if p.w.assumable(*arn, taskPrincipal) != nil {
			return fmt.Sprintf("ECS was unable to assume the role '%s' that was provided for this task. Please verify that the "+
				"role being passed has the proper trust relationship and permissions and that your IAM user has permissions "+
				"to pass this role.", *arn)
		}
	}
	return ""
}

// logsWork says why a container's log driver cannot begin; "" when it can.
func (p *ecsPart) logsWork(at time.Time, d *taskDefinition, c *container, create bool) string {
	if c.LogGroup == "" {
		return ""
	}
	const text = "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
		"failed to create Cloudwatch log stream: "
	stream := p.w.arn("logs", "log-group:"+c.LogGroup+":log-stream:"+c.LogStream)
	if role := aws.ToString(d.Shown.ExecutionRoleArn); !p.w.roleAllows(role, "logs:CreateLogStream", stream) {
		return text + "AccessDeniedException: User: " + role + " is not authorized to perform: logs:CreateLogStream on resource: " +
			stream + " : exit status 1"
	}
	if !p.w.logs.hasGroup(at, c.LogGroup, create) {
		return text + "ResourceNotFoundException: The specified log group does not exist. : exit status 1"
	}
	return ""
}
