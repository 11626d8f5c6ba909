package iam

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// trustOf returns the policy that lets an AWS service assume a role, only on
// behalf of the source if there is one: AWS's services work for all accounts,
// and another account must not make them use this role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func trustOf(service, source string) string {
	condition := ""
	if source != "" {
		condition = `,"Condition":{"ArnLike":{"aws:SourceArn":` + jsonText(source) +
			`},"StringEquals":{"aws:SourceAccount":` + jsonText(accountOf(source)) + `}}`
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":` +
		jsonText(service) + `},"Action":"sts:AssumeRole"` + condition + `}]}`
}

// accountOf returns the account in an ARN.
func accountOf(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 5 {
		return ""
	}
	return parts[4]
}

// trustShown returns the service and the source that one of berth's trust
// policies names. Any other policy is shown as its canonical text, so that it
// differs from every service.
func trustShown(encoded string) (service, source string) {
	doc := canonical(decode(encoded))
	var p struct {
		Statement []struct {
			Principal struct{ Service []string }
			Condition struct {
				ArnLike struct {
					Source []string `json:"aws:SourceArn"`
				}
			}
		}
	}
	if json.Unmarshal([]byte(doc), &p) != nil || len(p.Statement) != 1 || len(p.Statement[0].Principal.Service) != 1 {
		return doc, ""
	}
	service = p.Statement[0].Principal.Service[0]
	if sources := p.Statement[0].Condition.ArnLike.Source; len(sources) == 1 {
		source = sources[0]
	}
	if canonical(trustOf(service, source)) != doc {
		return doc, ""
	}
	return service, source
}

// decode undoes the URL encoding in which IAM returns documents (RFC 3986:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html).
// A '+' in a document is a '+'.
func decode(encoded string) string {
	if strings.HasPrefix(strings.TrimSpace(encoded), "{") {
		return encoded
	}
	doc, err := url.PathUnescape(encoded)
	if err != nil {
		return encoded
	}
	return doc
}

// canonical returns the same text for all policy documents that mean the same:
// keys sorted, no white space, lists wherever a list is allowed, sorted as
// sets. A text that is not JSON stays as it is.
func canonical(doc string) string {
	var v map[string]any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return doc
	}
	statements, ok := v["Statement"].([]any)
	if !ok && v["Statement"] != nil {
		statements = []any{v["Statement"]}
		v["Statement"] = statements
	}
	for _, s := range statements {
		if m, ok := s.(map[string]any); ok {
			normalise(m)
		}
	}
	out, err := json.Marshal(v)
	if err != nil {
		return doc
	}
	return string(out)
}

// normalise turns every string or list of strings in a statement, except its
// Sid and Effect, into a sorted list: IAM accepts either for a single element.
func normalise(m map[string]any) {
	for k, v := range m {
		if k == "Sid" || k == "Effect" {
			continue
		}
		switch v := v.(type) {
		case string:
			m[k] = []any{v}
		case bool:
			// A condition's values: true and "true" are the same.
			m[k] = []any{jsonText(v)}
		case []any:
			m[k] = sorted(v)
		case map[string]any:
			normalise(v)
		}
	}
}

func sorted(list []any) []any {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(jsonText(a), jsonText(b)) })
	return list
}

func jsonText(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(out)
}
