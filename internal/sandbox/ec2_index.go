package sandbox

// index implements indexed. Deleted NAT gateways are in the index for as long
// as they are listed, as on AWS.
func (p *ec2Part) index(f indexFunc) {
	indexEC2(p, &p.s.VPCs, "vpc", f)
	indexEC2(p, &p.s.DHCP, "dhcp-options", f)
	indexEC2(p, &p.s.Subnets, "subnet", f)
	indexEC2(p, &p.s.Gateways, "internet-gateway", f)
	indexEC2(p, &p.s.RouteTables, "route-table", f)
	indexEC2(p, &p.s.Addresses, "elastic-ip", f)
	indexEC2(p, &p.s.NATs, "natgateway", f)
	indexEC2(p, &p.s.Endpoints, "vpc-endpoint", f)
	indexEC2(p, &p.s.Groups, "security-group", f)
}

func indexEC2[T any, P interface {
	*T
	ec2Object
}](p *ec2Part, t *table[T], kind string, f indexFunc) {
	for id, r := range t.Rows {
		if !r.Deleted.IsZero() {
			continue
		}
		f(p.account.arn("ec2", kind+"/"+id), r.Created, tagMap(*P(r.Value).tags()))
	}
}
