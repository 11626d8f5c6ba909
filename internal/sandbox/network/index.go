package network

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Index implements world.Indexed. Deleted NAT gateways are in the index for as long
// as they are listed, as on AWS.
func (p *EC2) Index(f world.IndexFunc) {
	indexTable(p, &p.s.VPCs, "vpc", f)
	indexTable(p, &p.s.DHCP, "dhcp-options", f)
	indexTable(p, &p.s.Subnets, "subnet", f)
	indexTable(p, &p.s.Gateways, "internet-gateway", f)
	indexTable(p, &p.s.RouteTables, "route-table", f)
	indexTable(p, &p.s.Addresses, "elastic-ip", f)
	indexTable(p, &p.s.NATs, "natgateway", f)
	indexTable(p, &p.s.Endpoints, "vpc-endpoint", f)
	indexTable(p, &p.s.Groups, "security-group", f)
	indexTable(p, &p.s.Templates, "launch-template", f)
}

func indexTable[T any, P interface {
	*T
	object
}](p *EC2, t *world.Table[T], kind string, f world.IndexFunc) {
	for id, r := range t.Rows {
		if !r.Deleted.IsZero() {
			continue
		}
		f(p.account.ARN("ec2", kind+"/"+id), r.Created, world.TagMap(*P(r.Value).tags()))
	}
}
