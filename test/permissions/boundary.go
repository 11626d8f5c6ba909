package permissions

import "slices"

// boundary is the ARN of the permissions boundary in the documents.
const boundary = "arn:aws:iam::123456789012:policy/boundary"

// Bounded returns a document that only allows making roles, and giving them policies, with a
// boundary; nothing in it allows removing a boundary or setting another. Source: the condition
// keys of IAM's actions in
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
func Bounded(d Document) Document {
	out := Document{Name: d.Name + "-bounded", Use: "instead of `" + d.Name + "`, with a permissions boundary"}
	only := []string{"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
	for _, s := range d.Statements {
		if s.Sid != rolesSid {
			out.Statements = append(out.Statements, s)
			continue
		}
		with, rest := s, s
		with.Sid, with.Action = "BoundedRoles", nil
		with.Condition = map[string]map[string][]string{"StringEquals": {"iam:PermissionsBoundary": {boundary}}}
		rest.Action = nil
		for _, a := range s.Action {
			switch {
			case slices.Contains(only, a):
				with.Action = append(with.Action, a)
			case a != "iam:DeleteRolePermissionsBoundary":
				rest.Action = append(rest.Action, a)
			}
		}
		out.Statements = append(out.Statements, with, rest)
	}
	return out
}
