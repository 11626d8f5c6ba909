package bus

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// send takes an event through the rules.
func (p *Bus) send(at time.Time, kind, resource string, detail map[string]any) {
	rules := p.s.Rules.All()
	if len(rules) == 0 {
		return
	}
	event := map[string]any{
		"version": "0", "id": p.account.NewUUID("event"), "detail-type": kind, "source": "aws.ecs", "account": p.account.Number(),
		"time": at.UTC().Truncate(time.Second).Format(time.RFC3339), "region": p.account.Region(), "resources": []any{resource}, "detail": detail,
	}
	text, err := json.Marshal(event)
	var tree any
	if err == nil {
		err = json.Unmarshal(text, &tree) // numbers as a reader of the event has them
	}
	if err != nil {
		return
	}
	for _, r := range rules {
		var pattern map[string]any
		if r.State == types.RuleStateDisabled || json.Unmarshal([]byte(r.Pattern), &pattern) != nil || !matches(pattern, tree) {
			continue
		}
		for _, t := range r.Targets {
			if !p.deliver(at, r, t, tree, string(text)) {
				r.Failed++
			}
		}
	}
}

// deliver gives an event to a target.
func (p *Bus) deliver(at time.Time, r *rule, t types.Target, event any, text string) bool {
	if t.InputTransformer != nil {
		text = transform(t.InputTransformer, event)
	}
	arn := aws.ToString(t.Arn)
	if strings.HasPrefix(arn, "arn:aws:logs:") {
		// EventBridge makes a stream for each event.
		return p.Needs.Logs.Deliver(at, arn, p.account.NewUUID("event-stream"), r.ARN, text)
	}
	return p.Needs.Topics.Publish(arn, r.ARN, text)
}

// transform is what a template makes of an event. A value in quotes is inserted as it is,
// another as JSON; what the event does not have is empty.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
func transform(in *types.InputTransformer, event any) string {
	template := aws.ToString(in.InputTemplate)
	var out strings.Builder
	for {
		span := holes.FindStringSubmatchIndex(template)
		if span == nil {
			return out.String() + template
		}
		before, name := template[:span[0]], template[span[2]:span[3]]
		out.WriteString(before)
		quoted := strings.Count(strings.ReplaceAll(out.String(), `\"`, ""), `"`)%2 == 1
		out.WriteString(inserted(at(event, in.InputPathsMap[name]), quoted))
		template = template[span[1]:]
	}
}

func inserted(value any, quoted bool) string {
	if text, ok := value.(string); ok && quoted {
		return text
	}
	if value == nil {
		return ""
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// at is the value at a path such as $.detail.containers[0].name; nil if there is none.
func at(event any, path string) any {
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(path, "$"), "."), ".") {
		name, index, indexed := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		fields, ok := event.(map[string]any)
		if !ok {
			return nil
		}
		event = fields[name]
		if !indexed {
			continue
		}
		list, ok := event.([]any)
		i, err := strconv.Atoi(index)
		if !ok || err != nil || i >= len(list) {
			return nil
		}
		event = list[i]
	}
	return event
}
