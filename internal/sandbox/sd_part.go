package sandbox

import (
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// sdPart is Cloud Map: private DNS namespaces, their services and instances.
type sdPart struct {
	account *Account
	s       sdState
	// Needs is set before the first call.
	Needs sdNeeds

	namespaces *sdNamespaces
	services   *sdServices
	Operations *sdOperations
}

// sdNeeds are what Cloud Map needs of other services.
type sdNeeds struct {
	Network sdNetwork
	Hosts   sdHosts
}

// sdNetwork are the VPCs of namespaces.
type sdNetwork interface{ HasVPC(id string) bool }

// sdHosts are the databases and caches that records name.
type sdHosts interface {
	// HostAddress is the private address behind a host name of a database or a
	// cache; "" for any other name.
	HostAddress(host string) string
}

func newSD(account *Account) *sdPart {
	p := &sdPart{account: account}
	p.namespaces = &sdNamespaces{account: p.account, s: &p.s}
	p.services = &sdServices{account: p.account, s: &p.s}
	p.Operations = &sdOperations{account: p.account, s: &p.s, needs: &p.Needs}
	p.namespaces.Operations = p.Operations
	p.services.Operations = p.Operations
	return p
}

// ID implements Service.
func (p *sdPart) ID() string { return sd.ServiceID }

func (p *sdPart) State() any { return &p.s }

func (p *sdPart) Routes(r *router) {
	on(r, p.namespaces.createPrivateDNSNamespace)
	on(r, p.namespaces.updatePrivateDNSNamespace)
	on(r, p.namespaces.deleteNamespace)
	on(r, p.namespaces.getNamespace)
	on(r, p.namespaces.listNamespaces)
	on(r, p.Operations.getOperation)
	on(r, p.services.createService)
	on(r, p.services.updateService)
	on(r, p.services.deleteService)
	on(r, p.services.getService)
	on(r, p.services.listServices)
	on(r, p.services.registerInstance)
	on(r, p.services.deregisterInstance)
	on(r, p.services.listInstances)
	on(r, p.services.discoverInstances)
	on(r, p.tagResource)
	on(r, p.untagResource)
	on(r, p.listTagsForResource)
	r.event("sd.operation.done", p.Operations.operationDone)
}

func noNamespace(id string) error {
	return &types.NamespaceNotFound{Message: aws.String(fmt.Sprintf("Namespace with ID '%s' not found.", id))}
}

func noService(id string) error {
	return &types.ServiceNotFound{Message: aws.String(fmt.Sprintf("Service with ID '%s' not found.", id))}
}

// tagsOf are the tags of a namespace or a service, to read and to change.
func (p *sdPart) tagsOf(rq *request, arn *string) (map[string]string, error) {
	id := bareID(arn)
	if n := p.s.Namespaces.find(rq, id); n != nil && n.ARN == *arn {
		return n.Tags, nil
	}
	if s := p.s.Services.find(rq, id); s != nil && s.ARN == *arn {
		return s.Tags, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("Resource not found: " + aws.ToString(arn))}
}

func (p *sdPart) tagResource(rq *request, in *sd.TagResourceInput) (*sd.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, tagMap(in.Tags))
	return &sd.TagResourceOutput{}, nil
}

func (p *sdPart) untagResource(rq *request, in *sd.UntagResourceInput) (*sd.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &sd.UntagResourceOutput{}, nil
}

func (p *sdPart) listTagsForResource(rq *request, in *sd.ListTagsForResourceInput) (*sd.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &sd.ListTagsForResourceOutput{Tags: tagList[types.Tag](tags)}, nil
}

func (p *sdPart) Dump(d *dumper) {
	for _, n := range p.s.Namespaces.all() {
		d.add("sd.namespace", n.ARN, n.Name, map[string]any{
			"vpc": n.VPC, "negative_ttl": n.NegativeTTL, "description": n.Description, "tags": n.Tags, "id": "",
		})
	}
	for _, s := range p.s.Services.all() {
		home := s.Namespace
		if n := p.s.Namespaces.get(s.Namespace); n != nil {
			home = n.Name
		}
		d.add("sd.service", s.ARN, s.Name+"."+home, map[string]any{
			"dns": s.DNS.DnsRecords, "routing": s.DNS.RoutingPolicy, "description": s.Description, "tags": s.Tags,
			"instances": len(s.Instances),
		})
	}
}

var _ Service = (*sdPart)(nil)

// index implements indexed.
func (p *sdPart) index(f indexFunc) {
	indexRows(&p.s.Namespaces, f, func(n *namespace) (string, map[string]string) { return n.ARN, n.Tags })
	indexRows(&p.s.Services, f, func(s *sdService) (string, map[string]string) { return s.ARN, s.Tags })
}
