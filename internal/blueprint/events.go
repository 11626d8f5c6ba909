package blueprint

import (
	"encoding/json"
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/eventbridge"
	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/engine/naming"
)

// EventDays is how long the events of a stack are kept.
const EventDays = 30

// The kinds of ECS's events.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
const (
	TaskEvent       = "ECS Task State Change"
	ServiceEvent    = "ECS Service Action"
	DeploymentEvent = "ECS Deployment State Change"
)

// EventsGroup is the log group in which the events of a stack are kept.
func EventsGroup(a *app.App) string {
	return logs.EventsPrefix + "/berth/" + a.Environment + "/" + a.Name + "/ecs"
}

// rules adds the rules for the events of a stack.
type rules struct{ of runner }

// keep adds what keeps the events of the stack: the log group, the rule that fills it,
// and the policy that lets the rule do so.
func (r rules) keep() error {
	if !r.of.app.Settings.Events.Value {
		return nil
	}
	group := r.of.add(logs.EventsWord+"ecs", logs.LogGroup{Name: EventsGroup(r.of.app), RetentionDays: EventDays})
	name := eventbridge.RuleName(r.of.owner, r.of.facts.Region, "keep")
	r.of.add("events", logs.ResourcePolicy{
		Name: logs.PolicyName(r.of.owner, r.of.facts.Region), Group: group.ARN(), Rule: r.of.arn("events", "rule/"+name),
	})
	return r.add("keep", map[string]any{"$or": []any{
		r.ofTasks(map[string]any{"lastStatus": []any{"STOPPED"}}), r.ofServices([]any{ServiceEvent, DeploymentEvent}, nil),
	}}, eventbridge.Rule{Target: group.ARN()})
}

// add adds a rule for ECS's events that match a pattern.
func (r rules) add(word string, pattern map[string]any, rule eventbridge.Rule) error {
	pattern["source"] = []any{"aws.ecs"}
	text, err := json.Marshal(pattern)
	if err != nil {
		return fmt.Errorf("the pattern of the rule %s: %w", word, err)
	}
	rule.Name, rule.Pattern, rule.State = eventbridge.RuleName(r.of.owner, r.of.facts.Region, word), string(text), eventbridge.Enabled
	r.of.add(word, rule)
	return nil
}

// ownNames matches the names of the stack's services, or of its task definitions: they have
// the stack's mark. So the rule does not change with the services, and what ECS says of one
// that is being deleted is kept, too.
func (r rules) ownNames(before string) map[string]any {
	return map[string]any{"wildcard": before + "*-" + naming.Mark(r.of.owner, r.of.facts.Region) + "*"}
}

// ofTasks matches events about the tasks of the stack's services and jobs in its cluster.
func (r rules) ofTasks(detail map[string]any) map[string]any {
	detail["clusterArn"] = []any{r.of.clusterARN()}
	detail["group"] = []any{r.ownNames("service:"), r.ownNames("family:")}
	return map[string]any{"detail-type": []any{TaskEvent}, "detail": detail}
}

// ofServices matches events about the stack's services in its cluster.
func (r rules) ofServices(kinds []any, detail map[string]any) map[string]any {
	out := map[string]any{"detail-type": kinds, "resources": []any{r.ownNames(r.of.arn("ecs", "service/"+ecs.LastPart(r.of.clusterARN())+"/"))}}
	if detail != nil {
		out["detail"] = detail
	}
	return out
}

// addEventsOutput says where the events of the stack are kept.
func (t *table) addEventsOutput() {
	t.out.EventsGroup = EventsGroup(t.app)
	if _, ok := desired[eventbridge.Rule](t.graph, t.stack, "keep"); ok {
		t.out.KeepsEvents = true
	}
}
