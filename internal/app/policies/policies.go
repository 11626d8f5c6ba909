// Package policies reads what a workload may do in AWS: ARNs and names of managed policies,
// and statements.
package policies

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// maxManaged is the quota of managed policies of a role.
const maxManaged = 10

var policyName = regexp.MustCompile(`^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/)?[\w+=,.@/-]{1,128}$`)

// Policies are what a workload may do in AWS; the zero value allows nothing.
type Policies struct {
	// Managed are ARNs of policies, or names of AWS's managed policies.
	Managed []string
	// Statements is a JSON list of IAM statements, or empty.
	Statements string
}

// Empty says that the policies allow nothing.
func (p Policies) Empty() bool { return len(p.Managed) == 0 && p.Statements == "" }

// Refuse adds a problem of a key of the service.
type Refuse func(key, what, why, remedy string)

const key = "x-berth.policies"

// Of is what x-berth.policies allows: a text or a mapping, or a list of them.
func Of(x any, refuse Refuse) Policies {
	var out Policies
	var statements []any
	for _, entry := range asList(x) {
		switch v := entry.(type) {
		case string:
			for name := range strings.SplitSeq(v, ",") {
				if name = strings.TrimSpace(name); isPolicy(refuse, name) {
					out.Managed = append(out.Managed, name)
				}
			}
		case map[string]any:
			statements = append(statements, v)
		}
	}
	if len(out.Managed) > maxManaged {
		refuse(key, "there are too many policies", fmt.Sprintf("a role may have %d", maxManaged), "combine their statements in one policy of your own")
	}
	if len(statements) == 0 {
		return out
	}
	data, err := json.Marshal(statements)
	if err != nil {
		refuse(key, "the statements cannot be written as JSON", err.Error(), "correct them")
		return out
	}
	out.Statements = string(data)
	return out
}

// isPolicy says whether a text names a policy, and refuses one that does not.
func isPolicy(refuse Refuse, name string) bool {
	if name != "" && !policyName.MatchString(name) {
		refuse(key, fmt.Sprintf("%q is neither the ARN nor the name of a policy", name), "", "write arn:aws:iam::...:policy/NAME, or a name such as AmazonS3ReadOnlyAccess")
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
