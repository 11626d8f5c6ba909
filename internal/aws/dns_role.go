package aws

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
)

// UseDNSRole makes the calls to Route 53 with a role, which may be in another
// account: the zone of a company's domain often is. All other calls use the
// caller's account.
func (c *Clients) UseDNSRole(cfg aws.Config, role string) {
	assumed := cfg.Copy()
	assumed.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(c.STS, role,
		func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = "berth" }))
	c.Route53 = route53.NewFromConfig(plainBodies(assumed))
}
