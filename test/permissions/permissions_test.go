package permissions

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/watch"
	"github.com/berthdev/berth/test/bed"
)

var update = flag.Bool("update", false, "rewrite docs/permissions.md")

const docPath = "../../docs/permissions.md"

// lives are Compose files that a project goes through, one after the other.
func lives() []string {
	const shop = `
name: shop
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
    labels: {team: %s}
    networks: %s
    depends_on: {migrate: {condition: service_completed_successfully}}
    environment: {TOKEN: null, URL: "redis://:${TOKEN}@redis%s"}
    x-berth: {policies: %s, secrets: {STORED: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stored"}}
  migrate: {build: {dockerfile_inline: "FROM busybox:1"}, restart: "no", command: ["true"], networks: [a]}
  redis: {image: "redis:7", expose: ["6379"], networks: [a], volumes: ["data:/data", "pics:/pics"]}
  site: {image: "nginx:1.28", expose: ["80"], networks: [a], x-berth: {host: %s}}
  db: {image: "postgres:16", networks: [a], x-berth: {managed: true}}
  sessions: {image: "valkey/valkey:8", networks: [a], x-berth: {managed: {kind: valkey, multi_az: %t}}}
volumes: {data: {}, pics: {}}
networks: {a: {}, b: {}}
x-berth: {preset: %s, discovery: %s, logs: {retention_days: %d}, backup_days: %d, dns: {auto_create: true}, volumes: {pics: {bucket: shop-pics}}}
`
	const hosts = "[a.example.com, b.example.com]"
	first := fmt.Sprintf(shop, "1.28", "red", "[a]", "", "[AmazonS3ReadOnlyAccess]", hosts, false, "balanced", "dns", 7, 0)
	return []string{
		first, first, // the second time its certificates are issued
		fmt.Sprintf(shop, "1.29", "blue", "[a, b]", "/1", "[]", "a.example.com", true, "affordable", "connect", 14, 7),
	}
}

// TestPermissions takes a project through its life in the sandbox and compares
// the actions that it needed with docs/permissions.md.
func TestPermissions(t *testing.T) {
	t.Parallel()
	var apps []*app.App
	for _, file := range lives() {
		apps = append(apps, bed.App(t, file))
	}
	var actions []string
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 2 * time.Second})
		b.World.PutSecret("stored", "one")
		b.World.GiveBucket("shop-pics")
		for i, a := range apps {
			secrets(t, b, fmt.Sprint("value ", i))
			look(t, execute(t, b, a, run.Request{Deep: true}))
		}
		// Databases come back from their snapshots, and shrink again.
		execute(t, b, apps[len(apps)-1], run.Request{Down: true})
		for _, a := range []*app.App{apps[len(apps)-1], apps[0]} {
			execute(t, b, a, run.Request{})
		}
		execute(t, b, apps[0], run.Request{Down: true, DeleteData: true})
		actions = sandbox.Actions(b.World.Calls())
	})
	actions = append(actions, repairs(t)...)
	actions = append(actions, inAccount(t)...)
	actions = append(actions, pushes()...)
	slices.Sort(actions)
	policy, err := Policy(slices.Compact(actions))
	if err != nil {
		t.Fatal(err)
	}
	want := document(policy)
	if *update {
		if err := os.WriteFile(docPath, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(docPath)
	if err != nil || string(have) != want {
		t.Errorf("docs/permissions.md is not what berth needs: run make generate (%v)", err)
	}
}

// inAccount are the actions of a project whose image CodeBuild builds, once well
// and once with an error, whose log is read.
func inAccount(t *testing.T) []string {
	t.Helper()
	const file = "name: shop\nservices: {web: {build: {dockerfile_inline: \"FROM %s\"}, expose: ['80']}}\n"
	well, badly := bed.App(t, fmt.Sprintf(file, "nginx:1")), bed.App(t, fmt.Sprintf(file, "sandbox/build-error"))
	var actions []string
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond})
		b.InAccount = true
		execute(t, b, well, run.Request{Deep: true})
		p, err := b.Start(t.Context(), badly)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Do(t.Context(), run.Request{}); err == nil {
			t.Error("the build that is to fail does not")
		}
		execute(t, b, well, run.Request{Down: true, DeleteData: true})
		actions = sandbox.Actions(b.World.Calls())
	})
	// A project that has changed, and a build that is interrupted.
	return append(actions, "codebuild:UpdateProject", "codebuild:StopBuild")
}

// pushes are the actions of docker push, which makes its calls itself.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
func pushes() []string {
	return []string{
		"ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload",
		"ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage", "ecr:GetDownloadUrlForLayer",
	}
}

func document(policy string) string {
	return `# The permissions that berth needs

This policy is generated by ` + "`make generate`" + ` from the record of a project's life in
the sandbox: secrets, up, a change of everything, ps, logs, infra status, down; and from
the calls by which the resource types mend what was changed behind berth's back.
Names and paths that berth gives limit it where AWS lets them; the rest AWS can
only allow for all objects of an account.

Parameters and secrets of yours that Compose files name are not in it: add
` + "`ssm:GetParameters`" + ` for their ARNs.

In a partition other than ` + "`aws`" + `, replace it in the ARNs.

` + "```json\n" + policy + "\n```\n"
}

// secrets is what the commands of `berth secret` do.
func secrets(t *testing.T, b *bed.Bed, value string) {
	t.Helper()
	b.SetSecret(t, "shop-dev", "TOKEN", value)
	b.SetSecret(t, "shop-dev", "UNUSED", value)
	store := aws.NewClients(b.World.Config()).Store("shop-dev")
	if _, err := store.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Remove(t.Context(), "UNUSED"); err != nil {
		t.Fatal(err)
	}
}

// execute is one run in a process of its own.
func execute(t *testing.T, b *bed.Bed, a *app.App, req run.Request) *run.Session {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Do(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return p.Session
}

// look is what ps, logs and the diagnosis of a failure read.
func look(t *testing.T, s *run.Session) {
	t.Helper()
	ctx, cluster := t.Context(), blueprint.ClusterName(s.App, s.Region)
	name := blueprint.ServiceName(s.App, s.Region, "web")
	clients := watch.Clients{ECS: s.Clients.ECS, EC2: s.Clients.EC2}
	if _, err := watch.Status(ctx, clients, cluster, []watch.Wanted{{Name: "web", ECSName: name}}); err != nil {
		t.Fatal(err)
	}
	var databases []watch.WantedDatabase
	for _, d := range s.App.Databases {
		databases = append(databases, watch.WantedDatabase{
			Name: d.Name, AWSName: blueprint.DatabaseName(s.App, s.Region, d), Cache: d.IsCache(),
		})
	}
	if _, err := watch.Databases(ctx, s.Clients.RDS, s.Clients.Cache, databases); err != nil {
		t.Fatal(err)
	}
	group := blueprint.LogGroupName(s.App, "web")
	err := watch.Logs(ctx, s.Clients.Logs, []watch.Source{{Name: "web", Group: group}},
		watch.LogOptions{Tail: 5, Clock: s.Clock}, func(watch.Line) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	watch.Diagnose(ctx, s.Clients.ECS, s.Clients.Logs, watch.Subject{Cluster: cluster, Service: name, LogGroup: group}, s.Clock.Now())
}

// TestPolicyKeepsEveryAction proves that scoping loses no action.
func TestPolicyKeepsEveryAction(t *testing.T) {
	t.Parallel()
	actions := []string{"ec2:CreateVpc", "iam:CreateRole", "iam:ListRoles", "iam:PassRole", "logs:CreateLogGroup", "s3:PutObject"}
	policy, err := Policy(slices.Clone(actions))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range actions {
		if strings.Count(policy, `"`+a+`"`) != 1 {
			t.Errorf("%s stands %d times in the policy", a, strings.Count(policy, `"`+a+`"`))
		}
	}
}
