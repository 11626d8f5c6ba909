// Package groups is the sandbox's Amazon EC2 Auto Scaling: groups that start and end
// modelled instances from launch templates. An instance whose user data names a cluster
// of ECS, and whose role may, registers there some time after its start.
//
// It only imports packages world and hardware; needs.go has what it needs from other
// services.
package groups
