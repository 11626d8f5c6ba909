package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stsPart says who the caller is. It has no state.
type stsPart struct{ w *World }

func newSTS(w *World) *stsPart { return &stsPart{w: w} }

// ID implements part.
func (p *stsPart) ID() string { return sts.ServiceID }

func (p *stsPart) state() any { return &struct{}{} }

func (p *stsPart) dump(*dumper) {}

func (p *stsPart) routes(r *router) { on(r, p.getCallerIdentity) }

func (p *stsPart) getCallerIdentity(*request, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(p.w.Account()), Arn: aws.String(p.w.caller()), UserId: aws.String("AIDASANDBOXSANDBOX00"),
	}, nil
}

var _ part = (*stsPart)(nil)
