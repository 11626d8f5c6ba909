package existing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/berthdev/berth/internal/aws/gate"
)

// Topic is the topic that rules of EventBridge publish to.
type Topic struct {
	// ARN is the topic's; empty if the file names none.
	ARN string
	// Rule is what the ARNs of the rules have in common, with a * at the end.
	Rule string
}

// awsTopicKey is AWS's own key for topics: its policy, which nobody can change, does not let
// EventBridge use it.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
const awsTopicKey = "alias/aws/sns"

// checkTopic checks that the topic is there, in the region of the rules, and that EventBridge
// may publish to it.
func checkTopic(ctx context.Context, r *reader) error {
	t := r.names.Topic
	if region, _ := place(t.ARN); region != r.names.Region {
		r.problem(KeyNotify, t.ARN, "name a topic in the same region", "the topic is in %s and the project in %s: EventBridge only publishes within a region", region, r.names.Region)
		return nil
	}
	out, err := r.SNS.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &t.ARN})
	switch {
	case gate.Code(err) == "NotFound":
		name := t.ARN[strings.LastIndexByte(t.ARN, ':')+1:]
		r.problem(KeyNotify, t.ARN, "`aws sns list-topics` lists the topics; berth makes none: aws sns create-topic --name "+name, "there is no such topic")
		return nil
	case err != nil:
		return fmt.Errorf("reading topic %s: %w", t.ARN, err)
	}
	if out.Attributes["KmsMasterKeyId"] == awsTopicKey {
		r.notice(KeyNotify, t.ARN, "EventBridge cannot publish to it: it is encrypted with AWS's own key, which EventBridge may not use; take a key of yours that lets events.amazonaws.com use it")
	}
	if !letsPublish(out.Attributes["Policy"], t, r.names.Account) {
		r.notice(KeyNotify, t.ARN, "EventBridge may not publish to it, so nothing arrives, until its policy has this statement: %s", TopicStatement(t))
	}
	return nil
}

// TopicStatement is what the policy of a topic needs for EventBridge.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
func TopicStatement(t Topic) string {
	return `{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"` + t.ARN +
		`","Condition":{"ArnLike":{"aws:SourceArn":"` + t.Rule + `"}}}`
}

// texts is a list in a policy, which may be written as a text.
type texts []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*l = texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// topicPolicy is what is read of the policy of a topic.
type topicPolicy struct {
	Statement []struct {
		Effect    string
		Principal json.RawMessage
		Action    texts
		Condition map[string]map[string]texts
	}
}

// letsPublish says whether a policy lets EventBridge publish for the rules. What it cannot
// read, it takes for a permission: a notice must be true.
func letsPublish(policy string, t Topic, account string) bool {
	var p topicPolicy
	if json.Unmarshal([]byte(policy), &p) != nil {
		return policy != ""
	}
	for _, s := range p.Statement {
		var who struct{ Service texts }
		_ = json.Unmarshal(s.Principal, &who) // "*" has no services, and is not for them
		publishes := slices.ContainsFunc(s.Action, func(a string) bool {
			return slices.Contains([]string{"sns:publish", "sns:*", "*"}, strings.ToLower(a))
		})
		if s.Effect == "Allow" && publishes && slices.Contains(who.Service, "events.amazonaws.com") && conditionsHold(s.Condition, t, account) {
			return true
		}
	}
	return false
}

// conditionsHold says whether conditions may hold for the rules: those on the source's ARN
// and account are read.
func conditionsHold(conditions map[string]map[string]texts, t Topic, account string) bool {
	rule := strings.TrimSuffix(t.Rule, "*")
	for _, keys := range conditions {
		for key, values := range keys {
			holds := func(value string) bool {
				front, _, wild := strings.Cut(value, "*")
				return strings.HasPrefix(value, rule) || wild && strings.HasPrefix(rule, front)
			}
			if strings.EqualFold(key, "aws:SourceAccount") {
				holds = func(value string) bool { return value == account }
			} else if !strings.EqualFold(key, "aws:SourceArn") {
				continue
			}
			if !slices.ContainsFunc(values, holds) {
				return false
			}
		}
	}
	return true
}
