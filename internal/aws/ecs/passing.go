package ecs

import (
	"strings"

	"github.com/berthdev/berth/internal/aws/gate"
)

// passing marks an error about something that was made a moment ago and that
// ECS does not see yet: such an error passes. ECS has no error codes for it,
// only prose.
func passing(err error) error {
	switch gate.Code(err) {
	case "ClientException", "InvalidParameterException":
	default:
		return err
	}
	text := strings.ToLower(err.Error())
	switch {
	case strings.Contains(text, "does not have an associated load balancer"),
		strings.Contains(text, "unable to assume the role"),
		// "Error retrieving subnet information for [subnet-1]: ... (ErrorCode:
		// InvalidSubnetID.NotFound)", and the same for groups.
		strings.Contains(text, "errorcode: ") && strings.Contains(text, "notfound"),
		isMissing(text, "task definition"), isMissing(text, "taskdefinition"),
		isMissing(text, "target group"), isMissing(text, "registry"), isMissing(text, "listener rule"), isMissing(text, "specified resource"):
		return gate.Unseen(err)
	}
	return err
}

// isMissing says whether a message says that a thing does not exist.
func isMissing(text, thing string) bool {
	if !strings.Contains(text, thing) {
		return false
	}
	for _, phrase := range []string{"not found", "unable to find", "unable to describe", "not exist", "no such"} {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	return false
}
