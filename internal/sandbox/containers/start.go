package containers

import "github.com/aws/aws-sdk-go-v2/service/ecs/types"

// Unstartable is why a container cannot start: its image has no such program.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CannotCreateContainer.html
func Unstartable(image string, d types.ContainerDefinition) string {
	command := append(append([]string{}, d.EntryPoint...), d.Command...)
	has := Of(image, false).Program
	if has == "" || len(command) == 0 || command[0] == has {
		return ""
	}
	return "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: " +
		"OCI runtime create failed: runc create failed: unable to start container process: exec: \"" + command[0] +
		"\": executable file not found in $PATH: unknown"
}
