package definition

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// maxDefinition is the largest size of a task definition:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
const maxDefinition = 64 << 10

// checkParts refuses containers that do not fit together, or with the task.
func checkParts(in *ecs.RegisterTaskDefinitionInput) error {
	volumes, essential := map[string]bool{}, map[string]bool{}
	for _, v := range in.Volumes {
		volumes[aws.ToString(v.Name)] = true
	}
	for _, c := range in.ContainerDefinitions {
		essential[aws.ToString(c.Name)] = c.Essential == nil || *c.Essential
	}
	for _, c := range in.ContainerDefinitions {
		names := map[string]bool{}
		for _, e := range c.Environment {
			names[aws.ToString(e.Name)] = true
		}
		for _, s := range c.Secrets {
			if names[aws.ToString(s.Name)] {
				return refused("The secret name must be unique and not shared with any new or existing environment variables set on the "+
					"container, such as '%s'.", aws.ToString(s.Name))
			}
			names[aws.ToString(s.Name)] = true
		}
		for _, m := range c.MountPoints {
			if !volumes[aws.ToString(m.SourceVolume)] {
				return refused("Unknown volume '%s'.", aws.ToString(m.SourceVolume))
			}
		}
		for _, d := range c.DependsOn {
			ends := d.Condition == types.ContainerConditionSuccess || d.Condition == types.ContainerConditionComplete
			if ends && essential[aws.ToString(d.ContainerName)] {
				// The text is in https://github.com/boto/boto3/issues/2436.
				return refused("A dependency container with SUCCESS or COMPLETE condition cannot be an essential container")
			}
		}
	}
	if body, err := json.Marshal(in); err == nil && len(body) > maxDefinition {
		return refused("Actual length: '%d'. Max allowed length is '65536' bytes.", len(body))
	}
	return nil
}
