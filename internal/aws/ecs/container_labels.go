package ecs

import (
	"encoding/json"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// LabelsVariable is the variable with the labels of a container on Managed Instances,
// where ECS has no Docker labels.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-tasks-services.html
const LabelsVariable = "BERTH_LABELS"

// unlabelled says whether the containers of a task definition cannot have labels.
func unlabelled(d TaskDefinition) bool {
	return compatibility(d.Capacity) == types.CompatibilityManagedInstances
}

// dockerLabels are the labels of a container.
func dockerLabels(in TaskDefinition, c Container) map[string]string {
	if unlabelled(in) {
		return nil
	}
	return labelsInput(c)
}

// withLabels adds the labels of a container to its variables if it cannot have labels.
func withLabels(in TaskDefinition, c Container, variables map[string]string) map[string]string {
	labels := labelsInput(c)
	if len(labels) == 0 || !unlabelled(in) {
		return variables
	}
	text, err := json.Marshal(labels)
	if err != nil { // texts can always be written
		return variables
	}
	more := map[string]string{LabelsVariable: string(text)}
	maps.Copy(more, variables)
	return more
}

// takeLabels moves the labels of a container from its variables to its labels.
func (c *Container) takeLabels() {
	var labels map[string]string
	if json.Unmarshal([]byte(c.Environment[LabelsVariable]), &labels) != nil {
		return
	}
	delete(c.Environment, LabelsVariable)
	if c.Labels == nil {
		c.Labels = map[string]string{}
	}
	maps.Copy(c.Labels, labels)
}
