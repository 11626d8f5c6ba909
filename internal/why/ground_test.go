package why_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/why"
	"github.com/berthdev/berth/test/bed"
)

// ground is a world with a deployed app, and hands that change it.
type ground struct {
	*bed.Bed
	clients *aws.Clients
	names   blueprint.Outputs
	of      string
}

// swap is a text with a part of it exchanged.
func swap(text, from, to string) string { return strings.ReplaceAll(text, from, to) }

// inWorld makes the fault's world in virtual time, and answers.
func (f fault) inWorld(t *testing.T, judge func(t *testing.T, answer why.Answer)) {
	t.Helper()
	first := bed.App(t, swap(f.file, "{ARN}", tokenARN(t)))
	var next *app.App
	if f.next != "" {
		next = bed.App(t, f.next)
	}
	synctest.Test(t, func(t *testing.T) {
		o := sandbox.Options{Clock: clock.Wall{}, Seed: 1, Latency: 10 * time.Millisecond}
		if f.options != nil {
			f.options(&o)
		}
		b := bed.New(t, o)
		g := &ground{Bed: b, clients: aws.NewClients(b.World.Config()), of: f.of}
		if g.of == "" {
			g.of = "web"
		}
		if f.before != nil {
			f.before(t, g)
		}
		p, err := b.Start(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		if g.names, err = p.Outputs(); err != nil {
			t.Fatal(err)
		}
		if _, _, err = p.Do(t.Context(), deploy.Request{}); err != nil && f.options == nil && f.breaks != nil {
			t.Fatal(err)
		}
		if f.breaks != nil {
			f.breaks(t, g)
		}
		if next != nil {
			if _, err = b.Run(t.Context(), next, deploy.Request{Timeout: 20 * time.Minute}); err != nil && !deploy.Unhealthy(err) {
				t.Log(err)
			}
		}
		wait := f.wait
		if wait == 0 {
			wait = time.Minute
		}
		time.Sleep(wait)
		answers, err := deploy.Why(t.Context(), p.Project, g.of)
		if err != nil {
			t.Fatal(err)
		}
		if len(answers) != 1 {
			t.Fatalf("answers %+v, want one", answers)
		}
		judge(t, answers[0])
	})
}

// must fails unless a call succeeded.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (g *ground) service(t *testing.T) types.Service {
	t.Helper()
	s, _ := g.names.Service(g.of)
	out, err := g.clients.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: &g.names.Cluster, Services: []string{s.ECSName}})
	must(t, err)
	if len(out.Services) != 1 {
		t.Fatalf("no service %s", g.of)
	}
	return out.Services[0]
}

func (g *ground) definition(t *testing.T) types.TaskDefinition {
	t.Helper()
	out, err := g.clients.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: g.service(t).TaskDefinition})
	must(t, err)
	return *out.TaskDefinition
}

// stopTasks stops the tasks of the service as a user does; it starts others.
func (g *ground) stopTasks(t *testing.T) {
	t.Helper()
	list, err := g.clients.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &g.names.Cluster, ServiceName: g.service(t).ServiceName})
	must(t, err)
	for _, arn := range list.TaskArns {
		_, err := g.clients.ECS.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: &g.names.Cluster, Task: &arn})
		must(t, err)
	}
}

func nameOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func (g *ground) executionRole(t *testing.T) string {
	t.Helper()
	return nameOf(*g.definition(t).ExecutionRoleArn)
}

// emptyRole removes all policies of a role.
func (g *ground) emptyRole(t *testing.T, name string) {
	t.Helper()
	inline, err := g.clients.IAM.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &name})
	must(t, err)
	for _, p := range inline.PolicyNames {
		_, err := g.clients.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: &p})
		must(t, err)
	}
	attached, err := g.clients.IAM.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &name})
	must(t, err)
	for _, p := range attached.AttachedPolicies {
		_, err := g.clients.IAM.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: &name, PolicyArn: p.PolicyArn})
		must(t, err)
	}
}

func (g *ground) deleteRole(t *testing.T, name string) {
	t.Helper()
	g.emptyRole(t, name)
	_, err := g.clients.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: &name})
	must(t, err)
}

func (g *ground) deleteParameter(t *testing.T, name string) {
	t.Helper()
	_, err := g.clients.SSM.DeleteParameter(t.Context(), &ssm.DeleteParameterInput{Name: &name})
	must(t, err)
}

func (g *ground) deleteLogGroup(t *testing.T) {
	t.Helper()
	s, _ := g.names.Service(g.of)
	_, err := g.clients.Logs.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &s.LogGroup})
	must(t, err)
}

// push pushes an image to a repository of its own.
func (g *ground) push(t *testing.T, name, tag string) {
	t.Helper()
	_, err := g.clients.ECR.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: &name})
	must(t, err)
	manifest := `{"schemaVersion":2}`
	_, err = g.clients.ECR.PutImage(t.Context(), &ecr.PutImageInput{RepositoryName: &name, ImageTag: &tag, ImageManifest: &manifest})
	must(t, err)
}

func (g *ground) deleteImage(t *testing.T, name, tag string) {
	t.Helper()
	_, err := g.clients.ECR.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: &name, ImageIds: []ecrtypes.ImageIdentifier{{ImageTag: &tag}},
	})
	must(t, err)
}

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

// allow gives a role a policy of its own with actions.
func (g *ground) allow(t *testing.T, role, actions string) {
	t.Helper()
	name, policy := "left", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[`+actions+`],"Resource":"*"}]}`
	_, err := g.clients.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &role, PolicyName: &name, PolicyDocument: &policy})
	must(t, err)
}

// trust lets a service alone assume a role.
func (g *ground) trust(t *testing.T, role, service string) {
	t.Helper()
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
	_, err := g.clients.IAM.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: &role, PolicyDocument: &policy})
	must(t, err)
}

func (g *ground) deleteSecret(t *testing.T, name string, whole bool) {
	t.Helper()
	_, err := g.clients.Secrets.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: &name, ForceDeleteWithoutRecovery: &whole})
	must(t, err)
}

func (g *ground) deleteRepository(t *testing.T, name string) {
	t.Helper()
	_, err := g.clients.ECR.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: &name, Force: true})
	must(t, err)
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

func (g *ground) scale(t *testing.T, count int32) {
	t.Helper()
	s := g.service(t)
	_, err := g.clients.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: s.ClusterArn, Service: s.ServiceName, DesiredCount: &count})
	must(t, err)
}

func (g *ground) deleteService(t *testing.T) {
	t.Helper()
	s, force := g.service(t), true
	_, err := g.clients.ECS.DeleteService(t.Context(), &ecs.DeleteServiceInput{Cluster: s.ClusterArn, Service: s.ServiceName, Force: &force})
	must(t, err)
}

// stopDeployment begins a deployment and stops it.
func (g *ground) stopDeployment(t *testing.T, kind types.StopServiceDeploymentStopType) {
	t.Helper()
	s := g.service(t)
	_, err := g.clients.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: s.ClusterArn, Service: s.ServiceName, ForceNewDeployment: true})
	must(t, err)
	_, err = g.clients.ECS.StopServiceDeployment(t.Context(), &ecs.StopServiceDeploymentInput{
		ServiceDeploymentArn: g.service(t).CurrentServiceDeployment, StopType: kind,
	})
	must(t, err)
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

func (g *ground) deleteAccessPoints(t *testing.T) {
	t.Helper()
	out, err := g.clients.EFS.DescribeAccessPoints(t.Context(), &efs.DescribeAccessPointsInput{})
	must(t, err)
	for _, p := range out.AccessPoints {
		_, err := g.clients.EFS.DeleteAccessPoint(t.Context(), &efs.DeleteAccessPointInput{AccessPointId: p.AccessPointId})
		must(t, err)
	}
}

// secret makes a secret in Secrets Manager, or gives it another value.
func (g *ground) secret(t *testing.T, name, value string) {
	t.Helper()
	g.World.PutSecret(name, value)
}

// tokenARN is the ARN of the secret token in a world, which its seed decides.
func tokenARN(t *testing.T) string {
	t.Helper()
	return bed.New(t, sandbox.Options{Seed: 1}).World.PutSecret("token", "x")
}
