package names

import (
	"strings"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxAliases is how many CNAME records a resolver follows.
const maxAliases = 8

// Lookup finds a full name in the private zones of a VPC.
func (p *CloudMap) Lookup(vpcID, full string) []string { return p.follow(vpcID, full, maxAliases) }

// follow is Lookup through at most left CNAME records.
func (p *CloudMap) follow(vpcID, full string, left int) []string {
	for _, n := range p.s.Namespaces.All() {
		label, ok := strings.CutSuffix(full, "."+strings.ToLower(n.Name))
		if !ok || n.VPC != vpcID {
			continue
		}
		for _, s := range p.s.servicesIn(n.ID) {
			if strings.EqualFold(s.Name, label) {
				return s.addresses(func(host string) []string {
					if ip := p.Needs.Hosts.HostAddress(host); ip != "" || left == 0 {
						return []string{ip}
					}
					return p.follow(vpcID, strings.ToLower(strings.TrimSuffix(host, ".")), left-1)
				})
			}
		}
	}
	return nil
}

// Namespace is the ARN of the namespace with a name or an ARN; ok is false when
// there is none.
func (p *CloudMap) Namespace(nameOrARN string) (arn string, ok bool) {
	for _, n := range p.s.Namespaces.All() {
		if n.ARN == nameOrARN || n.Name == nameOrARN {
			return n.ARN, true
		}
	}
	return "", false
}

// FindService reports whether a call finds the service with an id or an ARN.
func (p *CloudMap) FindService(rq *world.Request, idOrARN *string) bool {
	return p.s.Services.Find(rq, world.BareID(idOrARN)) != nil
}

// Join registers an instance in a service. checked says that something checks its
// health: a service with a custom health check then leaves it out of answers until
// Heal. The result is the service's id; ok is false if there is no such service.
func (p *CloudMap) Join(service *string, id string, checked bool, attributes map[string]string) (name string, ok bool) {
	s := p.s.Services.Get(world.BareID(service))
	if s == nil {
		return "", false
	}
	s.Instances[id] = &instance{ID: id, Sick: s.Custom != nil && checked, Attributes: attributes}
	return s.ID, true
}

// Heal marks an instance as healthy.
func (p *CloudMap) Heal(service, id string) {
	if s := p.s.Services.Get(service); s != nil && s.Instances[id] != nil {
		s.Instances[id].Sick = false
	}
}

// Leave deregisters an instance from a service.
func (p *CloudMap) Leave(service, id string) {
	if s := p.s.Services.Get(service); s != nil {
		delete(s.Instances, id)
	}
}
