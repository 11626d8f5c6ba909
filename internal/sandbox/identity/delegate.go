package identity

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// AssumableFor is Assumable on behalf of an object: the trust policy may limit the
// object and its account.
func (p *IAM) AssumableFor(arn, service, source string) error {
	if err := p.Assumable(arn, service); err != nil {
		return err
	}
	r := p.s.Roles.Get(strings.ToLower(world.LastPart(arn)))
	// The conditions of a trust policy are those of a policy about everything.
	trust := &world.Policy{}
	document := strings.ReplaceAll(aws.ToString(r.AssumeRolePolicyDocument), `"Principal"`, `"Resource":"*","Principal"`)
	facts := world.Facts{"aws:SourceArn": {source}, "aws:SourceAccount": {p.account.Number()}}
	if err := json.Unmarshal([]byte(document), trust); err != nil || !trust.AllowsWith("sts:AssumeRole", "*", facts) {
		return fmt.Errorf("unable to assume the role '%s': its trust policy does not allow %s for %s", arn, service, source)
	}
	return nil
}

// PolicyOf is what a role's policies allow; nil allows everything, as an attached AWS
// policy counts here.
func (p *IAM) PolicyOf(arn string) *world.Policy {
	all := &world.Policy{}
	r := p.s.Roles.Get(strings.ToLower(world.LastPart(arn)))
	if r == nil {
		return all
	}
	if len(r.Attached) > 0 {
		return nil
	}
	for _, document := range r.Inline {
		inline := &world.Policy{}
		if json.Unmarshal([]byte(document), inline) == nil {
			all.Statement = append(all.Statement, inline.Statement...)
		}
	}
	return all
}
