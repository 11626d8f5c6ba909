package why

import (
	"context"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/routes"
)

// vpc is the network configuration of the service; nil for a job.
func (f *Facts) vpc() *types.AwsVpcConfiguration {
	if f.Service == nil || f.Service.NetworkConfiguration == nil {
		return nil
	}
	return f.Service.NetworkConfiguration.AwsvpcConfiguration
}

// subnetIDs are the subnets of the service, or that of the ended task of a job.
func (f *Facts) subnetIDs() []string {
	if v := f.vpc(); v != nil {
		return v.Subnets
	}
	if f.Task == nil {
		return nil
	}
	var ids []string
	for _, a := range f.Task.Attachments {
		for _, d := range a.Details {
			if sdk.ToString(d.Name) == "subnetId" {
				ids = append(ids, sdk.ToString(d.Value))
			}
		}
	}
	return ids
}

// network reads the subnets with their default routes, and the rules of the service's
// security groups.
func (l *looks) network(ctx context.Context) {
	ids := l.facts.subnetIDs()
	if len(ids) == 0 {
		return
	}
	api := l.clients.EC2
	out, err := api.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: []ec2types.Filter{{Name: sdk.String("subnet-id"), Values: ids}}})
	if err != nil {
		return
	}
	vpc := ""
	for _, id := range ids {
		s := Subnet{ID: id, Gone: true}
		for _, found := range out.Subnets {
			if sdk.ToString(found.SubnetId) == id {
				s.Gone, s.Free, vpc = false, sdk.ToInt32(found.AvailableIpAddressCount), sdk.ToString(found.VpcId)
			}
		}
		l.facts.Subnets = append(l.facts.Subnets, s)
	}
	l.routes(ctx, vpc)
	if v := l.facts.vpc(); v != nil && len(v.SecurityGroups) > 0 {
		l.facts.Rules = rulesOf(ctx, api, v.SecurityGroups)
	}
}

// routes finds where the default routes of the subnets lead.
func (l *looks) routes(ctx context.Context, vpc string) {
	if vpc == "" {
		return
	}
	tables, err := routes.Tables(ctx, l.clients.EC2, vpc)
	if err != nil {
		return
	}
	l.facts.Routed = true
	for i, s := range l.facts.Subnets {
		l.facts.Subnets[i].Gateway, l.facts.Subnets[i].Broken = routes.Default(tables, s.ID)
	}
}

// readGroups reads the target groups of the service and the health of what is in them.
func readGroups(ctx context.Context, s *types.Service, api *elb.Client) []Group {
	if s == nil {
		return nil
	}
	var out []Group
	for _, lb := range s.LoadBalancers {
		arn := sdk.ToString(lb.TargetGroupArn)
		if arn == "" {
			continue
		}
		g := Group{Port: sdk.ToInt32(lb.ContainerPort)}
		g.TargetGroupArn = &arn
		found, err := api.DescribeTargetGroups(ctx, &elb.DescribeTargetGroupsInput{TargetGroupArns: []string{arn}})
		switch {
		case gate.IsNotFound(err):
			g.Gone = true
		case err != nil || len(found.TargetGroups) == 0:
			continue
		default:
			g.TargetGroup = found.TargetGroups[0]
			if health, err := api.DescribeTargetHealth(ctx, &elb.DescribeTargetHealthInput{TargetGroupArn: &arn}); err == nil {
				g.Targets = health.TargetHealthDescriptions
			}
			g.BalancerGroups = balancerGroups(ctx, api, g.LoadBalancerArns)
		}
		out = append(out, g)
	}
	return out
}

func balancerGroups(ctx context.Context, api *elb.Client, arns []string) []string {
	if len(arns) == 0 {
		return nil
	}
	out, err := api.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{LoadBalancerArns: arns})
	if err != nil {
		return nil
	}
	var ids []string
	for _, b := range out.LoadBalancers {
		ids = append(ids, b.SecurityGroups...)
	}
	return ids
}

// admits says whether the service's security groups let a load balancer reach a port;
// known is false if the rules could not be read.
func (f *Facts) admits(from []string, port int32) (admits, known bool) {
	if f.Rules == nil || len(from) == 0 {
		return false, false
	}
	return lets(f.Rules, from, port), true
}

// lets says whether rules let the members of security groups in on a port.
func lets(rules []ec2types.SecurityGroupRule, from []string, port int32) bool {
	return slices.ContainsFunc(rules, func(r ec2types.SecurityGroupRule) bool {
		source := sdk.ToString(r.CidrIpv4) != ""
		if r.ReferencedGroupInfo != nil {
			source = source || slices.Contains(from, sdk.ToString(r.ReferencedGroupInfo.GroupId))
		}
		return !sdk.ToBool(r.IsEgress) && carries(r, port) && source
	})
}

// offline says why tasks cannot reach the internet; empty if they can, or if nobody
// knows.
func (f *Facts) offline() string {
	if !f.Routed {
		return ""
	}
	public := false
	if v := f.vpc(); v != nil {
		public = v.AssignPublicIp == types.AssignPublicIpEnabled
	}
	for _, s := range f.Subnets {
		switch {
		case s.Gone:
		case s.Gateway == "":
			return "subnet " + s.ID + " has no route to the internet"
		case s.Broken && strings.HasPrefix(s.Gateway, "nat-"):
			return "the NAT gateway " + s.Gateway + " of subnet " + s.ID + " is gone"
		case s.Broken:
			return "the default route of subnet " + s.ID + " leads to " + s.Gateway + ", which is gone"
		case strings.HasPrefix(s.Gateway, "igw-") && !public && f.vpc() != nil:
			return "subnet " + s.ID + " leads to an internet gateway, and the tasks have no public address"
		}
	}
	return ""
}
