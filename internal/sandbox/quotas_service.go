package sandbox

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

// quotasPart is the Service Quotas service. It has no state.
type quotasPart struct{ account *Account }

func newQuotas(account *Account) *quotasPart { return &quotasPart{account: account} }

// ID implements Service.
func (p *quotasPart) ID() string { return servicequotas.ServiceID }

func (p *quotasPart) State() any { return &struct{}{} }

func (p *quotasPart) Dump(*dumper) {}

func (p *quotasPart) Routes(r *router) {
	on(r, p.getServiceQuota)
	on(r, p.listServiceQuotas)
}

func (p *quotasPart) getServiceQuota(_ *request, in *servicequotas.GetServiceQuotaInput) (*servicequotas.GetServiceQuotaOutput, error) {
	for _, q := range Quotas() {
		if q.Service == aws.ToString(in.ServiceCode) && q.Code == aws.ToString(in.QuotaCode) {
			return &servicequotas.GetServiceQuotaOutput{Quota: p.describe(q)}, nil
		}
	}
	return nil, &types.NoSuchResourceException{Message: aws.String("The request failed because the specified quota does not exist.")}
}

func (p *quotasPart) listServiceQuotas(_ *request, in *servicequotas.ListServiceQuotasInput) (*servicequotas.ListServiceQuotasOutput, error) {
	var all []types.ServiceQuota
	for _, q := range Quotas() {
		if q.Service == aws.ToString(in.ServiceCode) {
			all = append(all, *p.describe(q))
		}
	}
	if len(all) == 0 {
		return nil, &types.NoSuchResourceException{Message: aws.String(fmt.Sprintf("The service %s does not exist.", aws.ToString(in.ServiceCode)))}
	}
	page, next, err := pageOf(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidPaginationTokenException{Message: aws.String("Invalid NextToken")}
	}
	return &servicequotas.ListServiceQuotasOutput{Quotas: page, NextToken: next}, nil
}

func (p *quotasPart) describe(q Quota) *types.ServiceQuota {
	return &types.ServiceQuota{
		ServiceCode: aws.String(q.Service), QuotaCode: aws.String(q.Code), QuotaName: aws.String(q.Title),
		QuotaArn: aws.String(p.account.arn("servicequotas", q.Service+"/"+q.Code)), Adjustable: true,
		Unit: aws.String("None"), Value: aws.Float64(float64(p.account.quota(q.Name, q.Value))),
	}
}

var _ Service = (*quotasPart)(nil)
