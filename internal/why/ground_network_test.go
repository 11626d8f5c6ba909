package why_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/sandbox"
)

// deleteRoutes deletes the default routes of all route tables.
func (g *ground) deleteRoutes(t *testing.T) {
	t.Helper()
	anywhere := "0.0.0.0/0"
	out, err := g.clients.EC2.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{})
	must(t, err)
	for _, table := range out.RouteTables {
		for _, r := range table.Routes {
			if r.DestinationCidrBlock != nil && *r.DestinationCidrBlock == anywhere {
				_, err := g.clients.EC2.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: table.RouteTableId, DestinationCidrBlock: &anywhere})
				must(t, err)
			}
		}
	}
}

// revokeIngress removes what the service's security groups let in.
func (g *ground) revokeIngress(t *testing.T) {
	t.Helper()
	g.closeGroups(t, g.service(t).NetworkConfiguration.AwsvpcConfiguration.SecurityGroups)
}

// closeGroups removes what security groups let in.
func (g *ground) closeGroups(t *testing.T, groups []string) {
	t.Helper()
	key := "group-id"
	out, err := g.clients.EC2.DescribeSecurityGroupRules(t.Context(), &ec2.DescribeSecurityGroupRulesInput{
		Filters: []ec2types.Filter{{Name: &key, Values: groups}},
	})
	must(t, err)
	for _, r := range out.SecurityGroupRules {
		if !*r.IsEgress {
			_, err := g.clients.EC2.RevokeSecurityGroupIngress(t.Context(), &ec2.RevokeSecurityGroupIngressInput{
				GroupId: r.GroupId, SecurityGroupRuleIds: []string{*r.SecurityGroupRuleId},
			})
			must(t, err)
		}
	}
}

func (g *ground) deleteNAT(t *testing.T) {
	t.Helper()
	out, err := g.clients.EC2.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{})
	must(t, err)
	for _, n := range out.NatGateways {
		_, err := g.clients.EC2.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: n.NatGatewayId})
		must(t, err)
	}
	time.Sleep(2 * time.Minute)
}

// withoutAddress changes the service so that its tasks get no public address.
func (g *ground) withoutAddress(t *testing.T) {
	t.Helper()
	s := g.service(t)
	network := s.NetworkConfiguration
	network.AwsvpcConfiguration.AssignPublicIp = types.AssignPublicIpDisabled
	_, err := g.clients.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: s.ClusterArn, Service: s.ServiceName, NetworkConfiguration: network, ForceNewDeployment: true,
	})
	must(t, err)
}

func (g *ground) fillSubnets(t *testing.T) {
	t.Helper()
	for _, id := range g.service(t).NetworkConfiguration.AwsvpcConfiguration.Subnets {
		sandbox.TakeAddresses(g.World, id)
	}
}

func (g *ground) deleteTargetGroup(t *testing.T) {
	t.Helper()
	g.deleteRules(t)
	for _, b := range g.service(t).LoadBalancers {
		_, err := g.clients.ELB.DeleteTargetGroup(t.Context(), &elb.DeleteTargetGroupInput{TargetGroupArn: b.TargetGroupArn})
		must(t, err)
	}
}

func (g *ground) listeners(t *testing.T) []string {
	t.Helper()
	balancers, err := g.clients.ELB.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{})
	must(t, err)
	var arns []string
	for _, b := range balancers.LoadBalancers {
		out, err := g.clients.ELB.DescribeListeners(t.Context(), &elb.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
		must(t, err)
		for _, l := range out.Listeners {
			arns = append(arns, *l.ListenerArn)
		}
	}
	return arns
}

// deleteRules deletes all listener rules but the default ones.
func (g *ground) deleteRules(t *testing.T) {
	t.Helper()
	for _, l := range g.listeners(t) {
		out, err := g.clients.ELB.DescribeRules(t.Context(), &elb.DescribeRulesInput{ListenerArn: &l})
		must(t, err)
		for _, r := range out.Rules {
			if !*r.IsDefault {
				_, err := g.clients.ELB.DeleteRule(t.Context(), &elb.DeleteRuleInput{RuleArn: r.RuleArn})
				must(t, err)
			}
		}
	}
}

func (g *ground) deleteListeners(t *testing.T) {
	t.Helper()
	for _, l := range g.listeners(t) {
		_, err := g.clients.ELB.DeleteListener(t.Context(), &elb.DeleteListenerInput{ListenerArn: &l})
		must(t, err)
	}
}

func (g *ground) mountTargets(t *testing.T) (ids, groups []string) {
	t.Helper()
	systems, err := g.clients.EFS.DescribeFileSystems(t.Context(), &efs.DescribeFileSystemsInput{})
	must(t, err)
	for _, f := range systems.FileSystems {
		out, err := g.clients.EFS.DescribeMountTargets(t.Context(), &efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId})
		must(t, err)
		for _, m := range out.MountTargets {
			ids = append(ids, *m.MountTargetId)
			has, err := g.clients.EFS.DescribeMountTargetSecurityGroups(t.Context(), &efs.DescribeMountTargetSecurityGroupsInput{MountTargetId: m.MountTargetId})
			must(t, err)
			groups = append(groups, has.SecurityGroups...)
		}
	}
	return ids, groups
}

func (g *ground) deleteMountTargets(t *testing.T) {
	t.Helper()
	ids, _ := g.mountTargets(t)
	for _, id := range ids {
		_, err := g.clients.EFS.DeleteMountTarget(t.Context(), &efs.DeleteMountTargetInput{MountTargetId: &id})
		must(t, err)
	}
	time.Sleep(2 * time.Minute)
}

func (g *ground) blockFiles(t *testing.T) {
	t.Helper()
	_, groups := g.mountTargets(t)
	g.closeGroups(t, groups)
}
