package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Resolve is what the name resolver of a container says: the IPv4 addresses
// behind a name, as seen by from, which is a task's ARN, or the ARN or name of
// a service, whose oldest running task then asks. A name that nobody there can
// resolve is an error.
//
// Who can resolve what: a name in a Cloud Map namespace of the task's own VPC,
// in full or with the search domain of the VPC's DHCP options; and the client
// aliases of Service Connect services that were there when the task started.
func (w *World) Resolve(from, name string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, err := w.asker(from)
	if err != nil {
		return nil, err
	}
	ips := w.ecs.resolve(t, name)
	if len(ips) == 0 {
		return nil, fmt.Errorf("lookup %s from %s: no such host", name, from)
	}
	return ips, nil
}

// Connect tells whether from (see Resolve) reaches a TCP port of what a name
// stands for: nil, or an error that says what is in the way.
func (w *World) Connect(from, name string, port int) error {
	ips, err := w.Resolve(from, name)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, err := w.asker(from)
	if err != nil {
		return err
	}
	if port < 1 || port > 65535 || !w.ecs.reaches(t, ips[0], int32(port)) {
		return fmt.Errorf("connect to %s:%d (%s) from %s: i/o timeout", name, port, ips[0], from)
	}
	return nil
}

var errNoTask = errors.New("no such task is running")

// asker settles the world and finds the task that from means.
func (w *World) asker(from string) (*task, error) {
	w.settle(w.now())
	for _, t := range w.ecs.s.Tasks.all() {
		if t.Last == running && (t.ARN == from || t.Service == from || lastPart(t.Service) == from && t.Service != "") {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", from, errNoTask)
}

// resolve looks a name up for a task.
func (p *ecsPart) resolve(t *task, name string) []string {
	if ips := p.connectAlias(t, name); len(ips) > 0 {
		return ips
	}
	subnet := p.w.ec2.s.Subnets.get(t.Subnet)
	if subnet == nil {
		return nil
	}
	home := p.w.ec2.s.VPCs.get(aws.ToString(subnet.VpcId))
	// Private zones need both DNS attributes of the VPC.
	if home == nil || !home.DNSSupport || !home.DNSHostnames {
		return nil
	}
	names := []string{strings.TrimSuffix(strings.ToLower(name), ".")}
	if o := p.w.ec2.s.DHCP.get(aws.ToString(home.DhcpOptionsId)); o != nil && !strings.HasSuffix(name, ".") {
		for _, list := range o.option("domain-name") {
			for _, domain := range strings.Fields(list) {
				names = append(names, names[0]+"."+strings.ToLower(domain))
			}
		}
	}
	for _, full := range names {
		if ips := p.w.sd.lookup(*home.VpcId, full); len(ips) > 0 {
			return ips
		}
	}
	if ip := p.w.hostAddress(names[0]); ip != "" {
		return []string{ip}
	}
	return nil
}

// maxAliases is how many CNAME records a resolver follows.
const maxAliases = 8

// lookup finds a full name in the private zones of a VPC.
func (p *sdPart) lookup(vpcID, full string) []string { return p.follow(vpcID, full, maxAliases) }

// follow is lookup with at most so many CNAME records on the way.
func (p *sdPart) follow(vpcID, full string, left int) []string {
	for _, n := range p.s.Namespaces.all() {
		label, ok := strings.CutSuffix(full, "."+strings.ToLower(n.Name))
		if !ok || n.VPC != vpcID {
			continue
		}
		for _, s := range p.servicesIn(n.ID) {
			if strings.EqualFold(s.Name, label) {
				return s.addresses(func(host string) []string {
					if ip := p.w.hostAddress(host); ip != "" || left == 0 {
						return []string{ip}
					}
					return p.follow(vpcID, strings.ToLower(strings.TrimSuffix(host, ".")), left-1)
				})
			}
		}
	}
	return nil
}

// connectAlias finds the tasks behind a client alias of Service Connect. A
// task knows the endpoints that existed when it started, no later ones, and
// tasks of RunTask know none.
func (p *ecsPart) connectAlias(t *task, name string) []string {
	mine := p.s.Services.get(t.Service)
	if mine == nil {
		return nil
	}
	d := mine.deploymentOf(t)
	if d == nil || d.Revision.Connect == nil || !d.Revision.Connect.Enabled {
		return nil
	}
	var ips []string
	for _, s := range p.s.Services.all() {
		c := s.Config.Connect
		if s.Status != active || c == nil || !c.Enabled || !p.sameSpace(aws.ToString(c.Namespace), aws.ToString(d.Revision.Connect.Namespace)) {
			continue
		}
		known := slices.ContainsFunc(s.Deployments, func(o *deployment) bool { return !o.Created.After(t.Created) })
		for _, endpoint := range c.Services {
			found := aws.ToString(endpoint.DiscoveryName) == name
			for _, a := range endpoint.ClientAliases {
				found = found || cmp.Or(aws.ToString(a.DnsName), aws.ToString(endpoint.DiscoveryName)) == name
			}
			if !found || !known {
				continue
			}
			for _, o := range p.tasksOf(s, nil, func(o *task) bool { return o.Last == running }) {
				ips = append(ips, o.IP)
			}
		}
	}
	return ips
}

func (p *ecsPart) sameSpace(a, b string) bool {
	x, y := p.namespaceOf(a), p.namespaceOf(b)
	return x != nil && x == y
}

// reaches tells whether a task gets through to a TCP port at an address of its
// VPC: something runs there that declares the port, and the security groups
// let it in.
func (p *ecsPart) reaches(t *task, ip string, port int32) bool {
	if eni, open := p.w.dataAt(ip); open != 0 {
		return open == port && p.w.allows(t.Groups, eni, port)
	}
	for _, o := range p.s.Tasks.all() {
		if o.IP != ip || o.Last != running && o.Last != deactivating {
			continue
		}
		d := p.s.Definitions.get(o.Definition)
		if d == nil {
			continue
		}
		for _, c := range d.Shown.ContainerDefinitions {
			for _, m := range c.PortMappings {
				if aws.ToInt32(m.ContainerPort) == port && p.w.allows(t.Groups, o.ENI, port) {
					return true
				}
			}
		}
	}
	return false
}
