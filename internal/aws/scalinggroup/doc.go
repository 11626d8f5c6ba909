// Package scalinggroup has the resource type of Amazon EC2 Auto Scaling: the group whose
// instances a capacity provider of ECS starts and ends. (Package autoscaling is another
// service of AWS, which changes the numbers of tasks.)
//
// It may import internal/aws/gate, internal/aws/tagindex and internal/engine. What an
// instance begins with is in the launch template: internal/aws/ec2.
package scalinggroup
