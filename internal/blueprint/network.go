package blueprint

import (
	"errors"
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/engine"
)

// network is the VPC as other stages use it, whether berth makes it or the file
// names an existing one.
type network struct {
	// identity distinguishes VPCs even before they exist.
	identity        string
	vpc             engine.Ref
	public, private []engine.Ref
	// tasks are the subnets that tasks run in; with publicIPs they have public
	// addresses there.
	tasks     []engine.Ref
	publicIPs bool
	// gateway is the internet gateway; nil in an existing VPC.
	gateway *engine.Node
	// egress are the resources that a task needs to reach the internet.
	egress []*engine.Node
}

// zoneNames are the zones' names in the graph. They count the zones and are not
// AWS's letters, which differ between accounts.
func zoneNames() []string { return []string{"a", "b", "c"} }

// network is the stage of the network: an existing VPC, or a new one with its
// subnets and their routes to the internet.
func (e environment) network() (network, error) {
	s := e.spec.Settings
	if s.VPC.Value != "" {
		return e.existingNetwork()
	}
	zones := s.Zones.Value
	if zones < 1 || zones > len(zoneNames()) {
		return network{}, fmt.Errorf("%d zones: want 1 to %d", zones, len(zoneNames()))
	}
	if len(e.facts.Zones) < zones {
		return network{}, fmt.Errorf("%s asks for %d zones, but region %s has %d", s.Zones.Origin, zones, e.facts.Region, len(e.facts.Zones))
	}
	cidr := s.CIDR.Value
	if cidr == "" {
		cidr = e.facts.CIDR
	}
	if cidr == "" {
		return network{}, errors.New("no range has been chosen for the VPC")
	}
	return e.newNetwork(cidr, zones)
}

// existingNetwork is the existing VPC that the file names, which is never changed.
func (e environment) existingNetwork() (network, error) {
	s := e.spec.Settings
	net := network{
		identity: s.VPC.Value,
		vpc:      engine.Lit(s.VPC.Value),
		public:   engine.Lits(s.PublicSubnets.Value...),
		private:  engine.Lits(s.PrivateSubnets.Value...),
	}
	if len(net.private) == 0 {
		// Databases and file systems get no public addresses there either.
		net.private = net.public
	}
	if e.placeTasks(&net); len(net.tasks) == 0 {
		return network{}, fmt.Errorf("tasks run in %s subnets, but the file names none for %s", s.TaskSubnets.Value, s.VPC.Value)
	}
	return net, nil
}

// placeTasks chooses the subnets that tasks run in.
func (e environment) placeTasks(net *network) {
	net.tasks, net.publicIPs = net.public, true
	if e.privateTasks() {
		net.tasks, net.publicIPs = net.private, false
	}
}

func (e environment) privateTasks() bool {
	return e.spec.Settings.TaskSubnets.Value == app.SubnetsPrivate
}

func (e environment) newNetwork(cidr string, zones int) (network, error) {
	vpc := e.add("main", ec2.VPC{CIDR: cidr, DNSHostnames: true, DNSSupport: true})
	net := network{identity: cidr, vpc: vpc.ID()}
	if domain := e.spec.SearchDomain; domain != "" {
		net.egress = append(net.egress, e.add("main", ec2.DHCPOptions{VPC: vpc.ID(), Domain: domain}))
	}
	net.gateway = e.add("main", ec2.InternetGateway{VPC: vpc.ID()})

	public := e.add("public", ec2.RouteTable{VPC: vpc.ID()})
	out := e.add("public-internet", ec2.Route{
		RouteTable: public.ID(), Destination: "0.0.0.0/0", InternetGateway: net.gateway.ID(),
	})
	net.egress = append(net.egress, out)
	tables := []engine.Ref{public.ID()}
	private := e.addPrivateTables(vpc, zones)
	for i, zone := range zoneNames()[:zones] {
		outer, inner, err := subnetPair(cidr, i, vpc.ID(), e.facts.Zones[i])
		if err != nil {
			return network{}, err
		}
		net.public = append(net.public, e.addSubnet(&net, "public-"+zone, outer, public, !e.privateTasks() || i < e.gateways()))
		table := private[min(i, len(private)-1)]
		net.private = append(net.private, e.addSubnet(&net, "private-"+zone, inner, table, e.privateTasks()))
	}
	for _, table := range private {
		tables = append(tables, table.ID())
	}
	e.addNAT(&net, private)
	s3 := e.add("s3", ec2.VPCEndpoint{
		VPC: vpc.ID(), Service: "com.amazonaws." + e.facts.Region + ".s3", RouteTables: tables,
	})
	// A new gateway endpoint breaks open connections to S3, so it must exist before
	// the first image is pulled.
	net.egress = append(net.egress, s3)
	e.placeTasks(&net)
	return net, nil
}

func subnetPair(cidr string, i int, vpc engine.Ref, zone string) (public, private ec2.Subnet, err error) {
	outer, inner, err := subnetCIDRs(cidr, i)
	if err != nil {
		return ec2.Subnet{}, ec2.Subnet{}, err
	}
	return ec2.Subnet{VPC: vpc, CIDR: outer, Zone: zone}, ec2.Subnet{VPC: vpc, CIDR: inner, Zone: zone}, nil
}

// addSubnet adds a subnet with its route table; used says that traffic of tasks goes
// through it.
func (e environment) addSubnet(net *network, name string, s ec2.Subnet, table *engine.Node, used bool) engine.Ref {
	subnet := e.add(name, s)
	link := e.add(name, ec2.RouteTableAssociation{RouteTable: table.ID(), Subnet: subnet.ID()})
	if used {
		net.egress = append(net.egress, link)
	}
	return subnet.ID()
}

// gateways is the number of NAT gateways; they are in the first zones.
func (e environment) gateways() int {
	switch e.spec.Settings.NAT.Value {
	case app.NATSingle:
		return 1
	case app.NATPerZone:
		return e.spec.Settings.Zones.Value
	}
	return 0
}

// addPrivateTables adds the route tables of the private subnets: one for each zone
// if each zone has a NAT gateway, else one for all.
func (e environment) addPrivateTables(vpc *engine.Node, zones int) []*engine.Node {
	if e.gateways() <= 1 {
		return []*engine.Node{e.add("private", ec2.RouteTable{VPC: vpc.ID()})}
	}
	var tables []*engine.Node
	for _, zone := range zoneNames()[:zones] {
		tables = append(tables, e.add("private-"+zone, ec2.RouteTable{VPC: vpc.ID()}))
	}
	return tables
}

// addNAT adds the NAT gateways and the routes of the private subnets to them.
func (e environment) addNAT(net *network, private []*engine.Node) {
	gateways := make([]*engine.Node, e.gateways())
	for i := range gateways {
		// AWS fails a NAT gateway whose VPC has no internet gateway yet.
		gateways[i] = e.add(zoneNames()[i], ec2.NATGateway{
			Subnet: net.public[i], Allocation: e.natAddress(i),
		}).After(net.gateway, engine.Created)
	}
	if len(gateways) == 0 {
		return
	}
	for i, table := range private {
		route := e.add(table.Address.Name+"-nat", ec2.Route{
			RouteTable: table.ID(), Destination: "0.0.0.0/0", NATGateway: gateways[i].ID().WhenReady(),
		})
		if e.privateTasks() {
			net.egress = append(net.egress, route)
		}
	}
}

// natAddress is the allocation of a NAT gateway's address: an existing one, which
// outlives the gateway, or one that berth allocates.
func (e environment) natAddress(i int) engine.Ref {
	if addresses := e.spec.Settings.ElasticIPs.Value; i < len(addresses) {
		return engine.Lit(addresses[i])
	}
	return e.add("nat-"+zoneNames()[i], ec2.ElasticIP{}).ID()
}
