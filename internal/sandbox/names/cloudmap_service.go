package names

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// discoveryServices are the services and their instances.
type discoveryServices struct {
	account    *world.Account
	s          *cloudMapState
	operations *Operations
}

func (p *discoveryServices) createService(rq *world.Request, in *sd.CreateServiceInput) (*sd.CreateServiceOutput, error) {
	home := world.BareID(in.NamespaceId)
	dns := world.Clone(in.DnsConfig)
	if dns == nil {
		dns = &types.DnsConfig{}
	}
	if home == "" {
		home = world.BareID(dns.NamespaceId)
	}
	if known, mismatch := rq.Once(in.CreatorRequestId, in); known != "" && !mismatch {
		if s := p.s.Services.Get(known); s != nil {
			return &sd.CreateServiceOutput{Service: p.shown(s)}, nil
		}
	}
	n := p.s.Namespaces.Find(rq, home)
	if n == nil || p.s.free(n.Deletion) != nil {
		return nil, noNamespace(home)
	}
	if err := discoveryName(aws.ToString(in.Name), discoveryLabels); err != nil {
		return nil, err
	}
	for _, s := range p.s.servicesIn(n.ID) {
		if strings.EqualFold(s.Name, aws.ToString(in.Name)) {
			return nil, &types.ServiceAlreadyExists{
				Message:          aws.String("Service already exists: " + s.Name),
				CreatorRequestId: aws.String(s.Creator), ServiceId: aws.String(s.ID), ServiceArn: aws.String(s.ARN),
			}
		}
	}
	dns.NamespaceId = aws.String(n.ID)
	dns.RoutingPolicy = cmp.Or(dns.RoutingPolicy, types.RoutingPolicyMultivalue)
	if len(dns.DnsRecords) > 0 && dns.DnsRecords[0].Type == types.RecordTypeCname && dns.RoutingPolicy != types.RoutingPolicyWeighted {
		return nil, &types.InvalidInput{Message: aws.String("CNAME records need the routing policy WEIGHTED.")}
	}
	id := "srv-" + p.account.NewHex("discovery-service", 16)
	s := &discoveryService{
		ID: id, ARN: p.account.ARN("servicediscovery", "service/"+id), Name: aws.ToString(in.Name), Namespace: n.ID,
		Description: aws.ToString(in.Description), Creator: aws.ToString(in.CreatorRequestId), Created: rq.Now,
		DNS: dns, Custom: world.Clone(in.HealthCheckCustomConfig), Tags: world.TagMap(in.Tags), Instances: map[string]*instance{},
	}
	p.s.Services.Put(p.account, rq.Now, id, s)
	rq.Remember(in.CreatorRequestId, in, id)
	return &sd.CreateServiceOutput{Service: p.shown(s)}, nil
}

// servicesIn are the services of a namespace.
func (s *cloudMapState) servicesIn(namespaceID string) []*discoveryService {
	var out []*discoveryService
	for _, s := range s.Services.All() {
		if s.Namespace == namespaceID {
			out = append(out, s)
		}
	}
	return out
}

func (p *discoveryServices) shown(s *discoveryService) *types.Service {
	out := &types.Service{
		Id: aws.String(s.ID), Arn: aws.String(s.ARN), Name: aws.String(s.Name), NamespaceId: aws.String(s.Namespace),
		Description: aws.String(s.Description), CreateDate: aws.Time(s.Created), DnsConfig: s.DNS,
		HealthCheckCustomConfig: s.Custom, InstanceCount: aws.Int32(int32(len(s.Instances))), Type: types.ServiceTypeDns,
		ResourceOwner: aws.String(p.account.Number()),
	}
	if s.Creator != "" {
		out.CreatorRequestId = aws.String(s.Creator)
	}
	return out
}

func (p *discoveryServices) updateService(rq *world.Request, in *sd.UpdateServiceInput) (*sd.UpdateServiceOutput, error) {
	s := p.s.Services.Find(rq, world.BareID(in.Id))
	if s == nil {
		return nil, noService(world.BareID(in.Id))
	}
	if err := p.s.free(s.Change); err != nil {
		return nil, err
	}
	o := p.operations.start(rq, types.OperationTypeUpdateService, s.ID, p.account.Takes(world.NameUpdated))
	o.Service, s.Change = world.Clone(in.Service), o.ID
	o.Targets = map[string]string{string(types.OperationTargetTypeService): s.ID}
	return &sd.UpdateServiceOutput{OperationId: aws.String(o.ID)}, nil
}

func (p *discoveryServices) deleteService(rq *world.Request, in *sd.DeleteServiceInput) (*sd.DeleteServiceOutput, error) {
	s := p.s.Services.Get(world.BareID(in.Id))
	if s == nil {
		return nil, noService(world.BareID(in.Id))
	}
	if len(s.Instances) > 0 {
		return nil, &types.ResourceInUse{Message: aws.String("Service contains registered instances; delete the instances before deleting the service")}
	}
	p.s.Services.Remove(rq.Now, s.ID)
	return &sd.DeleteServiceOutput{}, nil
}

func (p *discoveryServices) getService(rq *world.Request, in *sd.GetServiceInput) (*sd.GetServiceOutput, error) {
	s := p.s.Services.Find(rq, world.BareID(in.Id))
	if s == nil {
		return nil, noService(world.BareID(in.Id))
	}
	return &sd.GetServiceOutput{Service: p.shown(s)}, nil
}

func (p *discoveryServices) listServices(rq *world.Request, in *sd.ListServicesInput) (*sd.ListServicesOutput, error) {
	var found []types.ServiceSummary
	for _, s := range p.s.Services.List(rq) {
		pass := true
		for _, f := range in.Filters {
			value := "SELF"
			if f.Name == types.ServiceFilterNameNamespaceId {
				value = s.Namespace
			}
			pass = pass && filterHas(f.Condition, f.Values, value)
		}
		if !pass {
			continue
		}
		o := p.shown(s)
		// A summary's DnsConfig does not repeat the namespace.
		dns := world.Clone(o.DnsConfig)
		dns.NamespaceId = nil
		found = append(found, types.ServiceSummary{
			Id: o.Id, Arn: o.Arn, Name: o.Name, Description: o.Description, CreateDate: o.CreateDate, DnsConfig: dns,
			HealthCheckCustomConfig: o.HealthCheckCustomConfig, InstanceCount: o.InstanceCount, Type: o.Type, ResourceOwner: o.ResourceOwner,
		})
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidInput{Message: aws.String("The NextToken is not valid.")}
	}
	return &sd.ListServicesOutput{Services: page, NextToken: next}, nil
}
