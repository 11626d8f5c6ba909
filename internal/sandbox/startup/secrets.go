package startup

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Secrets returns why ECS cannot read the secrets that a task's containers receive at their
// start; "" if it can. Fargate does this before it pulls images:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
func (p *Checks) Secrets(d *types.TaskDefinition) string {
	role := aws.ToString(d.ExecutionRoleArn)
	for _, c := range d.ContainerDefinitions {
		for _, s := range c.Secrets {
			if why := p.secretWorks(role, aws.ToString(s.ValueFrom)); why != "" {
				return why
			}
		}
		if r := c.RepositoryCredentials; r != nil {
			if why := p.secretWorks(role, aws.ToString(r.CredentialsParameter)); why != "" {
				return why
			}
		}
	}
	return ""
}

func (p *Checks) secretWorks(role, from string) string {
	const text = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
	if strings.Contains(from, ":secretsmanager:") {
		parts := strings.SplitN(from, ":", 8)
		arn := strings.Join(parts[:min(7, len(parts))], ":")
		full, readable, value := p.Needs.Secrets.Secret(arn)
		switch {
		case full != "" && !p.Needs.Roles.RoleAllows(role, "secretsmanager:GetSecretValue", full):
			return text + "unable to retrieve secret from asm: service call has been retried 1 time(s): " +
				p.denied(role, "secretsmanager:GetSecretValue", full)
		case !readable:
			return text + "unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: " +
				"Secrets Manager can't find the specified secret."
		case value == "":
			return text + "unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: " +
				"Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
		}
		if len(parts) < 8 {
			return ""
		}
		// https://github.com/aws/amazon-ecs-agent/blob/master/ecs-agent/api/asm/asm.go
		key, _, _ := strings.Cut(parts[7], ":")
		var object map[string]any
		if key != "" && (json.Unmarshal([]byte(value), &object) != nil || object[key] == nil) {
			return text + "unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key " + key
		}
		return ""
	}
	arn := p.Needs.Parameters.ParameterARN(from)
	switch {
	case !p.Needs.Roles.RoleAllows(role, "ssm:GetParameters", arn):
		return text + "unable to retrieve secrets from ssm: service call has been retried 1 time(s): " + p.denied(role, "ssm:GetParameters", arn)
	case !p.Needs.Parameters.HasParameter(from):
		name := strings.TrimPrefix(arn, p.Account.ARN("ssm", "parameter"))
		return text + "unable to retrieve secrets from ssm: The task can't retrieve the secret with ARN '" + arn +
			"' from AWS Systems Manager Parameter Store. Invalid ssm parameters: " + name
	}
	return ""
}

// denied is AWS's answer to a role that may not do something.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func (p *Checks) denied(role, action, resource string) string {
	return fmt.Sprintf("AccessDeniedException: User: %s is not authorized to perform: %s on resource: %s %s",
		role, action, resource, p.Needs.Roles.Refusal(role, action, resource))
}

// Call is what a program in a task logs when the task's role may not make a call, as the
// AWS CLI writes it; empty if it may. A task without a role has no credentials.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func (p *Checks) Call(role, task, action string) string {
	if role == "" {
		return "Unable to locate credentials. You can configure credentials by running \"aws configure\"."
	}
	why := p.Needs.Roles.Refusal(role, action, "*")
	if why == "" {
		return ""
	}
	_, name, _ := strings.Cut(action, ":")
	session := "arn:aws:sts::" + p.Account.Number() + ":assumed-role/" + world.LastPart(role) + "/" + task
	return fmt.Sprintf("An error occurred (AccessDenied) when calling the %s operation: User: %s is not authorized to perform: %s %s",
		name, session, action, why)
}
