package sandbox

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// sdOperations are what Cloud Map does in the background.
type sdOperations struct {
	account *Account
	s       *sdState
	needs   *sdNeeds
}

// Fail lets the next n operations of a type, such as
// DELETE_NAMESPACE, end with FAIL.
func (p *sdOperations) Fail(kind types.OperationType, n int) {
	if p.s.Failing == nil {
		p.s.Failing = map[types.OperationType]int{}
	}
	p.s.Failing[kind] = n
}

// start begins an operation that takes some time.
func (p *sdOperations) start(rq *request, kind types.OperationType, target string, takes time.Duration) *operation {
	o := &operation{
		ID: p.account.newHex("operation", 32) + "-" + p.account.newHex("operation-tail", 8), Type: kind, Status: types.OperationStatusPending,
		Targets: map[string]string{string(types.OperationTargetTypeNamespace): target}, Created: rq.now, Updated: rq.now,
	}
	p.s.Operations.put(p.account, rq.now, o.ID, o)
	p.account.schedule(rq.now.Add(takes), "sd.operation.done", o.ID)
	return o
}

// free refuses a change while one of the operations is under way.
func (s *sdState) free(operations ...string) error {
	for _, id := range operations {
		if o := s.Operations.get(id); o != nil && o.Status == types.OperationStatusPending {
			return &types.DuplicateRequest{Message: aws.String("The operation is already in progress."), DuplicateOperationId: &id}
		}
	}
	return nil
}

func (p *sdOperations) operationDone(at time.Time, id string) {
	o := p.s.Operations.get(id)
	if o == nil || o.Status != types.OperationStatusPending {
		return
	}
	o.Updated = at
	if p.s.Failing[o.Type] > 0 {
		p.s.Failing[o.Type]--
		o.Status, o.Code, o.Problem = types.OperationStatusFail, "INTERNAL_FAILURE", "An internal failure occurred."
		return
	}
	o.Status = types.OperationStatusSuccess
	target := o.Targets[string(types.OperationTargetTypeNamespace)]
	switch o.Type {
	case types.OperationTypeCreateNamespace:
		if !p.needs.Network.HasVPC(o.Make.VPC) {
			o.Status, o.Code, o.Problem = types.OperationStatusFail, "INVALID_INPUT", "The VPC that you chose, "+o.Make.VPC+", was not found."
			break
		}
		o.Make.Created = o.Created
		p.s.Namespaces.put(p.account, at, target, o.Make)
		o.Make = nil
	case types.OperationTypeUpdateNamespace:
		p.s.Namespaces.get(target).change(o.Namespace)
	case types.OperationTypeUpdateService:
		p.s.Services.get(o.Targets[string(types.OperationTargetTypeService)]).change(o.Service)
	case types.OperationTypeDeleteNamespace:
		p.s.Namespaces.remove(at, target)
	default:
	}
}

// change is what UpdatePrivateDnsNamespace comes to; nothing for a namespace
// that is gone.
func (n *namespace) change(c *types.PrivateDnsNamespaceChange) {
	if n == nil || c == nil {
		return
	}
	if c.Description != nil {
		n.Description = *c.Description
	}
	if c.Properties != nil && c.Properties.DnsProperties != nil && c.Properties.DnsProperties.SOA != nil {
		n.NegativeTTL = aws.ToInt64(c.Properties.DnsProperties.SOA.TTL)
	}
}

// change is what UpdateService comes to: records that it does not name are gone.
func (s *sdService) change(c *types.ServiceChange) {
	if s == nil || c == nil {
		return
	}
	if c.Description != nil {
		s.Description = *c.Description
	}
	s.DNS.DnsRecords = nil
	if c.DnsConfig != nil {
		s.DNS.DnsRecords = c.DnsConfig.DnsRecords
	}
}

func (p *sdOperations) getOperation(rq *request, in *sd.GetOperationInput) (*sd.GetOperationOutput, error) {
	o := p.s.Operations.find(rq, aws.ToString(in.OperationId))
	if o == nil {
		return nil, &types.OperationNotFound{Message: aws.String("Operation not found: " + aws.ToString(in.OperationId))}
	}
	shown := &types.Operation{
		Id: aws.String(o.ID), Type: o.Type, Status: o.Status, Targets: o.Targets,
		CreateDate: aws.Time(o.Created), UpdateDate: aws.Time(o.Updated), OwnerAccount: aws.String(p.account.number()),
	}
	if o.Problem != "" {
		shown.ErrorCode, shown.ErrorMessage = aws.String(o.Code), aws.String(o.Problem)
	}
	return &sd.GetOperationOutput{Operation: shown}, nil
}
