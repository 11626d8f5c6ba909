// Package definition is what ECS refuses in a task definition: sizes that Fargate does not
// have, containers that do not fit together, volumes and secrets that nothing can mount or
// read.
package definition

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// refused is ECS's error for a wrong task definition.
func refused(format string, args ...any) error {
	return &types.ClientException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// number parses a number that ECS writes as a string; 0 for any other text.
func number(s *string) int {
	n, err := strconv.Atoi(aws.ToString(s))
	if err != nil {
		return 0
	}
	return n
}
