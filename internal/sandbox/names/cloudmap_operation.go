package names

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Operations are what Cloud Map does in the background.
type Operations struct {
	account *world.Account
	s       *cloudMapState
	needs   *CloudMapNeeds
}

// Fail makes the next n operations of a type, such as DELETE_NAMESPACE, end
// with FAIL.
func (p *Operations) Fail(kind types.OperationType, n int) {
	if p.s.Failing == nil {
		p.s.Failing = map[types.OperationType]int{}
	}
	p.s.Failing[kind] = n
}

// start begins an operation that takes some time.
func (p *Operations) start(rq *world.Request, kind types.OperationType, target string, takes time.Duration) *operation {
	o := &operation{
		ID: p.account.NewHex("operation", 32) + "-" + p.account.NewHex("operation-tail", 8), Type: kind, Status: types.OperationStatusPending,
		Targets: map[string]string{string(types.OperationTargetTypeNamespace): target}, Created: rq.Now, Updated: rq.Now,
	}
	p.s.Operations.Put(p.account, rq.Now, o.ID, o)
	p.account.Schedule(rq.Now.Add(takes), "sd.operation.done", o.ID)
	return o
}

// free refuses a change while one of the operations is under way.
func (s *cloudMapState) free(operations ...string) error {
	for _, id := range operations {
		if o := s.Operations.Get(id); o != nil && o.Status == types.OperationStatusPending {
			return &types.DuplicateRequest{Message: aws.String("The operation is already in progress."), DuplicateOperationId: &id}
		}
	}
	return nil
}

func (p *Operations) operationDone(at time.Time, id string) {
	o := p.s.Operations.Get(id)
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
		p.s.Namespaces.Put(p.account, at, target, o.Make)
		o.Make = nil
	case types.OperationTypeUpdateNamespace:
		p.s.Namespaces.Get(target).change(o.Namespace)
	case types.OperationTypeUpdateService:
		p.s.Services.Get(o.Targets[string(types.OperationTargetTypeService)]).change(o.Service)
	case types.OperationTypeDeleteNamespace:
		p.s.Namespaces.Remove(at, target)
	default:
	}
}

// change does what UpdatePrivateDnsNamespace asks for; nothing if the namespace
// is gone.
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

// change does what UpdateService asks for: it removes records that the call does
// not name.
func (s *discoveryService) change(c *types.ServiceChange) {
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

func (p *Operations) getOperation(rq *world.Request, in *sd.GetOperationInput) (*sd.GetOperationOutput, error) {
	o := p.s.Operations.Find(rq, aws.ToString(in.OperationId))
	if o == nil {
		return nil, &types.OperationNotFound{Message: aws.String("Operation not found: " + aws.ToString(in.OperationId))}
	}
	shown := &types.Operation{
		Id: aws.String(o.ID), Type: o.Type, Status: o.Status, Targets: o.Targets,
		CreateDate: aws.Time(o.Created), UpdateDate: aws.Time(o.Updated), OwnerAccount: aws.String(p.account.Number()),
	}
	if o.Problem != "" {
		shown.ErrorCode, shown.ErrorMessage = aws.String(o.Code), aws.String(o.Problem)
	}
	return &sd.GetOperationOutput{Operation: shown}, nil
}
