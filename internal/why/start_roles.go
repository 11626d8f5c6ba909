package why

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// assume begins ECS's text about a role that it could not assume:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
const assume = "unable to assume the role '"

// refusedRole is the role that ECS could not assume, and what it is for; empty if there
// was no such event.
func (f *Facts) refusedRole() (arn, what string) {
	_, rest, ok := strings.Cut(f.refusal(), assume)
	if !ok {
		return "", ""
	}
	arn, _, _ = strings.Cut(rest, "'")
	what = "the task role "
	if f.Definition != nil && aws.ToString(f.Definition.ExecutionRoleArn) == arn {
		what = "the execution role "
	}
	return arn, what + resource.LastPart(arn)
}

func roleGone(f *Facts) (cause, bool) {
	arn, what := f.refusedRole()
	return cause{text: what + " does not exist any more", next: "`berth up` makes it again"}, arn != "" && f.Roles[arn].Gone
}

func roleTrust(f *Facts) (cause, bool) {
	arn, what := f.refusedRole()
	text := what + " does not let ECS assume it: its trust policy lacks ecs-tasks.amazonaws.com"
	role, known := f.Roles[arn]
	if !known || role.Trusts {
		text = "ECS cannot assume " + what
	}
	return cause{text: text, next: "`berth plan --deep` shows what was changed, `berth up` mends it"}, arn != ""
}
