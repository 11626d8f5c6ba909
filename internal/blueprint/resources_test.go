package blueprint

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

func TestTheShapeOfTheNetworkIgnoresThePreset(t *testing.T) {
	t.Parallel()
	shape := func(a *app.App) (out []string) {
		for _, n := range build(t, a).Nodes() {
			if s, ok := n.Resource.(ec2.Subnet); ok {
				out = append(out, n.Address.String()+" "+s.CIDR+" "+s.Zone)
			}
		}
		return out
	}
	private := shop()
	private.Settings.NAT, private.Settings.TaskSubnets = setting(app.NATSingle), setting(app.SubnetsPrivate)
	if diff := cmp.Diff(shape(shop()), shape(private)); diff != "" {
		t.Errorf("subnets of the presets differ:\n%s", diff)
	}
}

func TestNothingListensUnlessAPortIsPublic(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[0].Ports[0].Public = false
	for _, n := range build(t, a).Nodes() {
		if strings.HasPrefix(n.Address.Type, "elb.") {
			t.Errorf("the graph has %s", n.Address)
		}
		if g, ok := n.Resource.(ec2.SecurityGroup); ok {
			for _, r := range g.Ingress {
				if r.CIDR != "" {
					t.Errorf("%s lets in %s", n.Address, r.CIDR)
				}
			}
		}
	}
}

func TestWhoMayReachAService(t *testing.T) {
	t.Parallel()
	everything := workload("any", "example/any:1")
	everything.AllTCP = true
	a := shop()
	a.Services = append(a.Services, service(everything))
	g := build(t, a)
	for address, want := range map[string]string{
		"ec2.security-group/api": "tcp 3000-3000 from (ec2.security-group/net-back.id), " +
			"tcp 3000-3000 from (ec2.security-group/net-front.id), " +
			"tcp 3000-3000 from (ec2.security-group/balancer.id)",
		"ec2.security-group/redis":    "tcp 6379-6379 from (ec2.security-group/net-back.id)",
		"ec2.security-group/any":      "tcp 0-65535 from (ec2.security-group/net-back.id)",
		"ec2.security-group/migrate":  "",
		"ec2.security-group/net-back": "",
		"ec2.security-group/balancer": "tcp 8081-8081 from 0.0.0.0/0, tcp 8081-8081 from ::/0",
	} {
		var got []string
		for _, r := range find[ec2.SecurityGroup](t, g, address).Ingress {
			got = append(got, rule(r))
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func rule(r ec2.Rule) string {
	from := r.CIDR
	if from == "" {
		from = r.Source.String()
	}
	ports, _ := json.Marshal([]int{r.From, r.To})
	return r.Protocol + " " + strings.NewReplacer("[", "", "]", "", ",", "-").Replace(string(ports)) + " from " + from
}

func TestNamesThatBerthUsesItself(t *testing.T) {
	t.Parallel()
	a := shop()
	for _, name := range []string{"execution", "net-back", "service-execution"} {
		a.Services = append(a.Services, service(workload(name, "example/x:1")))
	}
	g := build(t, a)
	for _, address := range []string{
		"iam.role/execution", "iam.role/service-execution", "iam.role/service-service-execution",
		"ec2.security-group/net-back", "ec2.security-group/service-net-back",
	} {
		at(t, g, address)
	}
}

func TestTwoPortsOfOneContainerPortShareItsTargetGroup(t *testing.T) {
	t.Parallel()
	a := shop()
	more := a.Services[0].Ports[0]
	more.Published = 8082
	a.Services[0].Ports = append(a.Services[0].Ports, more)
	g := build(t, a)
	if got := len(find[ecs.Service](t, g, "ecs.service/api").Balancers); got != 1 {
		t.Errorf("the service has %d balancer entries; want 1", got)
	}
	for _, r := range []string{"elb.rule/api-8081", "elb.rule/api-8082"} {
		if got := find[elb.Rule](t, g, r).TargetGroup.String(); got != "(elb.target-group/api-3000.arn)" {
			t.Errorf("%s leads to %s", r, got)
		}
		if _, ok := needs(at(t, g, "ecs.service/api"))[r]; !ok {
			t.Errorf("the service does not wait for %s", r)
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[0].Image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/api:1"
	a.Services[0].Policies = app.Policies{
		Managed:    []string{"AmazonS3ReadOnlyAccess", "arn:aws:iam::123456789012:policy/mine"},
		Statements: `[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]`,
	}
	a.Services[0].Secrets = []app.Secret{
		{Name: "A", From: "/shared/a"}, {Name: "B", From: "b"},
		{Name: "C", From: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:c-AbCdEf:key::"},
	}
	g := build(t, a)
	want := iam.Role{Inline: map[string]string{"execution": `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":["arn:aws:logs:eu-central-1:123456789012:log-group:/berth/shop-dev/shop/api:*"]},` +
		`{"Effect":"Allow","Action":["ecr:GetAuthorizationToken"],"Resource":["*"]},` +
		`{"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Resource":["arn:aws:ecr:eu-west-1:123456789012:repository/team/api"]},` +
		`{"Effect":"Allow","Action":["ecr:BatchImportUpstreamImage","ecr:CreateRepository"],"Resource":["arn:aws:ecr:eu-west-1:123456789012:repository/team/api"]},` +
		`{"Effect":"Allow","Action":["ssm:GetParameters"],"Resource":["arn:aws:ssm:eu-central-1:123456789012:parameter/berth/shop-dev/b","arn:aws:ssm:eu-central-1:123456789012:parameter/shared/a"]},` +
		`{"Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":["arn:aws:secretsmanager:eu-central-1:123456789012:secret:c-AbCdEf"]},` +
		`{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":["*"],"Condition":{"StringLike":{"kms:EncryptionContext:PARAMETER_ARN":["arn:aws:ssm:eu-central-1:123456789012:parameter/shared/a"]}}},` +
		`{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":["*"],"Condition":{"StringLike":{"kms:EncryptionContext:SecretARN":["arn:aws:secretsmanager:eu-central-1:123456789012:secret:c-AbCdEf"]}}}]}`}}
	got := find[iam.Role](t, g, "iam.role/execution/api")
	if diff := cmp.Diff(want.Inline, got.Inline); diff != "" {
		t.Errorf("execution role (-want +got):\n%s", diff)
	}
	if shared := find[iam.Role](t, g, "iam.role/execution").Inline["execution"]; strings.Contains(shared, "ssm:") || strings.Contains(shared, "secretsmanager:") {
		t.Errorf("what starts the tasks without secrets may read secrets: %s", shared)
	}
	task := find[iam.Role](t, g, "iam.role/api")
	if diff := cmp.Diff([]string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "arn:aws:iam::123456789012:policy/mine"}, task.Managed); diff != "" {
		t.Errorf("managed policies (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"x-berth": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}`}, task.Inline); diff != "" {
		t.Errorf("inline policies (-want +got):\n%s", diff)
	}
	if redis := find[iam.Role](t, g, "iam.role/redis"); len(redis.Managed)+len(redis.Inline) > 0 {
		t.Errorf("redis may do something: %+v", redis)
	}
}

func TestAJobRunsAgainWhenItsDependentChanges(t *testing.T) {
	t.Parallel()
	trigger := func(change func(*app.App)) string {
		a := shop()
		change(a)
		return find[ecs.Job](t, build(t, a), "ecs.job/migrate").Trigger
	}
	plain := trigger(func(*app.App) {})
	if got := trigger(func(a *app.App) { a.Services[0].Image = "example/api:2" }); got == plain {
		t.Error("a new image of a dependent left the trigger alone")
	}
	if got := trigger(func(a *app.App) { a.Jobs[0].Command = []string{"migrate"} }); got == plain {
		t.Error("a new command of the job left the trigger alone")
	}
	if got := trigger(func(a *app.App) { a.Services[1].Image = "redis:8" }); got != plain {
		t.Error("a service that does not depend on the job changed the trigger")
	}
}

func TestSpotNeverTakesTheFirstReplica(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[1].Spot = app.SpotNever
	g := build(t, a)
	want := []ecs.StrategyItem{{Provider: "FARGATE", Base: 1}, {Provider: "FARGATE_SPOT", Weight: 1}}
	if diff := cmp.Diff(want, find[ecs.Service](t, g, "ecs.service/api").Strategy); diff != "" {
		t.Errorf("api (-want +got):\n%s", diff)
	}
	want = []ecs.StrategyItem{{Provider: "FARGATE", Weight: 1}}
	if diff := cmp.Diff(want, find[ecs.Service](t, g, "ecs.service/redis").Strategy); diff != "" {
		t.Errorf("redis (-want +got):\n%s", diff)
	}
}

func TestAnExistingVPCIsUsedAndNotChanged(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Settings.VPC = setting("vpc-1")
	a.Settings.PublicSubnets = setting([]string{"subnet-1", "subnet-2"})
	g := build(t, a)
	for _, n := range g.Nodes() {
		if strings.HasPrefix(n.Address.Type, "ec2.") && n.Address.Type != "ec2.security-group" {
			t.Errorf("the graph has %s", n.Address)
		}
	}
	if got := engine.Values(find[ecs.Service](t, g, "ecs.service/api").Subnets); !cmp.Equal(got, []string{"subnet-1", "subnet-2"}) {
		t.Errorf("tasks run in %v", got)
	}
	a.Settings.PublicSubnets = app.Setting[[]string]{}
	if _, err := Build(a, facts()); err == nil {
		t.Error("Build accepted a VPC without subnets for tasks")
	}
}

func TestFactsThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*app.App, *Facts){
		"too few zones": func(a *app.App, _ *Facts) { a.Settings.Zones = setting(3) },
		"zero zones":    func(a *app.App, _ *Facts) { a.Settings.Zones = setting(0) },
		"no range":      func(_ *app.App, f *Facts) { f.CIDR = "" },
		"bad range":     func(a *app.App, _ *Facts) { a.Settings.CIDR = setting("10.0.0.0/30") },
		"architecture":  func(a *app.App, _ *Facts) { a.Services[0].Architecture = "riscv64" },
		"policies":      func(a *app.App, _ *Facts) { a.Services[0].Policies.Statements = "{" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, f := shop(), facts()
			f.Zones = f.Zones[:2]
			change(a, &f)
			if _, err := Build(a, f); err == nil {
				t.Error("Build accepted it")
			}
		})
	}
}
