package network

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// EC2 is the network: VPCs and everything in them. Each kind of object has its
// own file.
type EC2 struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs

	vpcs       *vpcs
	subnets    *subnets
	tables     *tables
	gateways   *gateways
	groups     *groups
	templates  *templates
	Interfaces *Interfaces
	View       *View
}

// Needs are what EC2 needs of other services.
type Needs struct{ Tasks Tasks }

// Tasks are the tasks that have network interfaces.
type Tasks interface {
	// FamilyAt is the family of the task with a network interface, with a space
	// before it; "" when no task has it.
	FamilyAt(eni string) string
}

// state is everything that EC2 holds.
type state struct {
	VPCs         world.Table[vpc]
	DHCP         world.Table[dhcpOptions]
	Subnets      world.Table[subnet]
	Gateways     world.Table[internetGateway]
	RouteTables  world.Table[routeTable]
	Addresses    world.Table[address]
	NATs         world.Table[natGateway]
	Endpoints    world.Table[vpcEndpoint]
	Groups       world.Table[securityGroup]
	Interfaces   world.Table[networkInterface]
	Templates    world.Table[launchTemplate]
	DefaultDHCP  string
	DefaultVPCID string
	// MappedUntil is the time until which AWS still counts public addresses in
	// a VPC after the last interface with one is gone.
	MappedUntil map[string]time.Time
}

// NewEC2 makes the EC2 of an account. Begin makes its default VPC.
func NewEC2(account *world.Account) *EC2 {
	p := &EC2{account: account}
	s := &p.s
	p.subnets = &subnets{account: account, s: s}
	p.tables = &tables{account: account, s: s}
	p.groups = &groups{account: account, s: s}
	p.templates = &templates{account: account, s: s}
	p.vpcs = &vpcs{account: account, s: s, tables: p.tables, groups: p.groups}
	p.Interfaces = &Interfaces{account: account, s: s}
	p.gateways = &gateways{account: account, s: s, interfaces: p.Interfaces}
	p.View = &View{s: s}
	return p
}

// ID implements world.Service.
func (p *EC2) ID() string { return ec2.ServiceID }

// State implements world.Service.
func (p *EC2) State() any { return &p.s }

// Routes implements world.Service.
func (p *EC2) Routes(r *world.Router) {
	for _, f := range []func(*world.Router){
		p.vpcs.vpcRoutes, p.vpcs.dhcpRoutes, p.subnets.subnetRoutes, p.gateways.gatewayRoutes, p.tables.tableRoutes, p.tables.routeRoutes,
		p.tables.associationRoutes, p.gateways.addressRoutes, p.gateways.natRoutes, p.gateways.endpointRoutes, p.groups.groupRoutes,
		p.groups.ruleRoutes, p.Interfaces.interfaceRoutes, p.subnets.zoneRoutes, p.templates.templateRoutes, p.tagRoutes,
	} {
		f(r)
	}
}

// object is what all of EC2's objects have in common.
type object interface {
	// tags are the object's own, to read and to change.
	tags() *[]types.Tag
	// field is the object's value for a filter; false for an unknown filter.
	field(filter string) ([]string, bool)
}

// tagsOf is the tags of any object; nil when there is none with that id.
func (p *EC2) tagsOf(rq *world.Request, id string) *[]types.Tag {
	prefix, _, _ := strings.Cut(id, "-")
	switch prefix {
	case "vpc":
		return tagsIn(rq, &p.s.VPCs, id)
	case "dopt":
		return tagsIn(rq, &p.s.DHCP, id)
	case "subnet":
		return tagsIn(rq, &p.s.Subnets, id)
	case "igw":
		return tagsIn(rq, &p.s.Gateways, id)
	case "rtb":
		return tagsIn(rq, &p.s.RouteTables, id)
	case "eipalloc":
		return tagsIn(rq, &p.s.Addresses, id)
	case "nat":
		return tagsIn(rq, &p.s.NATs, id)
	case "vpce":
		return tagsIn(rq, &p.s.Endpoints, id)
	case "sg":
		return tagsIn(rq, &p.s.Groups, id)
	case "lt":
		return tagsIn(rq, &p.s.Templates, id)
	case "eni":
		return tagsIn(rq, &p.s.Interfaces, id)
	}
	return nil
}

func tagsIn[T any, P interface {
	*T
	object
}](rq *world.Request, t *world.Table[T], id string) *[]types.Tag {
	if v := t.Find(rq, id); v != nil {
		return P(v).tags()
	}
	return nil
}

// missing is EC2's error for an id that it does not know.
func missing(code, what, id string) error {
	return world.APIError(400, code, "The %s ID '%s' does not exist", what, id)
}

// inUse is EC2's error for deleting what others depend on.
func inUse(format string, args ...any) error {
	return world.APIError(400, "DependencyViolation", format, args...)
}

// badValue is EC2's error for a value that it does not accept.
func badValue(format string, args ...any) error {
	return world.APIError(400, "InvalidParameterValue", format, args...)
}

// done is the answer of operations that answer true.
func done() *bool { return aws.Bool(true) }
