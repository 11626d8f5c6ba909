package permissions

import (
	"encoding/json"
	"slices"
	"strings"
)

// Statement is one statement of an IAM policy.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  any
	Condition map[string]map[string][]string `json:",omitempty"`
}

// scopes say which actions can be limited to what berth makes, by the names
// and paths that it gives. The first match counts; everything else needs "*",
// because AWS takes no resource for it or the id is not known beforehand.
func scopes() []struct {
	sid       string
	matches   func(action string) bool
	resource  []string
	condition map[string]map[string][]string
} {
	oneOf := func(actions ...string) func(string) bool {
		return func(a string) bool { return slices.Contains(actions, a) }
	}
	return []struct {
		sid       string
		matches   func(action string) bool
		resource  []string
		condition map[string]map[string][]string
	}{
		{"PassRoles", oneOf("iam:PassRole"), []string{"arn:aws:iam::*:role/berth/*"},
			map[string]map[string][]string{"StringEquals": {"iam:PassedToService": {
				"ecs-tasks.amazonaws.com", "codebuild.amazonaws.com", "elasticfilesystem.amazonaws.com",
			}}}},
		{"LinkedRoles", oneOf("iam:CreateServiceLinkedRole"), []string{"arn:aws:iam::*:role/aws-service-role/*"},
			map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": {
				"ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com",
				"elasticfilesystem.amazonaws.com", "backup.amazonaws.com",
			}}}},
		{"Roles", func(a string) bool { return strings.HasPrefix(a, "iam:") && a != "iam:ListRoles" },
			[]string{"arn:aws:iam::*:role/berth/*"}, nil},
		// Nobody knows the names of the buckets that volumes are on.
		{"VolumeBuckets", oneOf("s3:ListBucket", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"), []string{"arn:aws:s3:::*"}, nil},
		{"State", func(a string) bool { return strings.HasPrefix(a, "s3:") },
			[]string{"arn:aws:s3:::berth-*", "arn:aws:s3:::berth-*/*"}, nil},
		{"Images", func(a string) bool {
			return strings.HasPrefix(a, "ecr:") && a != "ecr:GetAuthorizationToken" && a != "ecr:DescribeRepositories"
		}, []string{"arn:aws:ecr:*:*:repository/berth/*"}, nil},
		{"Logs", func(a string) bool { return strings.HasPrefix(a, "logs:") && a != "logs:DescribeLogGroups" },
			[]string{"arn:aws:logs:*:*:log-group:/berth/*"}, nil},
		{"Secrets", func(a string) bool { return strings.HasPrefix(a, "ssm:") && a != "ssm:DescribeParameters" },
			[]string{"arn:aws:ssm:*:*:parameter/berth/*"}, nil},
	}
}

// Policy renders actions as an IAM policy: limited to what berth makes where
// that can be said beforehand.
func Policy(actions []string) (string, error) {
	var statements []Statement
	rest := slices.Clone(actions)
	for _, s := range scopes() {
		st := Statement{Sid: s.sid, Effect: "Allow", Resource: s.resource, Condition: s.condition}
		rest = slices.DeleteFunc(rest, func(a string) bool {
			if s.matches(a) {
				st.Action = append(st.Action, a)
				return true
			}
			return false
		})
		if len(st.Action) > 0 {
			statements = append(statements, st)
		}
	}
	statements = append(statements, Statement{Sid: "Everything", Effect: "Allow", Action: rest, Resource: "*"})
	data, err := json.MarshalIndent(map[string]any{"Version": "2012-10-17", "Statement": statements}, "", "  ")
	return string(data), err
}
