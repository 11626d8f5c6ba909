package sandbox

import (
	"strings"
)

// maxAliases is how many CNAME records a resolver follows.
const maxAliases = 8

// Lookup finds a full name in the private zones of a VPC.
func (p *sdPart) Lookup(vpcID, full string) []string { return p.follow(vpcID, full, maxAliases) }

// follow is Lookup with at most so many CNAME records on the way.
func (p *sdPart) follow(vpcID, full string, left int) []string {
	for _, n := range p.s.Namespaces.all() {
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
func (p *sdPart) Namespace(nameOrARN string) (arn string, ok bool) {
	for _, n := range p.s.Namespaces.all() {
		if n.ARN == nameOrARN || n.Name == nameOrARN {
			return n.ARN, true
		}
	}
	return "", false
}

// FindService reports whether a call finds the service with an id or an ARN.
func (p *sdPart) FindService(rq *request, idOrARN *string) bool {
	return p.s.Services.find(rq, bareID(idOrARN)) != nil
}

// Join puts an instance under the name of a service. checked says that something
// checks its health: a service with a custom health check then leaves it out of
// answers until Heal. The result is the service's id; ok is false when there is no
// such service.
func (p *sdPart) Join(service *string, id string, checked bool, attributes map[string]string) (name string, ok bool) {
	s := p.s.Services.get(bareID(service))
	if s == nil {
		return "", false
	}
	s.Instances[id] = &instance{ID: id, Sick: s.Custom != nil && checked, Attributes: attributes}
	return s.ID, true
}

// Heal marks an instance as healthy.
func (p *sdPart) Heal(service, id string) {
	if s := p.s.Services.get(service); s != nil && s.Instances[id] != nil {
		s.Instances[id].Sick = false
	}
}

// Leave takes an instance away from under the name of a service.
func (p *sdPart) Leave(service, id string) {
	if s := p.s.Services.get(service); s != nil {
		delete(s.Instances, id)
	}
}
