package existing

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
)

// tasksPrincipal is the service that must be able to assume a task's roles.
const tasksPrincipal = "ecs-tasks.amazonaws.com"

// role checks that a role exists and that tasks can assume it.
func (r *reader) role(ctx context.Context, arn string) error {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	out, err := r.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case gate.IsNotFound(err):
		r.problem(KeyRoles, arn, "write the ARN of a role of this account", "there is no such role")
		return nil
	case err != nil:
		return err
	}
	if have := aws.ToString(out.Role.Arn); have != arn {
		r.problem(KeyRoles, arn, "write that ARN", "the role of this name is %s", have)
		return nil
	}
	if !trusts(aws.ToString(out.Role.AssumeRolePolicyDocument), tasksPrincipal) {
		r.problem(KeyRoles, arn, "let the service "+tasksPrincipal+" assume it in its trust policy", "tasks cannot assume it")
	}
	return nil
}

// oneOrMany reads both of the forms that IAM allows for a list.
type oneOrMany[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (o *oneOrMany[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(o))
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*o = []T{one}
	return nil
}

// trusts says whether a trust policy lets a service assume the role. A policy
// that cannot be parsed counts as if it does.
func trusts(document, service string) bool {
	if plain, err := url.PathUnescape(document); err == nil {
		document = plain
	}
	var policy struct {
		Statement oneOrMany[struct {
			Effect    string
			Principal struct{ Service oneOrMany[string] }
		}]
	}
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return true
	}
	for _, s := range policy.Statement {
		if s.Effect == "Allow" && slices.Contains(s.Principal.Service, service) {
			return true
		}
	}
	return false
}
