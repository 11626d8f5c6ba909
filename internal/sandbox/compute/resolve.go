package compute

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Resolver answers how tasks find and reach one another.
type Resolver struct {
	s     *state
	needs *Needs
}

// Resolve returns what the name resolver of a container answers: the IPv4
// addresses of a name. from is a task's ARN, or the ARN or name of a service,
// whose oldest running task then asks. If the name does not resolve, the result
// is an error.
//
// Who can resolve what: a name in a Cloud Map namespace of the task's own VPC,
// in full or with the search domain of the VPC's DHCP options; and the client
// aliases of Service Connect services that were there when the task started.
func (p *Resolver) Resolve(from, name string) ([]string, error) {
	t, err := p.asker(from)
	if err != nil {
		return nil, err
	}
	ips := p.resolve(t, name)
	if len(ips) == 0 {
		return nil, fmt.Errorf("lookup %s from %s: no such host", name, from)
	}
	return ips, nil
}

// Connect reports whether from (see Resolve) reaches a TCP port at the
// addresses of a name: nil, or an error that says what blocks it.
func (p *Resolver) Connect(from, name string, port int) error {
	ips, err := p.Resolve(from, name)
	if err != nil {
		return err
	}
	t, err := p.asker(from)
	if err != nil {
		return err
	}
	if port < 1 || port > 65535 || !p.reaches(t, ips[0], int32(port)) {
		return fmt.Errorf("connect to %s:%d (%s) from %s: i/o timeout", name, port, ips[0], from)
	}
	return nil
}

var errNoTask = errors.New("no such task is running")

// asker finds the task that from names.
func (p *Resolver) asker(from string) (*task, error) {
	for _, t := range p.s.Tasks.All() {
		if t.Last == running && (t.ARN == from || t.Service == from || world.LastPart(t.Service) == from && t.Service != "") {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", from, errNoTask)
}

// resolve looks a name up for a task.
func (p *Resolver) resolve(t *task, name string) []string {
	if ips := p.connectAlias(t, name); len(ips) > 0 {
		return ips
	}
	vpc, search, ok := p.needs.Reach.Resolver(t.Subnet)
	if !ok {
		return nil
	}
	names := []string{strings.TrimSuffix(strings.ToLower(name), ".")}
	if !strings.HasSuffix(name, ".") {
		for _, domain := range search {
			names = append(names, names[0]+"."+strings.ToLower(domain))
		}
	}
	for _, full := range names {
		if ips := p.needs.Directory.Lookup(vpc, full); len(ips) > 0 {
			return ips
		}
	}
	if ip := p.needs.Databases.HostAddress(names[0]); ip != "" {
		return []string{ip}
	}
	return nil
}

// connectAlias finds the tasks behind a client alias of Service Connect. A task
// only knows the endpoints that existed when it started, and tasks of RunTask
// know none.
func (p *Resolver) connectAlias(t *task, name string) []string {
	mine := p.s.Services.Get(t.Service)
	if mine == nil {
		return nil
	}
	d := mine.deploymentOf(t)
	if d == nil || d.Revision.Connect == nil || !d.Revision.Connect.Enabled {
		return nil
	}
	var ips []string
	for _, s := range p.s.Services.All() {
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
			for _, o := range p.s.tasksOf(s, nil, func(o *task) bool { return o.Last == running }) {
				ips = append(ips, o.IP)
			}
		}
	}
	return ips
}

func (p *Resolver) sameSpace(a, b string) bool {
	x, known := p.needs.Directory.Namespace(a)
	y, _ := p.needs.Directory.Namespace(b)
	return known && x == y
}

// reaches reports whether a task can connect to a TCP port at an address of its
// VPC: a task runs there that declares the port, and the security groups allow
// the connection.
func (p *Resolver) reaches(t *task, ip string, port int32) bool {
	if eni, open := p.needs.Databases.At(ip); open != 0 {
		return open == port && p.needs.Reach.Allows(t.Groups, eni, port)
	}
	for _, o := range p.s.Tasks.All() {
		if o.IP != ip || o.Last != running && o.Last != deactivating {
			continue
		}
		d := p.s.Definitions.Get(o.Definition)
		if d == nil {
			continue
		}
		for _, c := range d.Shown.ContainerDefinitions {
			for _, m := range c.PortMappings {
				if aws.ToInt32(m.ContainerPort) == port && containers.Hears(aws.ToString(c.Image), port) && p.needs.Reach.Allows(t.Groups, o.ENI, port) {
					return true
				}
			}
		}
	}
	return false
}
