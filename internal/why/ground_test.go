package why_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
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

// allow gives a role a policy of its own with actions.
func (g *ground) allow(t *testing.T, role, actions string) {
	t.Helper()
	name, policy := "left", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[`+actions+`],"Resource":"*"}]}`
	_, err := g.clients.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &role, PolicyName: &name, PolicyDocument: &policy})
	must(t, err)
}

// quarantine denies a role actions, beside what it may.
func (g *ground) quarantine(t *testing.T, role, actions string) {
	t.Helper()
	name, policy := "quarantine", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":[`+actions+`],"Resource":"*"}]}`
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
