package startup

import (
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// Words are an API's error as ECS repeats it in an event of a service.
func Words(err error) string {
	var of smithy.APIError
	if errors.As(err, &of) {
		return of.ErrorMessage()
	}
	return err.Error()
}

// NoInterface is why a task gets no network interface: its subnet is full or, with held,
// EC2 makes none in time. Sources of the words:
// AWS re:Post; that the task stops, and RunTask succeeds, shows https://github.com/paradisec-archive/nabu/pull/1259
// https://repost.aws/knowledge-center/fargate-network-interface-errors
func NoInterface(subnet string, held bool) string {
	if held {
		return "Timeout waiting for network interface provisioning to complete."
	}
	return fmt.Sprintf("Unexpected EC2 error while attempting to Create Network Interface in subnet '%s': InsufficientFreeAddressesInSubnet", subnet)
}
