package balancing

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxBalancers is the quota of application load balancers in a region.
const maxBalancers = 50

// elbName matches the names of balancers and target groups.
var elbName = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$`)

func checkName(kind, name string) error {
	if !elbName.MatchString(name) {
		return invalid("The %s name '%s' must be at most 32 letters, digits and hyphens, "+
			"and must not begin or end with a hyphen", kind, name)
	}
	return nil
}

// balancers are the load balancers.
type balancers struct {
	account   *world.Account
	s         *state
	needs     *Needs
	listeners *listeners
}

func (p *balancers) createLoadBalancer(rq *world.Request, in *elb.CreateLoadBalancerInput) (*elb.CreateLoadBalancerOutput, error) {
	name := aws.ToString(in.Name)
	if err := checkName("load balancer", name); err != nil {
		return nil, err
	}
	if strings.HasPrefix(name, "internal-") {
		return nil, invalid("The load balancer name '%s' must not begin with 'internal-'", name)
	}
	if in.Type == types.LoadBalancerTypeEnumGateway {
		return nil, world.APIError(400, "UnsupportedOperation", "the sandbox knows no gateway load balancers")
	}
	network := in.Type == types.LoadBalancerTypeEnumNetwork
	subnets := slices.Clone(in.Subnets)
	for _, m := range in.SubnetMappings {
		subnets = append(subnets, aws.ToString(m.SubnetId))
	}
	want := &balancer{
		Name: name, Network: network, Scheme: cmp.Or(in.Scheme, types.LoadBalancerSchemeEnumInternetFacing),
		AddressType: cmp.Or(in.IpAddressType, types.IpAddressTypeIpv4),
		Created:     rq.Now, Active: rq.Now.Add(p.account.Takes(activeStep(network))),
		Subnets: subnets, SecurityGroups: slices.Clone(in.SecurityGroups),
		Attributes: balancerDefaults(network), Tags: world.TagMap(in.Tags),
	}
	if err := p.place(rq, want); err != nil {
		return nil, err
	}
	if err := p.checkGroups(rq, want.VPC, want.SecurityGroups); err != nil {
		return nil, err
	}
	for _, b := range p.s.Balancers.All() {
		if b.Name != name {
			continue
		}
		// As on AWS, a name with the same settings silently returns the
		// existing balancer.
		if b.Scheme == want.Scheme && b.Network == network && sameSet(b.Subnets, want.Subnets) &&
			sameSet(b.SecurityGroups, want.SecurityGroups) && b.AddressType == want.AddressType {
			return &elb.CreateLoadBalancerOutput{LoadBalancers: []types.LoadBalancer{p.shown(rq, b)}}, nil
		}
		return nil, &types.DuplicateLoadBalancerNameException{
			Message: aws.String(fmt.Sprintf("A load balancer with the same name '%s' exists, but with different settings", name)),
		}
	}
	if p.countBalancers(network) >= p.account.Quota(balancerQuota(network), maxBalancers) {
		return nil, &types.TooManyLoadBalancersException{Message: aws.String("The quota of load balancers has been reached")}
	}
	if err := p.needs.Roles.EnsureLinkedRole(rq, "elasticloadbalancing.amazonaws.com"); err != nil {
		return nil, err
	}
	p.name(want)
	p.attach(want, want.Subnets)
	p.s.Balancers.Put(p.account, rq.Now, want.ARN, want)
	return &elb.CreateLoadBalancerOutput{LoadBalancers: []types.LoadBalancer{p.shown(rq, want)}}, nil
}

// name gives a new balancer its ARN and its host name.
func (p *balancers) name(b *balancer) {
	b.ARN = p.account.ARN("elasticloadbalancing", "loadbalancer/"+kindPath(b.Network)+"/"+b.Name+"/"+p.account.NewHex("load-balancer", 16))
	if b.Network {
		b.DNS = b.Name + "-" + b.ARN[strings.LastIndexByte(b.ARN, '/')+1:] + ".elb." + p.account.Region() + ".amazonaws.com"
		return
	}
	sum := p.account.Hash("balancer-dns", b.ARN)
	number := 1_000_000_000 + (int(sum[0])<<16|int(sum[1])<<8|int(sum[2]))*50
	b.DNS = fmt.Sprintf("%s-%d.%s.elb.amazonaws.com", b.Name, number, p.account.Region())
	if b.Scheme == types.LoadBalancerSchemeEnumInternal {
		b.DNS = "internal-" + b.DNS
	}
}

// place checks the subnets and finds their VPC.
func (p *balancers) place(rq *world.Request, b *balancer) error {
	zones := map[string]bool{}
	for _, id := range b.Subnets {
		vpc, zone, ok := p.needs.Network.FindSubnet(rq, id)
		if !ok {
			return &types.SubnetNotFoundException{Message: aws.String(fmt.Sprintf("The subnet ID '%s' does not exist", id))}
		}
		if zones[zone] {
			return &types.InvalidConfigurationRequestException{Message: aws.String(
				"A load balancer cannot be attached to multiple subnets in the same Availability Zone")}
		}
		if !p.account.HasBalancers(zone) {
			return invalid("The following Availability Zones %s cannot be associated with a load balancer. "+
				"Please try a different Availability Zone.", zone)
		}
		if b.VPC != "" && b.VPC != vpc {
			return &types.InvalidConfigurationRequestException{Message: aws.String("The subnets must belong to one VPC")}
		}
		zones[zone], b.VPC = true, vpc
	}
	if len(zones) == 0 {
		return invalid("At least one subnet must be specified")
	}
	if len(zones) < 2 && !b.Network {
		return invalid("At least two subnets in two different Availability Zones must be specified")
	}
	if b.Scheme == types.LoadBalancerSchemeEnumInternetFacing && !p.needs.Network.FindGateway(rq, b.VPC) {
		return &types.InvalidSubnetException{Message: aws.String(fmt.Sprintf("VPC %s has no internet gateway", b.VPC))}
	}
	return nil
}

func (p *balancers) checkGroups(rq *world.Request, vpc string, groups []string) error {
	for _, id := range groups {
		if have, ok := p.needs.Network.FindGroup(rq, id); !ok || have != vpc {
			return &types.InvalidSecurityGroupException{Message: aws.String("One or more security groups are invalid")}
		}
	}
	return nil
}

// attach makes the balancer's interfaces in subnets that have none.
func (p *balancers) attach(b *balancer, subnets []string) {
	if b.Interfaces == nil {
		b.Interfaces = map[string]string{}
	}
	public := b.Scheme == types.LoadBalancerSchemeEnumInternetFacing
	text := "ELB " + kindPath(b.Network) + "/" + b.Name + "/" + b.ARN[strings.LastIndex(b.ARN, "/")+1:]
	for _, s := range subnets {
		if b.Interfaces[s] == "" {
			b.Interfaces[s] = p.needs.Interfaces.Attach("elb", s, b.SecurityGroups, public, text)
		}
	}
}

func (p *balancers) deleteLoadBalancer(rq *world.Request, in *elb.DeleteLoadBalancerInput) (*elb.DeleteLoadBalancerOutput, error) {
	arn := aws.ToString(in.LoadBalancerArn)
	b := p.s.Balancers.Get(arn)
	if b == nil {
		return &elb.DeleteLoadBalancerOutput{}, nil
	}
	if b.Attributes["deletion_protection.enabled"] == "true" {
		return nil, &types.OperationNotPermittedException{Message: aws.String(fmt.Sprintf(
			"Load balancer '%s' cannot be deleted because deletion protection is enabled", arn))}
	}
	for _, l := range p.s.Listeners.All() {
		if l.Balancer == arn {
			p.listeners.dropListener(rq, l)
		}
	}
	p.s.Balancers.Remove(rq.Now, arn)
	for _, subnet := range slices.Sorted(maps.Keys(b.Interfaces)) {
		p.needs.Interfaces.Release(b.Interfaces[subnet], rq.Now.Add(p.account.Takes(world.BalancerInterfaces)))
	}
	return &elb.DeleteLoadBalancerOutput{}, nil
}

func (p *balancers) describeLoadBalancers(rq *world.Request, in *elb.DescribeLoadBalancersInput) (*elb.DescribeLoadBalancersOutput, error) {
	var found []types.LoadBalancer
	seen := map[string]bool{}
	for _, b := range p.s.Balancers.List(rq) {
		if len(in.Names)+len(in.LoadBalancerArns) == 0 || slices.Contains(in.Names, b.Name) || slices.Contains(in.LoadBalancerArns, b.ARN) {
			found = append(found, p.shown(rq, b))
			seen[b.Name], seen[b.ARN] = true, true
		}
	}
	for _, id := range slices.Concat(in.Names, in.LoadBalancerArns) {
		if !seen[id] {
			return nil, noBalancer(id)
		}
	}
	page, next, err := page(found, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elb.DescribeLoadBalancersOutput{LoadBalancers: page, NextMarker: next}, nil
}

func (p *balancers) shown(rq *world.Request, b *balancer) types.LoadBalancer {
	state := types.LoadBalancerStateEnumProvisioning
	if !rq.Now.Before(b.Active) {
		state = types.LoadBalancerStateEnumActive
	}
	out := types.LoadBalancer{
		LoadBalancerArn: aws.String(b.ARN), LoadBalancerName: aws.String(b.Name), DNSName: aws.String(b.DNS),
		CanonicalHostedZoneId: aws.String(balancerZone(b.Network)), CreatedTime: aws.Time(b.Created), Scheme: b.Scheme,
		IpAddressType: b.AddressType, Type: kindOf(b.Network), VpcId: aws.String(b.VPC),
		SecurityGroups: slices.Clone(b.SecurityGroups), State: &types.LoadBalancerState{Code: state},
	}
	for _, id := range b.Subnets {
		out.AvailabilityZones = append(out.AvailabilityZones, types.AvailabilityZone{
			SubnetId: aws.String(id), ZoneName: aws.String(p.needs.Reach.Zone(id)), LoadBalancerAddresses: []types.LoadBalancerAddress{},
		})
	}
	return out
}

func (p *balancers) setSubnets(rq *world.Request, in *elb.SetSubnetsInput) (*elb.SetSubnetsOutput, error) {
	b := p.s.Balancers.Find(rq, aws.ToString(in.LoadBalancerArn))
	if b == nil {
		return nil, noBalancer(aws.ToString(in.LoadBalancerArn))
	}
	want := &balancer{Subnets: slices.Clone(in.Subnets), Network: b.Network, Scheme: b.Scheme, VPC: b.VPC}
	for _, m := range in.SubnetMappings {
		want.Subnets = append(want.Subnets, aws.ToString(m.SubnetId))
	}
	if err := p.place(rq, want); err != nil {
		return nil, err
	}
	for subnet, id := range b.Interfaces {
		if !slices.Contains(want.Subnets, subnet) {
			p.needs.Interfaces.Release(id, rq.Now.Add(p.account.Takes(world.BalancerInterfaces)))
			delete(b.Interfaces, subnet)
		}
	}
	b.Subnets = want.Subnets
	p.attach(b, b.Subnets)
	return &elb.SetSubnetsOutput{AvailabilityZones: p.shown(rq, b).AvailabilityZones, IpAddressType: b.AddressType}, nil
}

func (p *balancers) setSecurityGroups(rq *world.Request, in *elb.SetSecurityGroupsInput) (*elb.SetSecurityGroupsOutput, error) {
	b := p.s.Balancers.Find(rq, aws.ToString(in.LoadBalancerArn))
	if b == nil {
		return nil, noBalancer(aws.ToString(in.LoadBalancerArn))
	}
	if err := p.checkGroups(rq, b.VPC, in.SecurityGroups); err != nil {
		return nil, err
	}
	if err := networkGroups(b, in.SecurityGroups); err != nil {
		return nil, err
	}
	b.SecurityGroups = slices.Clone(in.SecurityGroups)
	for _, id := range b.Interfaces {
		p.needs.Interfaces.SetGroups(id, b.SecurityGroups)
	}
	return &elb.SetSecurityGroupsOutput{SecurityGroupIds: b.SecurityGroups}, nil
}

// sameSet reports whether two lists have the same members.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
