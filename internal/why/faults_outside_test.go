package why_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// outsideFaults were written without sight of the rules, by somebody who knew ECS and only
// how a fault is made and judged: what people do to an account by hand, and what the first
// line must then name. The rules were mended for them afterwards, these expectations never.
func outsideFaults() map[string]fault {
	all := outsideReach()
	all["a permissions boundary is put on the execution role"] = fault{
		file: withSecret, before: func(t *testing.T, g *ground) { g.SetSecret(t, "shop-dev", "TOKEN", "x") },
		breaks: func(t *testing.T, g *ground) {
			g.bound(t, g.executionRole(t), `"logs:*","ecr:*"`)
			g.stopTasks(t)
		},
		says: "permissions boundary", also: []string{"ssm:GetParameters"}, wait: 2 * time.Minute,
	}
	all["the task role loses what the program needs"] = fault{
		file:   swap(withRole, "nginx:1.29", "sandbox/calls:s3-ListAllMyBuckets"),
		breaks: func(t *testing.T, g *ground) { g.emptyRole(t, nameOf(*g.definition(t).TaskRoleArn)); g.stopTasks(t) },
		says:   "task role", also: []string{"s3:ListAllMyBuckets"}, wait: 3 * time.Minute,
	}
	all["the percentages of the deployment leave no room"] = fault{
		file: plain, breaks: func(t *testing.T, g *ground) { g.tighten(t, true) },
		says: "deployment", also: []string{"minimum", "maximum", "150"}, wait: 3 * time.Minute,
	}
	all["a service that it needs is scaled to nothing"] = fault{
		file: swap(plain, "nginx:1.29", "sandbox/needs:api-80") + "  api: {image: nginx:1.29, expose: [\"80\"]}\n",
		breaks: func(t *testing.T, g *ground) {
			api := &ground{Bed: g.Bed, clients: g.clients, names: g.names, of: "api"}
			api.scale(t, 0)
			time.Sleep(2 * time.Minute)
			g.stopTasks(t)
		},
		says: "api", also: []string{"no running task"}, wait: 3 * time.Minute,
	}
	read := swap(plain, "nginx:1.29", "sandbox/writes:1g")
	all["the file system becomes read-only"] = fault{
		file: read, next: swap(read, "    expose", "    read_only: true\n    expose"), says: "read-only",
	}
	return all
}

// outsideReach are about what may connect to what.
func outsideReach() map[string]fault {
	return map[string]fault{
		"the path of the health check is changed by hand": {
			file: swap(public, "nginx:1.29", "sandbox/serves:up"),
			breaks: func(t *testing.T, g *ground) {
				_, err := g.clients.ELB.ModifyTargetGroup(t.Context(), &elb.ModifyTargetGroupInput{
					TargetGroupArn: g.service(t).LoadBalancers[0].TargetGroupArn, HealthCheckPath: aws.String("/healthz"),
				})
				must(t, err)
				g.stopTasks(t)
			},
			says: "/healthz", also: []string{"404"}, wait: 3 * time.Minute,
		},
		"the tasks may not connect to anything": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.closeEgress(t); g.stopTasks(t) },
			says: "security group", also: []string{"out"}, wait: 5 * time.Minute,
		},
		"a maintenance page is left before the service": {
			file: public, breaks: func(t *testing.T, g *ground) { g.answer(t, "/*", "503") },
			says: "rule", also: []string{"503"},
		},
		"nobody may connect to the load balancer": {
			file: public, breaks: func(t *testing.T, g *ground) { g.closeBalancer(t) },
			says: "load balancer", also: []string{"security group", "8080"},
		},
		"the database lets the tasks in no more": {
			file:   withDatabase,
			breaks: func(t *testing.T, g *ground) { g.closeDatabase(t); g.stopTasks(t) },
			says:   "database", also: []string{"security group", "5432"}, wait: 3 * time.Minute,
		},
	}
}

// bound puts a permissions boundary on a role that allows actions.
func (g *ground) bound(t *testing.T, role, actions string) {
	t.Helper()
	made, err := g.clients.IAM.CreatePolicy(t.Context(), &iam.CreatePolicyInput{
		PolicyName:     aws.String("ceiling"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + actions + `],"Resource":"*"}]}`),
	})
	must(t, err)
	_, err = g.clients.IAM.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{RoleName: &role, PermissionsBoundary: made.Policy.Arn})
	must(t, err)
}

// tighten lets deployments of the service neither stop its only task nor start one, and
// may begin one: 150 percent of one task are rounded down.
func (g *ground) tighten(t *testing.T, begin bool) {
	t.Helper()
	s := g.service(t)
	_, err := g.clients.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: s.ClusterArn, Service: s.ServiceName, ForceNewDeployment: begin,
		AvailabilityZoneRebalancing: types.AvailabilityZoneRebalancingDisabled,
		DeploymentConfiguration:     &types.DeploymentConfiguration{MinimumHealthyPercent: aws.Int32(100), MaximumPercent: aws.Int32(150)},
	})
	must(t, err)
}

// closeEgress removes what the service's security groups let out.
func (g *ground) closeEgress(t *testing.T) {
	t.Helper()
	out, err := g.clients.EC2.DescribeSecurityGroupRules(t.Context(), &ec2.DescribeSecurityGroupRulesInput{
		Filters: []ec2types.Filter{{Name: aws.String("group-id"), Values: g.service(t).NetworkConfiguration.AwsvpcConfiguration.SecurityGroups}},
	})
	must(t, err)
	for _, r := range out.SecurityGroupRules {
		if *r.IsEgress {
			_, err := g.clients.EC2.RevokeSecurityGroupEgress(t.Context(), &ec2.RevokeSecurityGroupEgressInput{
				GroupId: r.GroupId, SecurityGroupRuleIds: []string{*r.SecurityGroupRuleId},
			})
			must(t, err)
		}
	}
}

// answer answers the requests for a path before the service's rule does.
func (g *ground) answer(t *testing.T, path, status string) {
	t.Helper()
	for _, l := range g.listeners(t) {
		_, err := g.clients.ELB.CreateRule(t.Context(), &elb.CreateRuleInput{
			ListenerArn: &l, Priority: aws.Int32(1),
			Conditions: []elbtypes.RuleCondition{{
				Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{path}},
			}},
			Actions: []elbtypes.Action{{
				Type:                elbtypes.ActionTypeEnumFixedResponse,
				FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: &status, MessageBody: aws.String("back soon")},
			}},
		})
		must(t, err)
	}
}

// closeBalancer removes what the load balancer's security groups let in.
func (g *ground) closeBalancer(t *testing.T) {
	t.Helper()
	out, err := g.clients.ELB.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{})
	must(t, err)
	for _, b := range out.LoadBalancers {
		g.closeGroups(t, b.SecurityGroups)
	}
}

// closeDatabase removes what the databases' security groups let in.
func (g *ground) closeDatabase(t *testing.T) {
	t.Helper()
	out, err := g.clients.RDS.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{})
	must(t, err)
	for _, d := range out.DBInstances {
		for _, m := range d.VpcSecurityGroups {
			g.closeGroups(t, []string{*m.VpcSecurityGroupId})
		}
	}
}
