package why_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/why"
)

// TestDenials: the kind of the policy that refuses is in the first line, in the words of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func TestDenials(t *testing.T) {
	t.Parallel()
	const user = "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/3f is not authorized to perform: " +
		"ecr:BatchGetImage on resource: arn:aws:ecr:eu-central-1:123456789012:repository/web "
	for text, want := range map[string]string{
		"because no identity-based policy allows the ecr:BatchGetImage action":        "the execution role execution may not ecr:BatchGetImage",
		"because no permissions boundary allows the ecr:BatchGetImage action":         "the execution role execution may not ecr:BatchGetImage: its permissions boundary does not allow it",
		"because no service control policy allows the ecr:BatchGetImage action":       "the execution role execution may not ecr:BatchGetImage: its service control policy does not allow it",
		"with an explicit deny in a service control policy":                           "the execution role execution may not ecr:BatchGetImage: a service control policy denies it",
		"with an explicit deny in an identity-based policy":                           "the execution role execution may not ecr:BatchGetImage: an identity-based policy denies it",
		"with an explicit deny in a permissions boundary: arn:aws:iam::1:policy/edge": "the execution role execution may not ecr:BatchGetImage: a permissions boundary denies it",
		"": "the execution role execution may not ecr:BatchGetImage",
	} {
		task := types.Task{TaskArn: aws.String("task/shop/1"), StopCode: types.TaskStopCodeTaskFailedToStart, StoppedReason: aws.String(user + text)}
		a := why.Judge(&why.Facts{Task: &task, Definition: &types.TaskDefinition{ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/execution")}})
		if a.Code != "image_denied" || a.Cause != want || a.Next == "" {
			t.Errorf("%q: %s: %q, want %q", text, a.Code, a.Cause, want)
		}
	}
}
