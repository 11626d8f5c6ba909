package logs

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// TestWhatAPolicyLetsEventBridgeWrite: EventBridge opens a stream for itself, and writes for
// a rule.
func TestWhatAPolicyLetsEventBridgeWrite(t *testing.T) {
	t.Parallel()
	const group, rule = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/events/x", "arn:aws:events:eu-central-1:123456789012:rule/keep"
	statement := func(service, action, resource, condition string) string {
		return `{"Effect":"Allow","Principal":{"Service":["` + service + `"]},"Action":"` + action + `","Resource":"` + resource + `"` + condition + `}`
	}
	const own = "events.amazonaws.com"
	forRule := `,"Condition":{"ArnEquals":{"aws:SourceArn":"` + rule + `"}}`
	open, write := statement(own, "logs:CreateLogStream", group+":*", ""), statement(own, "logs:PutLogEvents", group+":*", forRule)
	for name, c := range map[string]struct {
		statements string
		want       bool
	}{
		"as berth writes it":         {open + "," + write, true},
		"no stream":                  {write, false},
		"the stream for a rule":      {statement(own, "logs:CreateLogStream", group+":*", forRule) + "," + write, false},
		"another rule":               {open + "," + statement(own, "logs:PutLogEvents", group+":*", `,"Condition":{"ArnEquals":{"aws:SourceArn":"`+rule+`2"}}`), false},
		"another service":            {open + "," + statement("es.amazonaws.com", "logs:PutLogEvents", group+":*", ""), false},
		"another group":              {open + "," + statement(own, "logs:PutLogEvents", group+"2:*", ""), false},
		"the group and no streams":   {open + "," + statement(own, "logs:PutLogEvents", group, ""), false},
		"both actions, no condition": {statement(own, "logs:*", "*", ""), true},
	} {
		a := world.NewAccount(world.Options{})
		p := New(a)
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		p.s.Groups.Put(a, now, "/aws/events/x", &logGroup{Name: "/aws/events/x", Streams: map[string]*logStream{}})
		p.s.Policies.Put(a, now, "p", &resourcePolicy{Name: "p", Text: `{"Version":"2012-10-17","Statement":[` + c.statements + `]}`})
		if got := p.Deliver(now, group, "stream", rule, "text"); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
		if p.Deliver(now, "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/events/y", "stream", rule, "text") {
			t.Errorf("%s: a group that is not there", name)
		}
	}
}
