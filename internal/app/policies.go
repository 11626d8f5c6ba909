package app

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// OwnPartition is the prefix of an ARN in a statement that stands for the
// account's partition.
const OwnPartition = project.OwnPartition

// maxManaged is the quota of managed policies of a role.
const maxManaged = 10

var policyName = regexp.MustCompile(`^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/)?[\w+=,.@/-]{1,128}$`)

// policiesOf is what a workload may do in AWS: ARNs, names of AWS's
// own policies, and statements.
func policiesOf(s subject) Policies {
	var out Policies
	var statements []any
	for _, entry := range asList(s.x.Policies) {
		switch v := entry.(type) {
		case string:
			for name := range strings.SplitSeq(v, ",") {
				if name = strings.TrimSpace(name); isPolicy(s, name) {
					out.Managed = append(out.Managed, name)
				}
			}
		case map[string]any:
			statements = append(statements, v)
		}
	}
	if len(out.Managed) > maxManaged {
		s.refuse("x-berth.policies", "there are too many policies", fmt.Sprintf("a role may have %d", maxManaged), "combine their statements in one policy of your own")
	}
	if len(statements) == 0 {
		return out
	}
	data, err := json.Marshal(statements)
	if err != nil {
		s.refuse("x-berth.policies", "the statements cannot be written as JSON", err.Error(), "correct them")
		return out
	}
	out.Statements = string(data)
	return out
}

// isPolicy says whether a text names a policy, and refuses one that does not.
func isPolicy(s subject, name string) bool {
	if name != "" && !policyName.MatchString(name) {
		s.refuse("x-berth.policies", fmt.Sprintf("%q is neither the ARN nor the name of a policy", name), "", "write arn:aws:iam::...:policy/NAME, or a name such as AmazonS3ReadOnlyAccess")
		return false
	}
	return name != ""
}

func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
