package sandbox

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// hostAddress is the private address of a database or a cache, by the host name
// that AWS gave it; empty for any other name.
func (w *World) hostAddress(host string) string {
	for _, d := range w.rds.s.Instances.all() {
		if e := d.Shown.Endpoint; e != nil && aws.ToString(e.Address) == host {
			return w.addressOf(d.Interface)
		}
	}
	for _, g := range w.cache.s.Groups.all() {
		for _, n := range w.cache.shown(g).NodeGroups {
			if n.PrimaryEndpoint != nil && aws.ToString(n.PrimaryEndpoint.Address) == host {
				return w.addressOf(g.Interface)
			}
		}
	}
	return ""
}

// addressOf is the private address of a network interface.
func (w *World) addressOf(eni string) string {
	if n := w.ec2.s.Interfaces.get(eni); n != nil {
		return aws.ToString(n.PrivateIpAddress)
	}
	return ""
}

// dataAt is the network interface and the port of the database or cache at an
// address; 0 if there is none.
func (w *World) dataAt(ip string) (eni string, port int32) {
	for _, d := range w.rds.s.Instances.all() {
		if w.addressOf(d.Interface) == ip {
			return d.Interface, cmp.Or(aws.ToInt32(d.Shown.DbInstancePort), portOf(aws.ToString(d.Shown.Engine)))
		}
	}
	for _, g := range w.cache.s.Groups.all() {
		if w.addressOf(g.Interface) == ip {
			return g.Interface, g.Port
		}
	}
	return "", 0
}
