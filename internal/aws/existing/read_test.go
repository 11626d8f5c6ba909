package existing_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/sandbox"
)

// account is the account's default VPC, with public subnets in zones a, b and
// c, and a second VPC in the state of a new VPC: no DNS names, no route to the
// internet.
type account struct {
	*testing.T
	existing.Clients
	world     *sandbox.World
	vpc, bare string
	public    []string
	// one and two are subnets of the bare VPC in one zone.
	one, two string
	group    string
}

func open(t *testing.T) *account {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	cfg := w.Config()
	gate.New(gate.Options{Clock: w.Clock()}).Attach(&cfg)
	a := &account{T: t, world: w, Clients: existing.Clients{
		EC2: ec2.NewFromConfig(cfg), ECS: ecs.NewFromConfig(cfg), ELB: elb.NewFromConfig(cfg), IAM: iam.NewFromConfig(cfg),
		S3: s3.NewFromConfig(cfg), S3Files: s3files.NewFromConfig(cfg),
	}}
	vpcs, err := a.EC2.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	a.vpc = *must(a, vpcs, err).Vpcs[0].VpcId
	subnets, err := a.EC2.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{})
	for _, s := range must(a, subnets, err).Subnets {
		a.public = append(a.public, *s.SubnetId)
	}
	bare, err := a.EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("100.64.0.0/16")})
	a.bare = *must(a, bare, err).Vpc.VpcId
	for i, id := range []*string{&a.one, &a.two} {
		s, err := a.EC2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: &a.bare, AvailabilityZone: aws.String("eu-central-1a"), CidrBlock: aws.String([]string{"100.64.0.0/24", "100.64.1.0/24"}[i]),
		})
		*id = *must(a, s, err).Subnet.SubnetId
	}
	group, err := a.EC2.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{VpcId: &a.vpc, GroupName: aws.String("g"), Description: aws.String("g")})
	a.group = *must(a, group, err).GroupId
	return a
}

func must[T any](a *account, out T, err error) T {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
	time.Sleep(time.Second)
	return out
}

// listed returns l at once.
func listed(l existing.Listed) func(context.Context) (existing.Listed, error) {
	return func(context.Context) (existing.Listed, error) { return l, nil }
}

// names returns the Names for a reading, after change.
func (a *account) names(change func(*existing.Names)) existing.Names {
	n := existing.Names{VPC: a.vpc, Public: a.public[:2], Region: "eu-central-1"}
	change(&n)
	return n
}

func TestWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(a *account, n *existing.Names)
		// problems and notices are parts of the expected remarks, in any order.
		problems, notices []string
	}{
		{"nothing", func(*account, *existing.Names) {}, nil, nil},
		{"no such VPC", func(_ *account, n *existing.Names) { n.VPC = "vpc-00000000" }, []string{"there is no such VPC"}, nil},
		{"a VPC without names", func(a *account, n *existing.Names) { n.VPC, n.Public, n.Private = a.bare, nil, []string{a.one} },
			[]string{"enableDnsHostnames is off"}, nil},
		{"two in a zone", func(a *account, n *existing.Names) { n.VPC, n.Public, n.Private = a.bare, nil, []string{a.one, a.two} },
			[]string{"enableDnsHostnames", "a load balancer and a file system take one private subnet in each zone"}, nil},
		{"not public", func(a *account, n *existing.Names) { n.VPC, n.Public = a.bare, []string{a.one} },
			[]string{"enableDnsHostnames", "it is not public: its packets to 0.0.0.0/0 go to nowhere"}, nil},
		{"not private", func(a *account, n *existing.Names) { n.Private = a.public[2:] }, []string{"it is public"}, nil},
		{"of another VPC", func(a *account, n *existing.Names) { n.Private = []string{a.one} }, []string{"and network.vpc is"}, nil},
		{"closed and used", func(a *account, n *existing.Names) {
			n.VPC, n.Public, n.Private, n.PrivateTasks = a.bare, nil, []string{a.one}, true
		}, []string{"enableDnsHostnames"}, []string{"no endpoint for ecr.api, ecr.dkr, s3, logs"}},
		{"groups", func(a *account, n *existing.Names) { n.SecurityGroups = []string{a.group, "sg-00000000"} }, []string{"no such security group"}, nil},
		{"a group of another VPC", func(a *account, n *existing.Names) {
			n.VPC, n.Public, n.SecurityGroups = a.bare, nil, []string{a.group}
		},
			[]string{"enableDnsHostnames", "and network.vpc is"}, nil},
		{"a cluster", func(_ *account, n *existing.Names) { n.Cluster = "none" }, []string{"no such active cluster"}, nil},
		{"a cluster elsewhere", func(_ *account, n *existing.Names) { n.Cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/a" },
			[]string{"it is in us-east-1, not in eu-central-1"}, nil},
		{"a role", func(_ *account, n *existing.Names) { n.Roles = []string{"arn:aws:iam::123456789012:role/none"} }, []string{"no such role"}, nil},
		{"an address", func(_ *account, n *existing.Names) { n.ElasticIPs = []string{"eipalloc-00000000"} }, []string{"no such Elastic IP"}, nil},
		{"a balancer", func(_ *account, n *existing.Names) {
			n.LoadBalancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/none/0123456789abcdef"
		}, []string{"no such load balancer"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := open(t)
				got, err := existing.Read(t.Context(), a.Clients, a.names(func(n *existing.Names) { tt.change(a, n) }))
				if err != nil {
					t.Fatal(err)
				}
				says(t, "problems", got.Problems, tt.problems)
				says(t, "notices", got.Notices, tt.notices)
				for _, p := range got.Problems {
					if p.ID == "" || p.Remedy == "" || p.Key == "" {
						t.Errorf("not complete: %+v", p)
					}
				}
			})
		})
	}
}

// says checks that each part is in one of the remarks, and that there are no
// other remarks.
func says(t *testing.T, what string, got []existing.Remark, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %+v, want %q", what, got, want)
		return
	}
	for _, part := range want {
		if !slices.ContainsFunc(got, func(r existing.Remark) bool { return strings.Contains(r.What, part) }) {
			t.Errorf("%s: %+v, want %q", what, got, part)
		}
	}
}

func TestAnExistingBalancer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := open(t)
		lb, err := a.ELB.CreateLoadBalancer(t.Context(), &elb.CreateLoadBalancerInput{
			Name: aws.String("team"), Subnets: a.public[:2], SecurityGroups: []string{a.group},
		})
		arn := must(a, lb, err).LoadBalancers[0].LoadBalancerArn
		fixed := []elbtypes.Action{{Type: elbtypes.ActionTypeEnumFixedResponse, FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("404")}}}
		listener, err := a.ELB.CreateListener(t.Context(), &elb.CreateListenerInput{
			LoadBalancerArn: arn, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: fixed,
		})
		l := must(a, listener, err).Listeners[0].ListenerArn
		rule, err := a.ELB.CreateRule(t.Context(), &elb.CreateRuleInput{
			ListenerArn: l, Priority: aws.Int32(40500), Actions: fixed,
			Conditions: []elbtypes.RuleCondition{{Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{"/theirs/*"}}}},
		})
		must(a, rule, err)
		got, err := existing.Read(t.Context(), a.Clients, a.names(func(n *existing.Names) { n.LoadBalancer, n.Ports, n.Public = *arn, []int{80, 8080}, a.public }))
		if err != nil {
			t.Fatal(err)
		}
		if b := got.Balancer; b == nil || b.DNS == "" || !slices.Equal(b.SecurityGroups, []string{a.group}) || len(b.Listeners) != 1 ||
			b.Listeners[80].ARN != *l || !slices.Equal(b.Listeners[80].Priorities, []int{40500}) {
			t.Errorf("the balancer is %+v", got.Balancer)
		}
		says(t, "problems", got.Problems, []string{"the load balancer is not in the subnet's zone eu-central-1c"})
		says(t, "notices", got.Notices, []string{"berth uses its listener 80", "its port 80 is blocked", "its port 8080 is blocked"})
	})
}

func TestAnAddressInUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := open(t)
		ip, err := a.EC2.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
		id := must(a, ip, err).AllocationId
		nat, err := a.EC2.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{SubnetId: &a.public[0], AllocationId: id})
		must(a, nat, err)
		for held, want := range map[string][]string{"": {"is in use by eni-"}, *id: nil} {
			got, err := existing.Read(t.Context(), a.Clients, existing.Names{ElasticIPs: []string{*id}, Listed: listed(existing.Listed{Held: []string{held}}), Region: "eu-central-1"})
			if err != nil {
				t.Fatal(err)
			}
			says(t, "held by "+held, got.Problems, want)
		}
	})
}

// A route whose target is gone leads nowhere.
func TestABlackHole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := open(t)
		gateways, err := a.EC2.DescribeInternetGateways(t.Context(), &ec2.DescribeInternetGatewaysInput{})
		id := must(a, gateways, err).InternetGateways[0].InternetGatewayId
		off, err := a.EC2.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: id, VpcId: &a.vpc})
		must(a, off, err)
		tables, err := a.EC2.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{})
		if !slices.ContainsFunc(must(a, tables, err).RouteTables, func(r types.RouteTable) bool {
			return slices.ContainsFunc(r.Routes, func(r types.Route) bool { return r.State == types.RouteStateBlackhole })
		}) {
			t.Skip("the sandbox shows no black hole")
		}
		got, err := existing.Read(t.Context(), a.Clients, a.names(func(*existing.Names) {}))
		if err != nil {
			t.Fatal(err)
		}
		says(t, "problems", got.Problems, []string{"go to nowhere", "go to nowhere"})
	})
}
