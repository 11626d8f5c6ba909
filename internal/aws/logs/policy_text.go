package logs

import (
	"encoding/json"
	"fmt"
	"strings"
)

// policyDocument is the policy that berth writes. The condition on the rule is with
// PutLogEvents alone: EventBridge makes the stream on its own behalf, and not on that of
// a rule, as the example in Terraform's documentation of aws_cloudwatch_event_target has
// it. The principals are those of
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
type policyDocument struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Sid, Effect string
	Principal   struct{ Service []string }
	Action      string
	Resource    string
	Condition   map[string]map[string]string `json:",omitempty"`
}

func documentOf(group, rule string) policyDocument {
	open := policyStatement{Sid: "OpenStreams", Effect: "Allow", Action: "logs:CreateLogStream", Resource: group + ":*"}
	open.Principal.Service = []string{"events.amazonaws.com", "delivery.logs.amazonaws.com"}
	write := open
	write.Sid, write.Action = "WriteEvents", "logs:PutLogEvents"
	write.Condition = map[string]map[string]string{"ArnEquals": {"aws:SourceArn": rule}}
	return policyDocument{Version: "2012-10-17", Statement: []policyStatement{open, write}}
}

func policyText(group, rule string) (string, error) {
	text, err := json.Marshal(documentOf(group, rule))
	if err != nil {
		return "", fmt.Errorf("writing the resource policy for %s: %w", group, err)
	}
	return string(text), nil
}

// parsePolicy reads a policy that berth has written; ok is false for any other.
func parsePolicy(text string) (group, rule string, ok bool) {
	var d policyDocument
	if json.Unmarshal([]byte(text), &d) != nil || len(d.Statement) != 2 {
		return "", "", false
	}
	group, rule = strings.TrimSuffix(d.Statement[1].Resource, ":*"), d.Statement[1].Condition["ArnEquals"]["aws:SourceArn"]
	again, err := policyText(group, rule)
	if err != nil {
		return "", "", false
	}
	var want, have any
	if json.Unmarshal([]byte(again), &want) != nil || json.Unmarshal([]byte(text), &have) != nil {
		return "", "", false
	}
	return group, rule, fmt.Sprint(want) == fmt.Sprint(have)
}
