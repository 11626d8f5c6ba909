// Package autoscaling has the resource types of Application Auto Scaling: the
// scalable target of an ECS service, which bounds its number of tasks, and the
// policies that move the number within these bounds.
//
// A policy cannot have tags: its name, berth/ENVIRONMENT/PROJECT/SERVICE/METRIC, says
// whose it is. A target has tags, but listing them costs a call per target; so a
// target with such a policy is berth's, and the tags are read only where no policy
// says it.
//
// It may import internal/engine, internal/aws/gate, internal/aws/tagindex and
// internal/concurrent. A further kind of policy is a file beside policy.go.
package autoscaling
