package permissions

import "slices"

// boundary stands for the policy that bounds roles.
const boundary = "arn:aws:iam::123456789012:policy/boundary"

// Bounded is a document that lets roles be made, and policies be given to them,
// only with a boundary; nothing in it takes a boundary off or sets another.
// Source: the condition keys of IAM's actions in
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
func Bounded(d Document) Document {
	out := Document{Name: d.Name + "-bounded", Use: "in place of `" + d.Name + "`, with a permissions boundary"}
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
