package permissions

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/events"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/usage"
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
    x-berth: {rollout: {strategy: blue_green, errors_percent: 5}, policies: %s, secrets: {STORED: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stored"}}
  migrate: {build: {dockerfile_inline: "FROM busybox:1"}, restart: "no", command: ["true"], networks: [a]}
  redis: {image: "redis:7", expose: ["6379"], networks: [a], volumes: ["data:/data", "pics:/pics"]}
  site: {image: "nginx:1.28", expose: ["80"], networks: [a], x-berth: {host: %s%s}}
  db: {image: "postgres:16", networks: [a], x-berth: {managed: true}}
  sessions: {image: "valkey/valkey:8", networks: [a], x-berth: {managed: {kind: valkey, multi_az: %t}}}
%svolumes: {data: {}, pics: {}}
networks: {a: {}, b: {}}
x-berth: {preset: %s, discovery: %s, logs: {retention_days: %d}, backup_days: %d, dns: {auto_create: true}, volumes: {pics: {bucket: shop-pics}}}
`
	const hosts = "[a.example.com, b.example.com]"
	first := func(vcpu int) string {
		more := fmt.Sprintf(`, autoscaling: {schedule: [{cron: "0 3 1 7 *", max: 1}]}, capacity: managed, instances: {vcpu: %d}`, vcpu)
		heavy := fmt.Sprintf("  heavy: {image: \"redis:7\", networks: [a], labels: {team%d: a}, x-berth: {capacity: ec2, instances: {vcpu: %[1]d, disk_gib: %[1]d0}}}\n", vcpu)
		return fmt.Sprintf(shop, "1.28", "red", "[a]", "", "[AmazonS3ReadOnlyAccess]", hosts, more, false, heavy, "balanced", "dns", 7, 0)
	}
	return []string{
		first(4), first(8), // the second time its certificates are issued
		fmt.Sprintf(shop, "1.29", "blue", "[a, b]", "/1", "[]", "a.example.com", "", true, "", "affordable", "connect", 14, 7),
	}
}

// TestPermissions writes docs/permissions.md from what berth's source can send,
// and proves that no policy of the page is too large for AWS.
func TestPermissions(t *testing.T) {
	t.Parallel()
	list := documents(t)
	for _, d := range list {
		if size, err := d.Size(); err != nil || size > MaxSize {
			t.Errorf("%s has %d characters, AWS takes %d (%v)", d.Name, size, MaxSize, err)
		}
	}
	want, err := page(list)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(docPath, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(docPath)
	if err != nil || string(have) != want {
		t.Errorf("docs/permissions.md is not what berth needs: run go generate ./test/permissions (%v)", err)
	}
}

// documents returns the policies of the page.
func documents(t *testing.T) []Document {
	t.Helper()
	actions := pushes()
	for _, o := range sent(t) {
		actions = append(actions, o.actions()...)
	}
	// Other people's secrets are only allowed by their ARNs, which only a file
	// names.
	actions = slices.DeleteFunc(actions, func(a string) bool { return a == "secretsmanager:GetSecretValue" })
	return Documents(actions)
}

// allowed returns the policies combined, as a role has them.
func allowed(t *testing.T, list ...Document) []byte {
	t.Helper()
	var one Document
	for _, d := range list {
		one.Statements = append(one.Statements, d.Statements...)
	}
	text, err := one.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

// TestALifeUnderThePolicies takes a project through its life with only what the
// page allows, and proves that objects which a policy limits by berth's mark
// carry it at that time.
func TestALifeUnderThePolicies(t *testing.T) {
	t.Parallel()
	policy := allowed(t, documents(t)...)
	var apps []*app.App
	for _, file := range lives() {
		apps = append(apps, bed.App(t, file))
	}
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 2 * time.Second, Policy: policy})
		seen := marks(b)
		b.World.PutSecret("stored", "one")
		b.World.Owner().GiveBucket("shop-pics")
		for i, a := range apps {
			secrets(t, b, fmt.Sprint("value ", i))
			look(t, execute(t, b, a, deploy.Request{Deep: true}))
		}
		// Databases are restored from their snapshots, and shrink again.
		execute(t, b, apps[len(apps)-1], deploy.Request{Down: true})
		for _, a := range []*app.App{apps[len(apps)-1], apps[0]} {
			execute(t, b, a, deploy.Request{})
		}
		execute(t, b, apps[0], deploy.Request{Down: true, DeleteData: true})
		recorded(t, b)
		for _, action := range marked() {
			if proxy, ok := notInLife()[action]; ok {
				action = proxy
			}
			switch carried, met := seen()[action]; {
			case action == "":
			case !met:
				t.Errorf("the life never meets %s", action)
			case !carried:
				t.Errorf("nobody knows whether what %s is about carries the mark", action)
			}
		}
	})
}

// notInLife are the marked actions that the life does not use, because they
// repair what was changed behind berth's back, and the action that deletes the
// same object. Projects of CodeBuild are in TestALifeInTheAccount.
func notInLife() map[string]string {
	return map[string]string{
		"codebuild:DeleteProject":                           "",
		"ecs:UpdateCluster":                                 "ecs:DeleteCluster",
		"elasticfilesystem:DeleteFileSystemPolicy":          "elasticfilesystem:DeleteFileSystem",
		"elasticloadbalancing:ModifyLoadBalancerAttributes": "elasticloadbalancing:DeleteLoadBalancer",
		"elasticloadbalancing:ModifyRule":                   "elasticloadbalancing:DeleteRule",
		"elasticloadbalancing:ModifyTargetGroup":            "elasticloadbalancing:DeleteTargetGroup",
	}
}

// marks watches the calls of a world: for each marked action, it notes whether
// the object had berth's mark just before.
func marks(b *bed.Bed) func() map[string]bool {
	var mu sync.Mutex
	seen := map[string]bool{}
	b.World.Inject(func(c sandbox.Call) sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range c.Actions {
			if !slices.Contains(marked(), a) {
				continue
			}
			carries := seen[a]
			for _, arn := range c.Resources {
				tags, _ := b.World.TagsOf(arn)
				carries = carries || tags["berth:owner"] != ""
			}
			seen[a] = carries
		}
		return sandbox.Fault{}
	})
	return func() map[string]bool {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(seen)
	}
}

// recorded compares the record of a life with the tables: the policies that are
// read from the source must cover what a life needs.
func recorded(t *testing.T, b *bed.Bed) {
	t.Helper()
	for _, beyond := range recordedBeyond(b.World.Calls()) {
		t.Errorf("the table of implied permissions does not know that %s", beyond)
	}
	for _, c := range b.World.Calls() {
		if strings.HasPrefix(c.Code, "AccessDenied") || c.Code == "UnauthorizedOperation" {
			t.Errorf("%s %s of %v is denied", c.Service, c.Operation, c.Resources)
		}
	}
}

// TestALifeInTheAccount lets CodeBuild build an image, once successfully and
// once with an error, whose log it reads.
func TestALifeInTheAccount(t *testing.T) {
	t.Parallel()
	policy := allowed(t, documents(t)...)
	const file = "name: shop\nservices: {web: {build: {dockerfile_inline: \"FROM %s\"}, expose: ['80']}}\n"
	well, badly := bed.App(t, fmt.Sprintf(file, "nginx:1")), bed.App(t, fmt.Sprintf(file, "sandbox/build-error"))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, Policy: policy})
		b.InAccount = true
		seen := marks(b)
		execute(t, b, well, deploy.Request{Deep: true})
		p, err := b.Start(t.Context(), badly)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Do(t.Context(), deploy.Request{}); err == nil {
			t.Error("the build that is to fail does not")
		}
		execute(t, b, well, deploy.Request{Down: true, DeleteData: true})
		recorded(t, b)
		if !seen()["codebuild:DeleteProject"] {
			t.Error("nobody knows whether the project of CodeBuild carries the mark")
		}
	})
}

// TestReadingNeedsNoMore reads a running project with only berth-read: plan,
// infra status, ps and logs. It changes nothing, and a change is refused.
func TestReadingNeedsNoMore(t *testing.T) {
	t.Parallel()
	read, files := documents(t)[0], lives()
	before, after := bed.App(t, files[0]), bed.App(t, files[2])
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond})
		b.World.PutSecret("stored", "one")
		b.World.Owner().GiveBucket("shop-pics")
		b.SetSecret(t, "shop-dev", "TOKEN", "one")
		execute(t, b, before, deploy.Request{})
		if err := b.World.SetPolicy(allowed(t, read)); err != nil {
			t.Fatal(err)
		}
		first := len(b.World.Calls())
		p, err := b.Start(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Plan(t.Context(), deploy.Request{Deep: true, ReadOnly: true}); err != nil {
			t.Errorf("plan: %v", err)
		}
		look(t, p)
		for _, c := range b.World.Calls()[first:] {
			if c.Code == "AccessDeniedException" || c.Code == "AccessDenied" || c.Code == "UnauthorizedOperation" {
				t.Errorf("%s %s needs %v", c.Service, c.Operation, c.Actions)
			}
			for _, a := range c.Actions {
				if _, op, _ := strings.Cut(a, ":"); !reads(a, op) {
					t.Errorf("%s %s needs %s", c.Service, c.Operation, a)
				}
			}
		}
		if _, _, err := p.Do(t.Context(), deploy.Request{}); err == nil {
			t.Error("who may only read brings the project up")
		}
	})
}

// pushes are the actions of docker push, which makes its calls itself.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
func pushes() []string {
	return []string{
		"ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload",
		"ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage", "ecr:GetDownloadUrlForLayer",
	}
}

// secrets does what the commands of `berth secret` do.
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

// execute does one run in a separate process.
func execute(t *testing.T, b *bed.Bed, a *app.App, req deploy.Request) *bed.Process {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Do(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return p
}

// look reads what ps, logs and the diagnosis of a failure read.
func look(t *testing.T, p *bed.Process) {
	t.Helper()
	if _, err := p.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := p.Logs(t.Context(), []string{"web"}, status.LogOptions{Tail: 5}, func(status.Line) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deploy.Why(t.Context(), p.Project); err != nil {
		t.Fatal(err)
	}
	if err := events.Show(t.Context(), p.Project, nil, events.Options{}, func(events.Event) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Read(t.Context(), p.Project); err != nil {
		t.Fatal(err)
	}
}

// TestEveryUnlimitedDeletionHasAReason: the page lists exactly the actions that
// may delete any object of the account, each with the reason.
func TestEveryUnlimitedDeletionHasAReason(t *testing.T) {
	t.Parallel()
	var found []string
	for _, d := range documents(t) {
		for _, s := range d.Statements {
			if s.Condition != nil || !slices.Equal(s.Resource, []string{"*"}) {
				continue
			}
			for _, a := range s.Action {
				if _, op, _ := strings.Cut(a, ":"); strings.HasPrefix(op, "Delete") || strings.HasPrefix(op, "Deregister") || strings.HasPrefix(op, "Release") {
					found = append(found, a)
				}
			}
		}
	}
	slices.Sort(found)
	if want := slices.Sorted(maps.Keys(unmarked())); !slices.Equal(found, want) {
		t.Errorf("deletions of any object: %v, unmarked in test/permissions/scopes.go has %v: put a deletion into marked, or into unmarked with its reason", found, want)
	}
}

// TestDocumentsKeepEveryAction proves that dividing and limiting drops no
// action.
func TestDocumentsKeepEveryAction(t *testing.T) {
	t.Parallel()
	actions := append(marked(), "ec2:CreateVpc", "iam:CreateRole", "iam:ListRoles", "iam:PassRole", "logs:CreateLogGroup", "s3:PutObject")
	var all string
	for _, d := range Documents(slices.Clone(actions)) {
		text, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		all += text
	}
	for _, a := range actions {
		want := 1
		for _, s := range scopes() {
			if s.also && s.matches(a) {
				want = 2
			}
		}
		if strings.Count(all, `"`+a+`"`) != want {
			t.Errorf("%s stands %d times in the policies", a, strings.Count(all, `"`+a+`"`))
		}
	}
}

// TestEveryMarkedActionIsSent finds limits on actions that berth no longer
// uses.
func TestEveryMarkedActionIsSent(t *testing.T) {
	t.Parallel()
	var actions []string
	for _, o := range sent(t) {
		actions = append(actions, o.actions()...)
	}
	for _, a := range marked() {
		if !slices.Contains(actions, a) {
			t.Errorf("berth never needs %s", a)
		}
	}
}
