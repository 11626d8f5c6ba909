package ecs

import "github.com/berthdev/berth/internal/engine"

// Job is a task that must run to its end with exit code 0 whenever Trigger has
// changed: at least once, never two at once, never on Spot. That it has is
// written on its task definition in the tag TagRan. Ready means done.
// Outputs: id (the task's ARN), exit_code.
type Job struct {
	Cluster        engine.Ref   `attr:"cluster,create"`
	TaskDefinition engine.Ref   `attr:"task_definition,create"`
	Subnets        []engine.Ref `attr:"subnets,create"`
	SecurityGroups []engine.Ref `attr:"security_groups,create"`
	PublicIP       bool         `attr:"public_ip,create"`
	// Family is the task definition's family.
	Family string `attr:"family,create"`
	// Trigger is a hash of what the job and its dependents are made of.
	Trigger string `attr:"trigger"`
}

// TagRan is the tag on a job's task definition that holds the Trigger of the
// last run that ended well.
const TagRan = "berth:ran"

// Type implements engine.Resource.
func (Job) Type() string { return "ecs.job" }
