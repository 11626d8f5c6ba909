package moto

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/aws"
)

// whole is a project with every resource type that moto has: that of everything, and a host in
// an existing zone, one in a zone that berth makes, listeners of both kinds of balancers,
// further names, a managed database, a service that is scaled with its load and by the clock, and an image that is built. Its events are kept.
func whole(version string) string {
	return fmt.Sprintf(`
name: whole
x-berth: {preset: balanced, dns: {auto_create: true}, events: true}
services:
  site:
    image: nginx:%[1]s
    expose: ["80"]
    x-berth: {host: shop.example.com, autoscaling: {schedule: [{cron: "0 3 1 7 *", max: 1}]}}
  other:
    image: nginx:1.28
    expose: ["80"]
    hostname: second
    x-berth: {host: www.example.org}
  web:
    build: {context: ./web, secrets: [NPM]}
    ports: ["8080:80"]
    depends_on: {migrate: {condition: service_completed_successfully}}
    environment: [TOKEN, "URL=redis://:${TOKEN}@redis", "DATABASE_HOST=db"]
    secrets: [TOKEN]
    x-berth:
      policies: [AmazonS3ReadOnlyAccess]
      secrets: {STORED: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stored"}
  mq:
    image: rabbitmq:4
    ports: [{target: 5672, published: "5672", app_protocol: tcp}]
    healthcheck: {test: ["CMD", "rabbitmq-diagnostics", "ping"]}
    x-berth: {public: true}
  db:
    image: postgres:16
    x-berth: {managed: postgres}
  migrate:
    image: busybox:%[1]s
    restart: "no"
    volumes: ["data:/data"]
  nightly:
    image: busybox:%[1]s
    x-berth: {schedule: "0 3 * * *"}
volumes: {data: {}}
secrets: {TOKEN: {external: true}, NPM: {environment: NPM_TOKEN}}
`, version)
}

// without returns the types that this test leaves out, with the reason. The
// sandbox has them: test/crash takes all except Cloudflare's through life and
// death, and names_cloudflare*.txtar in internal/command cover those two.
func without() map[string]string {
	return map[string]string{
		"elasticache.subnet-group":      "moto does not delete subnet groups",
		"elasticache.replication-group": "moto does not change caches and keeps no snapshots",
		"cloudflare.record":             "it is not of AWS",
		"cloudflare.zone":               "it is not of AWS",
		"s3files.file-system":           "moto has no S3 Files",
		"s3files.mount-target":          "moto has no S3 Files",
		"s3files.access-point":          "moto has no S3 Files",
		"cloudwatch.alarm":              "moto does not know the protocol of newer SDKs for CloudWatch",
		"ecs.capacity-provider":         "moto has no Managed Instances",
		"ecs.group-provider":            "moto has no requirements of the instances of a group",
		"autoscaling.group":             "moto has no requirements of the instances of a group",
		"ec2.launch-template":           "only Auto Scaling groups need one",
		"iam.instance-profile":          "only instances have one, which this test leaves out",
	}
}

// TestWhole takes a project with every resource type through its life: up, an
// empty second plan, a change, and down, after which only the named objects are
// left; then nothing. No secret's value is ever printed.
func TestWhole(t *testing.T) {
	t.Parallel()
	m := start(t, "MOTO_ACM_VALIDATION_WAIT=0")
	m.docker(t)
	m.zone(t, "example.com")
	dir := project(t, whole("1.28"))
	buildable(t, dir, "web")
	m.keep = true
	before := m.world(t) + "\n" + m.data(t)
	m.secrets(t, dir)
	values := m.values(t, dir)

	used := map[string]bool{}
	m.planned(t, dir, used)
	m.berth(t, dir, "up", "--yes", "--debug").mustExit(t, 0)
	values[password] = m.parameter(t, "/berth/whole-dev/whole/db/password")
	// No resolver asks a zone that was just made: its certificate, which moto
	// issues without checking, is for the next run.
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	m.berth(t, dir, "plan", "--deep", "--exit-code").mustExit(t, 0)

	// moto's builds cannot be read, so CodeBuild's project comes later, for an
	// image that exists.
	write(t, dir, whole("1.29"))
	m.planned(t, dir, used, "--builder", "codebuild")
	m.berth(t, dir, "up", "--yes", "--builder", "codebuild", "--json").mustExit(t, 0)
	for _, args := range [][]string{{"ps"}, {"logs"}, {"config"}, {"graph"}, {"secret", "ls"}} {
		m.berth(t, dir, args...).mustExit(t, 0)
	}
	m.loosened(t, dir)
	m.berth(t, dir, "plan", "--deep", "--exit-code", "--builder", "codebuild").mustExit(t, 0)

	m.planned(t, dir, used, "--down")
	m.berth(t, dir, "down", "--yes").mustExit(t, 0)
	if diff := cmp.Diff(stays(), lines(m.world(t)+"\n"+m.data(t), before)); diff != "" {
		t.Errorf("left after down (-want +got):\n%s", diff)
	}
	m.berth(t, dir, "down", "--yes", "--delete-data").mustExit(t, 0)
	if after := m.world(t) + "\n" + m.data(t); after != before {
		t.Errorf("left after down:\n%s\nbefore up there was:\n%s", after, before)
	}

	m.nowhere(t, dir, values, "secrets.env", ".env")
	for _, typ := range aws.Types(m.clients(), aws.Place{}) {
		name := typ.Spec().Name
		switch why := without()[name]; {
		case !used[name] && why == "":
			t.Errorf("%s: the project does not use it", name)
		case used[name] && why != "":
			t.Errorf("%s: the project uses it: take it off the list", name)
		}
	}
}

// password is the name that values gives to the password that berth makes.
const password = "the database's password"

// values returns a value to search for, for each kind of secret.
func (s *server) values(t *testing.T, dir string) map[string]string {
	t.Helper()
	for name, content := range map[string]string{"secrets.env": "TOKEN=marker-token\n", ".env": "NPM_TOKEN=marker-build\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.berth(t, dir, "secret", "import", "secrets.env").mustExit(t, 0)
	return map[string]string{
		"TOKEN": "marker-token", "the build's secret": "marker-build", "the stored secret": "marker-stored",
		"the caller's key": secretKey, "the registry's password": "123456789012-auth-token",
	}
}

// stays returns what a teardown leaves: the data, its keys and logs, and the
// zone, whose name servers are set at the registrar by then.
func stays() []string {
	return []string{
		"file system 0 mount targets, 0 access points",
		"log group /aws/events/berth/whole-dev/whole/ecs", "log group /berth/whole-dev/whole/_builds", "log group /berth/whole-dev/whole/migrate", "log group /berth/whole-dev/whole/mq",
		"log group /berth/whole-dev/whole/nightly",
		"log group /berth/whole-dev/whole/other", "log group /berth/whole-dev/whole/site", "log group /berth/whole-dev/whole/web",
		"parameter /berth/whole-dev/TOKEN", "parameter /berth/whole-dev/whole/db/password",
		"record example.org. NS", "record example.org. SOA", "snapshot db-ndqlgxoyei-final", "zone example.org.",
	}
}

// planned notes the types in a plan.
func (s *server) planned(t *testing.T, dir string, used map[string]bool, args ...string) {
	t.Helper()
	r := s.berth(t, dir, append([]string{"plan", "--json"}, args...)...)
	r.mustExit(t, 0)
	var plan struct {
		Actions []struct{ Type string }
	}
	if err := json.Unmarshal([]byte(r.out), &plan); err != nil {
		t.Fatal(err)
	}
	for _, a := range plan.Actions {
		used[a.Type] = true
	}
}

// buildable makes a folder from which an image can be built.
func buildable(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "Dockerfile"), []byte("FROM nginx:1.28\nCOPY . /site\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lines returns the lines of a text that another one does not have.
func lines(text, other string) []string {
	old := strings.Split(other, "\n")
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return slices.Contains(old, l) })
}
