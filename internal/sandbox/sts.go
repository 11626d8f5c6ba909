package sandbox

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// stsPart says who the caller is. It has no state.
type stsPart struct{ account *Account }

func newSTS(account *Account) *stsPart { return &stsPart{account: account} }

// ID implements Service.
func (p *stsPart) ID() string { return sts.ServiceID }

func (p *stsPart) State() any { return &struct{}{} }

func (p *stsPart) Dump(*dumper) {}

func (p *stsPart) Routes(r *router) {
	on(r, p.getCallerIdentity)
	on(r, p.assumeRole)
}

// locate names the role that is to be assumed.
func (p *stsPart) locate(_ string, in any) string { return fieldText(in, "RoleArn") }

// assumeRole gives credentials of any role: the world has one account, and a
// role of another one works in it.
func (p *stsPart) assumeRole(rq *request, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	return &sts.AssumeRoleOutput{
		Credentials: &types.Credentials{
			AccessKeyId: aws.String("ASIASANDBOXSANDBOX00"), SecretAccessKey: aws.String("sandbox"), SessionToken: aws.String("sandbox"),
			Expiration: aws.Time(rq.now.Add(time.Hour)),
		},
		AssumedRoleUser: &types.AssumedRoleUser{Arn: in.RoleArn, AssumedRoleId: aws.String("AROASANDBOX:berth")},
	}, nil
}

func (p *stsPart) getCallerIdentity(*request, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(p.account.number()), Arn: aws.String(p.account.caller()), UserId: aws.String("AIDASANDBOXSANDBOX00"),
	}, nil
}

var (
	_ Service = (*stsPart)(nil)
	_ locator = (*stsPart)(nil)
)
