package existing

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
)

// policy checks that a managed policy exists. A role only takes policies of AWS and of
// its own account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
func (r *reader) policy(ctx context.Context, arn string) error {
	return r.policyOf(ctx, KeyPolicies, arn, "use a policy of this account, or write its statements")
}

// boundary checks that the policy for the roles' permissions boundary exists.
func (r *reader) boundary(ctx context.Context) error {
	return r.policyOf(ctx, KeyBoundary, r.names.Boundary, "use a policy of this account")
}

// policyOf checks the policy that a key names; remedy is the remedy for a
// policy of another account.
func (r *reader) policyOf(ctx context.Context, key, arn, remedy string) error {
	if _, account := place(arn); account != "aws" && account != r.names.Account {
		r.problem(key, arn, remedy,
			"it is a policy of account %s, and a role only takes policies of AWS and of its own account", account)
		return nil
	}
	_, err := r.IAM.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if gate.IsNotFound(err) {
		r.problem(key, arn, "correct it; `aws iam list-policies` lists the policies; some of AWS's have a path, such as service-role/NAME",
			"there is no such policy")
		return nil
	}
	return err
}
