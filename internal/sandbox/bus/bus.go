package bus

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Bus is EventBridge.
type Bus struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs
}

// Needs are what EventBridge needs of other services.
type Needs struct {
	Logs   Logs
	Topics Topics
}

// Topics are the topics that events are published to.
type Topics interface {
	// Publish publishes a text for a rule; false if there is no such topic or its policy
	// does not allow it.
	Publish(topic, rule, text string) bool
}

// Logs are the log groups that events are written to.
type Logs interface {
	// Deliver writes a line into a stream of a group, for a rule; false if there is no
	// such group or its policies do not allow it.
	Deliver(at time.Time, group, stream, rule, text string) bool
}

// state holds the rules of the default bus by name.
type state struct{ Rules world.Table[rule] }

// rule is a rule with its targets.
type rule struct {
	Name, ARN, Pattern string
	Description        *string `json:",omitempty"`
	State              types.RuleState
	Tags               map[string]string
	Targets            []types.Target
	// Failed counts the events that a target did not get.
	Failed int `json:",omitempty"`
}

// New makes the EventBridge of an account, without rules.
func New(account *world.Account) *Bus { return &Bus{account: account} }

// ID implements world.Service.
func (p *Bus) ID() string { return eventbridge.ServiceID }

// State implements world.Service.
func (p *Bus) State() any { return &p.s }

// Routes implements world.Service.
func (p *Bus) Routes(r *world.Router) {
	world.On(r, p.putRule)
	world.On(r, p.describeRule)
	world.On(r, p.listRules)
	world.On(r, p.deleteRule)
	world.On(r, p.disableRule)
	world.On(r, p.putTargets)
	world.On(r, p.listTargets)
	world.On(r, p.removeTargets)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTags)
}

// Locate names the rule that a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
func (p *Bus) Locate(operation string, in any) string {
	if arn := world.FieldText(in, "ResourceARN"); arn != "" {
		return arn
	}
	for _, field := range []string{"Name", "Rule"} {
		if name := world.FieldText(in, field); name != "" && operation != "ListRules" {
			return p.arn(name)
		}
	}
	return ""
}

func (p *Bus) arn(name string) string { return p.account.ARN("events", "rule/"+name) }

// Index implements world.Indexed.
func (p *Bus) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Rules, f, func(r *rule) (string, map[string]string) { return r.ARN, r.Tags })
}

// Dump implements world.Service.
func (p *Bus) Dump(d *world.Dumper) {
	for _, r := range p.s.Rules.All() {
		d.Add("events.rule", r.ARN, r.Name, map[string]any{"pattern": r.Pattern, "state": r.State, "tags": r.Tags, "targets": r.Targets})
	}
}

// Failed is how many events the target of a rule did not get.
func (p *Bus) Failed(name string) int {
	if r := p.s.Rules.Get(name); r != nil {
		return r.Failed
	}
	return 0
}

func invalid(format string, args ...any) error {
	return world.APIError(400, "ValidationException", format, args...)
}

func missing(name string) error {
	return &types.ResourceNotFoundException{Message: aws.String("Rule " + name + " does not exist on EventBus default.")}
}

// onDefault refuses other buses than the default one.
func onDefault(bus *string) error {
	if name := aws.ToString(bus); name != "" && name[strings.LastIndexByte(name, '/')+1:] != "default" {
		return &types.ResourceNotFoundException{Message: aws.String("Event bus " + name + " does not exist.")}
	}
	return nil
}

var (
	_ world.Service = (*Bus)(nil)
	_ world.Locator = (*Bus)(nil)
	_ world.Indexed = (*Bus)(nil)
)
