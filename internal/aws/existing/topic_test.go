package existing

import "testing"

// TestWhatAPolicyOfATopicLets reads policies as people write them.
func TestWhatAPolicyOfATopicLets(t *testing.T) {
	t.Parallel()
	topic := Topic{ARN: "arn:aws:sns:eu-central-1:123456789012:alerts", Rule: "arn:aws:events:eu-central-1:123456789012:rule/berth-abcdefghij-notify-*"}
	statement := func(who, action, condition string) string {
		return `{"Effect":"Allow","Principal":` + who + `,"Action":` + action + `,"Resource":"*"` + condition + `}`
	}
	const events = `{"Service":"events.amazonaws.com"}`
	from := func(arn string) string { return `,"Condition":{"ArnLike":{"aws:SourceArn":"` + arn + `"}}` }
	for name, c := range map[string]struct {
		statement string
		want      bool
	}{
		"what the notice says":    {TopicStatement(topic), true},
		"AWS's default":           {statement(`{"AWS":"*"}`, `["SNS:Publish"]`, `,"Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}`), false},
		"any rule":                {statement(events, `"sns:Publish"`, ""), true},
		"a list of services":      {statement(`{"Service":["cloudwatch.amazonaws.com","events.amazonaws.com"]}`, `["sns:Subscribe","SNS:Publish"]`, ""), true},
		"everything":              {statement(events, `"sns:*"`, ""), true},
		"another service":         {statement(`{"Service":"cloudwatch.amazonaws.com"}`, `"sns:Publish"`, ""), false},
		"another action":          {statement(events, `"sns:Subscribe"`, ""), false},
		"the rules by a wildcard": {statement(events, `"sns:Publish"`, from("arn:aws:events:eu-central-1:123456789012:rule/*")), true},
		"one of the rules":        {statement(events, `"sns:Publish"`, from("arn:aws:events:eu-central-1:123456789012:rule/berth-abcdefghij-notify-tasks")), true},
		"another rule":            {statement(events, `"sns:Publish"`, from("arn:aws:events:eu-central-1:123456789012:rule/other")), false},
		"another account's":       {statement(events, `"sns:Publish"`, `,"Condition":{"StringEquals":{"aws:SourceAccount":["210987654321"]}}`), false},
		"the account's":           {statement(events, `"sns:Publish"`, `,"Condition":{"StringEquals":{"AWS:SourceAccount":"123456789012"}}`), true},
		"a condition of others":   {statement(events, `"sns:Publish"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), true},
		"a denial":                {`{"Effect":"Deny","Principal":` + events + `,"Action":"sns:Publish","Resource":"*"}`, false},
	} {
		if got := letsPublish(`{"Version":"2012-10-17","Statement":[`+c.statement+`]}`, topic, "123456789012"); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
	if letsPublish("", topic, "123456789012") {
		t.Error("a topic without a policy")
	}
}
