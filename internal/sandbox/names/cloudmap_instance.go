package names

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *discoveryServices) registerInstance(rq *world.Request, in *sd.RegisterInstanceInput) (*sd.RegisterInstanceOutput, error) {
	s := p.s.Services.Find(rq, world.BareID(in.ServiceId))
	if s == nil {
		return nil, noService(world.BareID(in.ServiceId))
	}
	if known, mismatch := rq.Once(in.CreatorRequestId, in); known != "" && !mismatch {
		return &sd.RegisterInstanceOutput{OperationId: aws.String(known)}, nil
	}
	id := aws.ToString(in.InstanceId)
	for _, r := range s.DNS.DnsRecords {
		key := map[types.RecordType]string{types.RecordTypeA: "AWS_INSTANCE_IPV4", types.RecordTypeCname: "AWS_INSTANCE_CNAME"}[r.Type]
		if in.Attributes[key] == "" {
			return nil, &types.InvalidInput{Message: aws.String("The service has " + string(r.Type) + " records, and the instance no " + key + ".")}
		}
	}
	s.Instances[id] = &instance{ID: id, Attributes: maps.Clone(in.Attributes)}
	o := p.operations.start(rq, types.OperationTypeRegisterInstance, s.ID, 0)
	o.Targets = map[string]string{string(types.OperationTargetTypeInstance): id}
	rq.Remember(in.CreatorRequestId, in, o.ID)
	return &sd.RegisterInstanceOutput{OperationId: aws.String(o.ID)}, nil
}

func (p *discoveryServices) deregisterInstance(rq *world.Request, in *sd.DeregisterInstanceInput) (*sd.DeregisterInstanceOutput, error) {
	s := p.s.Services.Find(rq, world.BareID(in.ServiceId))
	if s == nil {
		return nil, noService(world.BareID(in.ServiceId))
	}
	id := aws.ToString(in.InstanceId)
	if s.Instances[id] == nil {
		return nil, &types.InstanceNotFound{Message: aws.String("Instance not found: " + id)}
	}
	delete(s.Instances, id)
	o := p.operations.start(rq, types.OperationTypeDeregisterInstance, s.ID, 0)
	o.Targets = map[string]string{string(types.OperationTargetTypeInstance): id}
	return &sd.DeregisterInstanceOutput{OperationId: aws.String(o.ID)}, nil
}

func (p *discoveryServices) listInstances(rq *world.Request, in *sd.ListInstancesInput) (*sd.ListInstancesOutput, error) {
	s := p.s.Services.Find(rq, world.BareID(in.ServiceId))
	if s == nil {
		return nil, noService(world.BareID(in.ServiceId))
	}
	var found []types.InstanceSummary
	for _, id := range slices.Sorted(maps.Keys(s.Instances)) {
		found = append(found, types.InstanceSummary{Id: aws.String(id), Attributes: maps.Clone(s.Instances[id].Attributes)})
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidInput{Message: aws.String("The NextToken is not valid.")}
	}
	return &sd.ListInstancesOutput{Instances: page, NextToken: next}, nil
}

func (p *discoveryServices) discoverInstances(rq *world.Request, in *sd.DiscoverInstancesInput) (*sd.DiscoverInstancesOutput, error) {
	var home *namespace
	for _, n := range p.s.Namespaces.All() {
		if n.Name == aws.ToString(in.NamespaceName) {
			home = n
		}
	}
	if home == nil {
		return nil, noNamespace(aws.ToString(in.NamespaceName))
	}
	s := p.serviceNamed(home.ID, aws.ToString(in.ServiceName))
	if s == nil {
		return nil, noService(aws.ToString(in.ServiceName))
	}
	out := &sd.DiscoverInstancesOutput{Instances: []types.HttpInstanceSummary{}}
	for _, id := range slices.Sorted(maps.Keys(s.Instances)) {
		i := s.Instances[id]
		health := types.HealthStatusHealthy
		if i.Sick {
			health = types.HealthStatusUnhealthy
		}
		if s.Custom == nil {
			health = types.HealthStatusUnknown
		}
		skip := in.HealthStatus == types.HealthStatusFilterHealthy && i.Sick ||
			in.HealthStatus == types.HealthStatusFilterUnhealthy && !i.Sick
		if !skip {
			out.Instances = append(out.Instances, types.HttpInstanceSummary{
				InstanceId: aws.String(id), NamespaceName: aws.String(home.Name), ServiceName: aws.String(s.Name),
				Attributes: maps.Clone(i.Attributes), HealthStatus: health,
			})
		}
	}
	return out, nil
}

func (p *discoveryServices) serviceNamed(namespaceID, name string) *discoveryService {
	for _, s := range p.s.servicesIn(namespaceID) {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// addresses returns the IPv4 addresses that DNS answers for a service: at most
// 8 of the healthy instances, or of all if none is healthy. It looks up the
// host of a CNAME record.
// https://docs.aws.amazon.com/cloud-map/latest/dg/services-route53.html
func (s *discoveryService) addresses(look func(host string) []string) []string {
	var well, all []string
	for _, id := range slices.Sorted(maps.Keys(s.Instances)) {
		i := s.Instances[id]
		found := []string{i.Attributes["AWS_INSTANCE_IPV4"]}
		if host := i.Attributes["AWS_INSTANCE_CNAME"]; host != "" {
			found = look(host)
		}
		found = slices.DeleteFunc(found, func(ip string) bool { return ip == "" })
		all = append(all, found...)
		if !i.Sick {
			well = append(well, found...)
		}
	}
	if len(well) == 0 {
		well = all
	}
	return well[:min(len(well), 8)]
}
