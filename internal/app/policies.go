package app

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// OwnPartition begins an ARN in a statement that is in the partition of the
// account, whichever that is.
const OwnPartition = project.OwnPartition

// maxManaged is the quota of managed policies of a role.
const maxManaged = 10

var policyName = regexp.MustCompile(`^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/)?[\w+=,.@/-]{1,128}$`)

// policies takes over what the workload may do in AWS: ARNs, names of AWS's
// own policies, and statements.
func (w *workload) policies() {
	var statements []any
	for _, entry := range asList(w.x.Policies) {
		switch v := entry.(type) {
		case string:
			for name := range strings.SplitSeq(v, ",") {
				w.managedPolicy(strings.TrimSpace(name))
			}
		case map[string]any:
			statements = append(statements, v)
		}
	}
	if len(w.Policies.Managed) > maxManaged {
		w.refuse("x-berth.policies", "there are too many policies", fmt.Sprintf("a role takes %d", maxManaged), "write their statements into one of your own")
	}
	if len(statements) == 0 {
		return
	}
	data, err := json.Marshal(statements)
	if err != nil {
		w.refuse("x-berth.policies", "the statements cannot be written as JSON", err.Error(), "correct them")
		return
	}
	w.Policies.Statements = string(data)
}

func (w *workload) managedPolicy(name string) {
	switch {
	case name == "":
	case policyName.MatchString(name):
		w.Policies.Managed = append(w.Policies.Managed, name)
	default:
		w.refuse("x-berth.policies", fmt.Sprintf("%q is neither the ARN nor the name of a policy", name), "", "write arn:aws:iam::...:policy/NAME, or a name as in AmazonS3ReadOnlyAccess")
	}
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
