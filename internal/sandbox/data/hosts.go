package data

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Hosts finds databases and caches by their names and addresses.
type Hosts struct {
	RDS   *RDS
	Cache *ElastiCache
}

// HostAddress is the private address behind the host name of a database or a cache;
// "" for any other name.
func (h Hosts) HostAddress(host string) string {
	for _, d := range h.RDS.s.Instances.All() {
		if e := d.Shown.Endpoint; e != nil && aws.ToString(e.Address) == host {
			return h.address(d.Interface)
		}
	}
	for _, g := range h.Cache.s.Groups.All() {
		for _, n := range h.Cache.shown(g).NodeGroups {
			if n.PrimaryEndpoint != nil && aws.ToString(n.PrimaryEndpoint.Address) == host {
				return h.address(g.Interface)
			}
		}
	}
	return ""
}

// At is the network interface and the port of the database or cache at an address;
// the port is 0 if no database or cache has the address, and the interface empty if nothing
// answers there, as with a stopped instance.
func (h Hosts) At(ip string) (eni string, port int32) {
	for _, d := range h.RDS.s.Instances.All() {
		if h.address(d.Interface) == ip && d.down() {
			return "", cmp.Or(aws.ToInt32(d.Shown.DbInstancePort), portOf(aws.ToString(d.Shown.Engine)))
		}
		if h.address(d.Interface) == ip {
			return d.Interface, cmp.Or(aws.ToInt32(d.Shown.DbInstancePort), portOf(aws.ToString(d.Shown.Engine)))
		}
	}
	for _, g := range h.Cache.s.Groups.All() {
		if h.address(g.Interface) == ip {
			return g.Interface, g.Port
		}
	}
	return "", 0
}

func (h Hosts) address(eni string) string { return h.RDS.Needs.Interfaces.Address(eni) }
