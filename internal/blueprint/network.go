package blueprint

import (
	"errors"
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/engine"
)

// network is what the rest of the graph needs of the VPC, whether berth makes
// it or the user named one.
type network struct {
	// identity tells one VPC from another before it exists.
	identity        string
	vpc             engine.Ref
	public, private []engine.Ref
	// gateway is the internet gateway; nil in a VPC of the user's.
	gateway *engine.Node
	// egress is what a task needs before it can reach the internet.
	egress []*engine.Node
}

// zoneNames are what subnets are called by: a zone's place, not its letter in
// AWS, which differs between accounts.
func zoneNames() []string { return []string{"a", "b", "c"} }

func (b *builder) addNetwork() error {
	s := b.app.Settings
	if s.VPC.Value != "" {
		return b.useNetwork()
	}
	zones := s.Zones.Value
	if zones < 1 || zones > len(zoneNames()) {
		return fmt.Errorf("%d zones: want 1 to %d", zones, len(zoneNames()))
	}
	if len(b.facts.Zones) < zones {
		return fmt.Errorf("%d zones are asked for (%s), region %s has %d", zones, s.Zones.Origin, b.facts.Region, len(b.facts.Zones))
	}
	cidr := s.CIDR.Value
	if cidr == "" {
		cidr = b.facts.CIDR
	}
	if cidr == "" {
		return errors.New("no range has been chosen for the VPC")
	}
	return b.makeNetwork(cidr, zones)
}

// useNetwork takes the user's own VPC, of which nothing is changed.
func (b *builder) useNetwork() error {
	s := b.app.Settings
	b.net = network{
		identity: s.VPC.Value,
		vpc:      engine.Lit(s.VPC.Value),
		public:   engine.Lits(s.PublicSubnets.Value...),
		private:  engine.Lits(s.PrivateSubnets.Value...),
	}
	if len(b.net.private) == 0 {
		// Databases and file systems have no public addresses there either.
		b.net.private = b.net.public
	}
	if len(b.taskSubnets()) == 0 {
		return fmt.Errorf("tasks run in %s subnets, and none are named for %s", s.TaskSubnets.Value, s.VPC.Value)
	}
	return nil
}

func (b *builder) makeNetwork(cidr string, zones int) error {
	vpc := b.graph.Add(b.env, "main", ec2.VPC{CIDR: cidr, DNSHostnames: true, DNSSupport: true})
	b.net = network{identity: cidr, vpc: vpc.ID()}
	if !b.app.Shared {
		dhcp := b.graph.Add(b.env, "main", ec2.DHCPOptions{VPC: vpc.ID(), Domain: Domain(b.app)})
		b.net.egress = append(b.net.egress, dhcp)
	}
	b.net.gateway = b.graph.Add(b.env, "main", ec2.InternetGateway{VPC: vpc.ID()})

	public := b.graph.Add(b.env, "public", ec2.RouteTable{VPC: vpc.ID()})
	out := b.graph.Add(b.env, "public-internet", ec2.Route{
		RouteTable: public.ID(), Destination: "0.0.0.0/0", InternetGateway: b.net.gateway.ID(),
	})
	b.net.egress = append(b.net.egress, out)
	tables := []engine.Ref{public.ID()}
	private := b.addPrivateTables(vpc, zones)
	for i, zone := range zoneNames()[:zones] {
		outer, inner, err := subnetPair(cidr, i, vpc.ID(), b.facts.Zones[i])
		if err != nil {
			return err
		}
		b.net.public = append(b.net.public, b.addSubnet("public-"+zone, outer, public, !b.privateTasks() || i < b.gateways()))
		table := private[min(i, len(private)-1)]
		b.net.private = append(b.net.private, b.addSubnet("private-"+zone, inner, table, b.privateTasks()))
	}
	for _, table := range private {
		tables = append(tables, table.ID())
	}
	b.addNAT(private)
	s3 := b.graph.Add(b.env, "s3", ec2.VPCEndpoint{
		VPC: vpc.ID(), Service: "com.amazonaws." + b.facts.Region + ".s3", RouteTables: tables,
	})
	// A new gateway endpoint breaks connections to S3 that are open, so it
	// comes before the first image is pulled.
	b.net.egress = append(b.net.egress, s3)
	return nil
}

func subnetPair(cidr string, i int, vpc engine.Ref, zone string) (public, private ec2.Subnet, err error) {
	outer, inner, err := subnetCIDRs(cidr, i)
	if err != nil {
		return ec2.Subnet{}, ec2.Subnet{}, err
	}
	return ec2.Subnet{VPC: vpc, CIDR: outer, Zone: zone}, ec2.Subnet{VPC: vpc, CIDR: inner, Zone: zone}, nil
}

// addSubnet adds a subnet with its route table; used says that tasks' packets
// go through it.
func (b *builder) addSubnet(name string, s ec2.Subnet, table *engine.Node, used bool) engine.Ref {
	subnet := b.graph.Add(b.env, name, s)
	link := b.graph.Add(b.env, name, ec2.RouteTableAssociation{RouteTable: table.ID(), Subnet: subnet.ID()})
	if used {
		b.net.egress = append(b.net.egress, link)
	}
	return subnet.ID()
}

// gateways is the number of NAT gateways; they are in the first zones.
func (b *builder) gateways() int {
	switch b.app.Settings.NAT.Value {
	case app.NATSingle:
		return 1
	case app.NATPerZone:
		return b.app.Settings.Zones.Value
	}
	return 0
}

// addPrivateTables adds the route tables of the private subnets: one for each
// zone where each has a NAT gateway of its own, else one for all.
func (b *builder) addPrivateTables(vpc *engine.Node, zones int) []*engine.Node {
	if b.gateways() <= 1 {
		return []*engine.Node{b.graph.Add(b.env, "private", ec2.RouteTable{VPC: vpc.ID()})}
	}
	var tables []*engine.Node
	for _, zone := range zoneNames()[:zones] {
		tables = append(tables, b.graph.Add(b.env, "private-"+zone, ec2.RouteTable{VPC: vpc.ID()}))
	}
	return tables
}

// addNAT adds the NAT gateways and the private subnets' way to them.
func (b *builder) addNAT(private []*engine.Node) {
	gateways := make([]*engine.Node, b.gateways())
	for i := range gateways {
		zone := zoneNames()[i]
		// AWS fails a NAT gateway whose VPC has no internet gateway yet.
		gateways[i] = b.graph.Add(b.env, zone, ec2.NATGateway{
			Subnet: b.net.public[i], Allocation: b.natAddress(i),
		}).After(b.net.gateway, engine.Created)
	}
	if len(gateways) == 0 {
		return
	}
	for i, table := range private {
		route := b.graph.Add(b.env, table.Address.Name+"-nat", ec2.Route{
			RouteTable: table.ID(), Destination: "0.0.0.0/0", NATGateway: gateways[i].ID().WhenReady(),
		})
		if b.privateTasks() {
			b.net.egress = append(b.net.egress, route)
		}
	}
}

func (b *builder) privateTasks() bool {
	return b.app.Settings.TaskSubnets.Value == app.SubnetsPrivate
}

// taskSubnets are the subnets that tasks run in.
func (b *builder) taskSubnets() []engine.Ref {
	if b.privateTasks() {
		return b.net.private
	}
	return b.net.public
}
