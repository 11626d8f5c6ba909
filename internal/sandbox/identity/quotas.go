package identity

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Quotas is the Service Quotas service. It has no state.
type Quotas struct{ account *world.Account }

// NewQuotas makes the Service Quotas of an account.
func NewQuotas(account *world.Account) *Quotas { return &Quotas{account: account} }

// ID implements world.Service.
func (p *Quotas) ID() string { return servicequotas.ServiceID }

// State implements world.Service.
func (p *Quotas) State() any { return &struct{}{} }

// Dump implements world.Service.
func (p *Quotas) Dump(*world.Dumper) {}

// Routes implements world.Service.
func (p *Quotas) Routes(r *world.Router) {
	world.On(r, p.getServiceQuota)
	world.On(r, p.listServiceQuotas)
}

func (p *Quotas) getServiceQuota(_ *world.Request, in *servicequotas.GetServiceQuotaInput) (*servicequotas.GetServiceQuotaOutput, error) {
	for _, q := range world.Quotas() {
		if q.Service == aws.ToString(in.ServiceCode) && q.Code == aws.ToString(in.QuotaCode) {
			return &servicequotas.GetServiceQuotaOutput{Quota: p.describe(q)}, nil
		}
	}
	return nil, &types.NoSuchResourceException{Message: aws.String("The request failed because the specified quota does not exist.")}
}

func (p *Quotas) listServiceQuotas(_ *world.Request, in *servicequotas.ListServiceQuotasInput) (*servicequotas.ListServiceQuotasOutput, error) {
	var all []types.ServiceQuota
	for _, q := range world.Quotas() {
		if q.Service == aws.ToString(in.ServiceCode) {
			all = append(all, *p.describe(q))
		}
	}
	if len(all) == 0 {
		return nil, &types.NoSuchResourceException{Message: aws.String(fmt.Sprintf("The service %s does not exist.", aws.ToString(in.ServiceCode)))}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidPaginationTokenException{Message: aws.String("Invalid NextToken")}
	}
	return &servicequotas.ListServiceQuotasOutput{Quotas: page, NextToken: next}, nil
}

func (p *Quotas) describe(q world.Quota) *types.ServiceQuota {
	return &types.ServiceQuota{
		ServiceCode: aws.String(q.Service), QuotaCode: aws.String(q.Code), QuotaName: aws.String(q.Title),
		QuotaArn: aws.String(p.account.ARN("servicequotas", q.Service+"/"+q.Code)), Adjustable: true,
		Unit: aws.String("None"), Value: aws.Float64(float64(p.account.Quota(q.Name, q.Value))),
	}
}

var _ world.Service = (*Quotas)(nil)
