package identity

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// STS answers who the caller is. It has no state.
type STS struct{ account *world.Account }

// NewSTS makes the STS of an account.
func NewSTS(account *world.Account) *STS { return &STS{account: account} }

// ID implements world.Service.
func (p *STS) ID() string { return sts.ServiceID }

// State implements world.Service.
func (p *STS) State() any { return &struct{}{} }

// Dump implements world.Service.
func (p *STS) Dump(*world.Dumper) {}

// Routes implements world.Service.
func (p *STS) Routes(r *world.Router) {
	world.On(r, p.getCallerIdentity)
	world.On(r, p.assumeRole)
}

// Locate names the role that the call assumes.
func (p *STS) Locate(_ string, in any) string { return world.FieldText(in, "RoleArn") }

// assumeRole returns credentials for any role: the world has one account, and a
// role of another account works in it.
func (p *STS) assumeRole(rq *world.Request, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	return &sts.AssumeRoleOutput{
		Credentials: &types.Credentials{
			AccessKeyId: aws.String("ASIASANDBOXSANDBOX00"), SecretAccessKey: aws.String("sandbox"), SessionToken: aws.String("sandbox"),
			Expiration: aws.Time(rq.Now.Add(time.Hour)),
		},
		AssumedRoleUser: &types.AssumedRoleUser{Arn: in.RoleArn, AssumedRoleId: aws.String("AROASANDBOX:berth")},
	}, nil
}

func (p *STS) getCallerIdentity(*world.Request, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(p.account.Number()), Arn: aws.String(p.account.Caller()), UserId: aws.String("AIDASANDBOXSANDBOX00"),
	}, nil
}

var (
	_ world.Service = (*STS)(nil)
	_ world.Locator = (*STS)(nil)
)
