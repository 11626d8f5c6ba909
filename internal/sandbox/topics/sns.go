package topics

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// SNS is the topics of an account.
type SNS struct {
	account *world.Account
	s       state
}

// state holds topics by ARN.
type state struct{ Topics world.Table[topic] }

// topic is a topic with what was published to it.
type topic struct {
	ARN, Policy string
	// Key is the key that it is encrypted with; empty for none.
	Key      string   `json:",omitempty"`
	Messages []string `json:",omitempty"`
}

// mostMessages is how many messages of a topic are kept.
const mostMessages = 1000

// New makes the SNS of an account, without topics.
func New(account *world.Account) *SNS { return &SNS{account: account} }

// ID implements world.Service.
func (p *SNS) ID() string { return sns.ServiceID }

// State implements world.Service.
func (p *SNS) State() any { return &p.s }

// Routes implements world.Service.
func (p *SNS) Routes(r *world.Router) { world.On(r, p.getAttributes) }

// Locate names the topic that a call is about.
func (p *SNS) Locate(_ string, in any) string { return world.FieldText(in, "TopicArn") }

// Dump implements world.Service: topics are the user's, and outlive the owners.
func (p *SNS) Dump(d *world.Dumper) {
	for _, t := range p.s.Topics.All() {
		d.Keep("sns.topic", t.ARN, t.ARN, t.Policy)
	}
}

// Give makes a topic, unless the account has one of the name already. Its policy is AWS's
// default one, which lets the account publish; events lets EventBridge do it, too.
func (p *SNS) Give(name string, events bool) {
	arn := p.account.ARN("sns", name)
	if p.s.Topics.Get(arn) != nil {
		return
	}
	own := `{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:Publish","SNS:Subscribe"],` +
		`"Resource":"` + arn + `","Condition":{"StringEquals":{"AWS:SourceOwner":"` + p.account.Number() + `"}}}`
	if events {
		own += `,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"` + arn +
			`","Condition":{"ArnLike":{"aws:SourceArn":"` + p.account.ARN("events", "rule/berth-*") + `"}}}`
	}
	p.s.Topics.Put(p.account, p.account.Now(), arn, &topic{ARN: arn, Policy: `{"Version":"2008-10-17","Statement":[` + own + `]}`})
}

// Encrypt encrypts a topic with a key.
func (p *SNS) Encrypt(name, key string) {
	if t := p.s.Topics.Get(p.account.ARN("sns", name)); t != nil {
		t.Key = key
	}
}

// getAttributes answers for topics of the account.
// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
func (p *SNS) getAttributes(rq *world.Request, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
	arn := aws.ToString(in.TopicArn)
	if !strings.HasPrefix(arn, p.account.ARN("sns", "")) {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter: TopicArn")}
	}
	t := p.s.Topics.Find(rq, arn)
	if t == nil {
		return nil, world.WithStatus(404, &types.NotFoundException{Message: aws.String("Topic does not exist")})
	}
	out := map[string]string{"TopicArn": t.ARN, "Owner": p.account.Number(), "Policy": t.Policy}
	if t.Key != "" {
		out["KmsMasterKeyId"] = t.Key
	}
	return &sns.GetTopicAttributesOutput{Attributes: out}, nil
}

// awsKey is AWS's own key for topics, which EventBridge may not use:
// https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
const awsKey = "alias/aws/sns"

// Publish publishes a text for a rule of EventBridge; false if there is no such topic, its
// policy does not allow it, or EventBridge may not use its key.
func (p *SNS) Publish(arn, rule, text string) bool {
	t := p.s.Topics.Get(arn)
	if t == nil || t.Key == awsKey || !allows(t.Policy, arn, rule) {
		return false
	}
	t.Messages = append(t.Messages, text)
	t.Messages = t.Messages[max(0, len(t.Messages)-mostMessages):]
	return true
}

// Messages are what was published to a topic, the newest last.
func (p *SNS) Messages(name string) []string {
	if t := p.s.Topics.Get(p.account.ARN("sns", name)); t != nil {
		return slices.Clone(t.Messages)
	}
	return nil
}

// allows says whether a policy lets EventBridge publish for a rule. A condition that is not
// on the ARN of the rule, such as that of the default policy on the owner of the source,
// does not hold for EventBridge.
func allows(policy, arn, rule string) bool {
	var document struct {
		Statement world.OneOrMany[struct {
			Effect    string
			Principal struct{ Service, AWS world.OneOrMany[string] }
			Action    world.OneOrMany[string]
			Resource  world.OneOrMany[string]
			Condition map[string]map[string]world.OneOrMany[string]
		}]
	}
	if json.Unmarshal([]byte(policy), &document) != nil {
		return false
	}
	for _, s := range document.Statement {
		holds := s.Effect == "Allow" && world.MatchAny(s.Action, "sns:Publish", true) && world.MatchAny(s.Resource, arn, false) &&
			(slices.Contains(s.Principal.Service, "events.amazonaws.com") || slices.Contains(s.Principal.AWS, "*"))
		for operator, keys := range s.Condition {
			for key, values := range keys {
				holds = holds && (operator == "ArnLike" || operator == "ArnEquals") && strings.EqualFold(key, "aws:SourceArn") && world.MatchAny(values, rule, false)
			}
		}
		if holds {
			return true
		}
	}
	return false
}

var (
	_ world.Service = (*SNS)(nil)
	_ world.Locator = (*SNS)(nil)
)
