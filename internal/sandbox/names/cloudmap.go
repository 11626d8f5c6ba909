package names

import (
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// CloudMap is Cloud Map: private DNS namespaces, their services and instances.
type CloudMap struct {
	account *world.Account
	s       cloudMapState
	// Needs is set before the first call.
	Needs CloudMapNeeds

	namespaces *namespaces
	services   *discoveryServices
	Operations *Operations
}

// CloudMapNeeds are what Cloud Map needs of other services.
type CloudMapNeeds struct {
	Network Network
	Hosts   Hosts
}

// Network are the VPCs of namespaces.
type Network interface{ HasVPC(id string) bool }

// Hosts are the databases and caches that records name.
type Hosts interface {
	// HostAddress returns the private address of a database's or a cache's host
	// name; "" for any other name.
	HostAddress(host string) string
}

// NewCloudMap makes the Cloud Map of an account, without namespaces.
func NewCloudMap(account *world.Account) *CloudMap {
	p := &CloudMap{account: account}
	s := &p.s
	p.Operations = &Operations{account: account, s: s, needs: &p.Needs}
	p.namespaces = &namespaces{account: account, s: s, operations: p.Operations}
	p.services = &discoveryServices{account: account, s: s, operations: p.Operations}
	return p
}

// ID implements world.Service.
func (p *CloudMap) ID() string { return sd.ServiceID }

// State implements world.Service.
func (p *CloudMap) State() any { return &p.s }

// Routes implements world.Service.
func (p *CloudMap) Routes(r *world.Router) {
	world.On(r, p.namespaces.createPrivateDNSNamespace)
	world.On(r, p.namespaces.updatePrivateDNSNamespace)
	world.On(r, p.namespaces.deleteNamespace)
	world.On(r, p.namespaces.getNamespace)
	world.On(r, p.namespaces.listNamespaces)
	world.On(r, p.Operations.getOperation)
	world.On(r, p.services.createService)
	world.On(r, p.services.updateService)
	world.On(r, p.services.deleteService)
	world.On(r, p.services.getService)
	world.On(r, p.services.listServices)
	world.On(r, p.services.registerInstance)
	world.On(r, p.services.deregisterInstance)
	world.On(r, p.services.listInstances)
	world.On(r, p.services.discoverInstances)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTagsForResource)
	r.Event("sd.operation.done", p.Operations.operationDone)
}

func noNamespace(id string) error {
	return &types.NamespaceNotFound{Message: aws.String(fmt.Sprintf("Namespace with ID '%s' not found.", id))}
}

func noService(id string) error {
	return &types.ServiceNotFound{Message: aws.String(fmt.Sprintf("Service with ID '%s' not found.", id))}
}

// tagsOf returns the tags of a namespace or a service, to read and to change.
func (p *CloudMap) tagsOf(rq *world.Request, arn *string) (map[string]string, error) {
	id := world.BareID(arn)
	if n := p.s.Namespaces.Find(rq, id); n != nil && n.ARN == *arn {
		return n.Tags, nil
	}
	if s := p.s.Services.Find(rq, id); s != nil && s.ARN == *arn {
		return s.Tags, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("Resource not found: " + aws.ToString(arn))}
}

func (p *CloudMap) tagResource(rq *world.Request, in *sd.TagResourceInput) (*sd.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	maps.Copy(tags, world.TagMap(in.Tags))
	return &sd.TagResourceOutput{}, nil
}

func (p *CloudMap) untagResource(rq *world.Request, in *sd.UntagResourceInput) (*sd.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(tags, k)
	}
	return &sd.UntagResourceOutput{}, nil
}

func (p *CloudMap) listTagsForResource(rq *world.Request, in *sd.ListTagsForResourceInput) (*sd.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &sd.ListTagsForResourceOutput{Tags: world.TagList[types.Tag](tags)}, nil
}

// Dump implements world.Service.
func (p *CloudMap) Dump(d *world.Dumper) {
	for _, n := range p.s.Namespaces.All() {
		d.Add("sd.namespace", n.ARN, n.Name, map[string]any{
			"vpc": n.VPC, "negative_ttl": n.NegativeTTL, "description": n.Description, "tags": n.Tags, "id": "",
		})
	}
	for _, s := range p.s.Services.All() {
		home := s.Namespace
		if n := p.s.Namespaces.Get(s.Namespace); n != nil {
			home = n.Name
		}
		d.Add("sd.service", s.ARN, s.Name+"."+home, map[string]any{
			"dns": s.DNS.DnsRecords, "routing": s.DNS.RoutingPolicy, "description": s.Description, "tags": s.Tags,
			"instances": len(s.Instances),
		})
	}
}

var _ world.Service = (*CloudMap)(nil)

// Index implements world.Indexed.
func (p *CloudMap) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Namespaces, f, func(n *namespace) (string, map[string]string) { return n.ARN, n.Tags })
	world.IndexRows(&p.s.Services, f, func(s *discoveryService) (string, map[string]string) { return s.ARN, s.Tags })
}
