package sandbox

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// ec2Part is the network: VPCs and everything in them. Each kind of object has
// a file of its own.
type ec2Part struct {
	account *Account
	s       ec2State
	// Needs is set before the first call.
	Needs ec2Needs

	vpcs       *ec2VPCs
	subnets    *ec2Subnets
	tables     *ec2Tables
	gateways   *ec2Gateways
	groups     *ec2Groups
	Interfaces *ec2Interfaces
	View       *ec2View
}

// ec2Needs are what EC2 needs of other services.
type ec2Needs struct{ Tasks ec2Tasks }

// ec2Tasks are the tasks that have network interfaces.
type ec2Tasks interface {
	// FamilyAt is the family of the task with a network interface, with a space
	// before it; "" when no task has it.
	FamilyAt(eni string) string
}

// ec2State is everything that EC2 holds.
type ec2State struct {
	VPCs         table[vpc]
	DHCP         table[dhcpOptions]
	Subnets      table[subnet]
	Gateways     table[internetGateway]
	RouteTables  table[routeTable]
	Addresses    table[address]
	NATs         table[natGateway]
	Endpoints    table[vpcEndpoint]
	Groups       table[securityGroup]
	Interfaces   table[networkInterface]
	DefaultDHCP  string
	DefaultVPCID string
	// MappedUntil is how long AWS believes that a VPC has public addresses,
	// after the last interface that had one.
	MappedUntil map[string]time.Time
}

func newEC2(account *Account) *ec2Part {
	p := &ec2Part{account: account}
	p.vpcs = &ec2VPCs{account: p.account, s: &p.s}
	p.subnets = &ec2Subnets{account: p.account, s: &p.s}
	p.tables = &ec2Tables{account: p.account, s: &p.s}
	p.gateways = &ec2Gateways{account: p.account, s: &p.s}
	p.groups = &ec2Groups{account: p.account, s: &p.s}
	p.Interfaces = &ec2Interfaces{account: p.account, s: &p.s}
	p.View = &ec2View{account: p.account, s: &p.s}
	p.vpcs.tables = p.tables
	p.vpcs.groups = p.groups
	p.gateways.Interfaces = p.Interfaces
	return p
}

// ID implements Service.
func (p *ec2Part) ID() string { return ec2.ServiceID }

func (p *ec2Part) State() any { return &p.s }

func (p *ec2Part) Routes(r *router) {
	for _, f := range []func(*router){
		p.vpcs.vpcRoutes, p.vpcs.dhcpRoutes, p.subnets.subnetRoutes, p.gateways.gatewayRoutes, p.tables.tableRoutes, p.tables.routeRoutes,
		p.tables.associationRoutes, p.gateways.addressRoutes, p.gateways.natRoutes, p.gateways.endpointRoutes, p.groups.groupRoutes,
		p.groups.ruleRoutes, p.Interfaces.interfaceRoutes, p.subnets.zoneRoutes, p.tagRoutes,
	} {
		f(r)
	}
}

// ec2Object is what all of EC2's objects have in common.
type ec2Object interface {
	// tags are the object's own, to read and to change.
	tags() *[]types.Tag
	// field is the object's value for a filter; false for an unknown filter.
	field(filter string) ([]string, bool)
}

// tagsOf is the tags of any object; nil when there is none with that id.
func (p *ec2Part) tagsOf(rq *request, id string) *[]types.Tag {
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
	case "eni":
		return tagsIn(rq, &p.s.Interfaces, id)
	}
	return nil
}

func tagsIn[T any, P interface {
	*T
	ec2Object
}](rq *request, t *table[T], id string) *[]types.Tag {
	if v := t.find(rq, id); v != nil {
		return P(v).tags()
	}
	return nil
}

// missing is EC2's error for an id that it does not know.
func missing(code, what, id string) error {
	return apiError(400, code, "The %s ID '%s' does not exist", what, id)
}

// inUse is EC2's error for deleting what others depend on.
func inUse(format string, args ...any) error {
	return apiError(400, "DependencyViolation", format, args...)
}

// badValue is EC2's error for a value that it does not take.
func badValue(format string, args ...any) error {
	return apiError(400, "InvalidParameterValue", format, args...)
}

// done is the answer of operations that answer true.
func done() *bool { return aws.Bool(true) }
