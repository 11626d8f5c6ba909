package given

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/call"
)

// policy checks that a managed policy exists. A role takes policies of AWS and
// of its own account only.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
func (r *reader) policy(ctx context.Context, arn string) error {
	if _, account := place(arn); account != "aws" && account != r.names.Account {
		r.problem(KeyPolicies, arn, "write a policy of this account, or its statements",
			"it is a policy of account %s, and a role takes those of AWS and of its own account only", account)
		return nil
	}
	_, err := r.IAM.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if call.IsNotFound(err) {
		r.problem(KeyPolicies, arn, "correct it; `aws iam list-policies` shows those that there are, some of AWS's with a path as in service-role/NAME",
			"there is no such policy")
		return nil
	}
	return err
}
