package blueprint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
)

// pattern is AWS's rule for a name: the whole name must match it, and must not match
// refused.
type pattern struct{ match, refused string }

// patterns are AWS's rules by type and attribute, from the "Pattern" and
// "Constraints" of each service's API reference.
func patterns() map[string]pattern {
	const anyEnd = `[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?`
	// RDS and ElastiCache: a letter first, single hyphens, none at the end.
	dashed := func(most int) string { return fmt.Sprintf(`[a-z](-?[a-z0-9]){0,%d}`, most-1) }
	const label = `([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)`
	return map[string]pattern{
		// ELB: CreateLoadBalancer and CreateTargetGroup, Name.
		"elb.load-balancer name": {anyEnd, `^internal-`},
		"elb.target-group name":  {anyEnd, ``},
		// RDS: CreateDBInstance, CreateDBSubnetGroup, CreateDBParameterGroup.
		"rds.instance name":        {dashed(63), ``},
		"rds.instance database":    {`[a-zA-Z][a-zA-Z0-9_]{0,62}`, ``},
		"rds.instance user":        {`[a-zA-Z][a-zA-Z0-9_]{0,62}`, `(?i)^(rdsadmin|pg_.*)$`},
		"rds.subnet-group name":    {`[a-z0-9._ -]{1,255}`, `^default$`},
		"rds.parameter-group name": {dashed(255), ``},
		// ElastiCache: CreateReplicationGroup, CreateCacheSubnetGroup.
		"elasticache.replication-group name": {dashed(40), ``},
		"elasticache.subnet-group name":      {`[a-z0-9-]{1,255}`, `^default$`},
		// ECS: CreateCluster, CreateService, RegisterTaskDefinition.
		"ecs.cluster name":           {`[a-zA-Z0-9_-]{1,255}`, ``},
		"ecs.service name":           {`[a-zA-Z0-9_-]{1,255}`, ``},
		"ecs.task-definition family": {`[a-zA-Z0-9_-]{1,255}`, ``},
		"ecs.job family":             {`[a-zA-Z0-9_-]{1,255}`, ``},
		// IAM: CreateRole, RoleName and Path.
		"iam.role name": {`[\w+=,.@-]{1,64}`, ``},
		"iam.role path": {`/([!-.0-~]{1,}/)*`, ``},
		// Logs: CreateLogGroup; names do not begin with aws/.
		"logs.log-group name": {`[.\-_/#A-Za-z0-9]{1,512}`, `^aws/`},
		// Cloud Map: CreatePrivateDnsNamespace and CreateService.
		"sd.namespace name": {`(` + label + `\.)*` + label, ``},
		"sd.service name":   {label, ``},
		// EC2: CreateSecurityGroup, GroupName.
		"ec2.security-group name": {`[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}`, `^sg-`},
		// SSM: PutParameter; names do not begin with aws or ssm.
		"ssm.parameter name": {`(/[a-zA-Z0-9_.-]+){1,15}`, `(?i)^/?(aws|ssm)`},
		"ssm.password name":  {`(/[a-zA-Z0-9_.-]+){1,15}`, `(?i)^/?(aws|ssm)`},
		// ECR: CreateRepository, repositoryName.
		"ecr.repository name": {`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`, `^.?$`},
		// CodeBuild: CreateProject, name.
		"codebuild.project name": {`[A-Za-z0-9][A-Za-z0-9_-]{1,149}`, ``},
	}
}

// longest are the limits of names whose pattern has none.
func longest(key string) int {
	switch key {
	case "iam.role path":
		return 512
	case "sd.namespace name":
		return 253
	case "ecr.repository name":
		return 256
	}
	return 1011
}

// TestNamesThatAWSTakes makes every type's names from projects, environments and
// services whose own names resemble names that AWS reserves.
func TestNamesThatAWSTakes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 39)
	known, used := patterns(), map[string]bool{}
	for _, name := range []string{
		"internal", "internal-tools", "internal_tools", "internally", "aws", "ssm-x", "sg-1", "1st", "9", "a__b", "a--b", "default", "x" + long,
	} {
		// A shared environment has the project's name, if that is valid.
		shared := ""
		if !strings.ContainsAny(name, "_91") && len(name) < 30 {
			shared = name
		}
		for env, shared := range map[string]string{"dev": "", "aws": shared} {
			t.Run(name+"/"+env+"/"+shared, func(t *testing.T) {
				for _, n := range hostile(t, name, env, shared).Nodes() {
					for _, a := range engine.AttrsOf(n.Resource) {
						key := n.Address.Type + " " + a.Name
						p, ok := known[key]
						if a.Name == "name" && !ok && !slices.Contains([]string{"route53.record", "ecr.image"}, n.Address.Type) {
							t.Errorf("%s has no pattern", key)
						}
						if !ok || !a.Known || a.Value == "" {
							continue
						}
						used[key] = true
						if len(a.Value) > longest(key) {
							t.Errorf("%s: %s has %d characters", n.Address, key, len(a.Value))
						}
						if !regexp.MustCompile(`^(`+p.match+`)$`).MatchString(a.Value) ||
							p.refused != "" && regexp.MustCompile(p.refused).MatchString(a.Value) {
							t.Errorf("%s: AWS refuses %s %q", n.Address, a.Name, a.Value)
						}
					}
				}
			})
		}
	}
	for key := range known {
		if !used[key] {
			t.Errorf("no graph has a %s", key)
		}
	}
}

// hostile is the graph of a project with every type, whose services all have the
// project's name.
func hostile(t *testing.T, name, env, shared string) *engine.Graph {
	t.Helper()
	text := fmt.Sprintf(`name: %[1]q
x-berth: {environment: %[2]q}
services:
  "%[1]s":
    build: .
    ports: ["8080:80", "9000:9000"]
    volumes: ["%[1]s:/data"]
    environment: {DATABASE_HOST: %[1]s-db, URL: "postgres://x:${PW}@db/x"}
    depends_on: {"%[1]s-job": {condition: service_completed_successfully}}
    x-berth: {public: true}
  "internal-%[1]s": {image: "nginx:1", ports: ["80:80"]}
  "%[1]s-job": {image: "nginx:1", restart: "no", secrets: ["%[1]s"], volumes: ["%[1]s-2:/data"]}
  "%[1]s-db": {image: "postgres:16", x-berth: {managed: true}}
  "%[1]s-my": {image: "mysql:8.4", environment: {MYSQL_DATABASE: shop, MYSQL_USER: app}, x-berth: {managed: true}}
  "%[1]s-cache": {image: "redis:7", x-berth: {managed: true}}
volumes: {"%[1]s": {}, "%[1]s-2": {}}
secrets: {"%[1]s": {environment: PW}}
`, name, shared)
	if shared == "" {
		text = strings.Replace(text, "x-berth: {environment: \"\"}\n", "", 1)
	}
	return graphOf(t, text, env)
}

// graphOf is the graph of a Compose file next to a Dockerfile, with builds in the
// account.
func graphOf(t *testing.T, text, env string, change ...func(*Facts)) *engine.Graph {
	t.Helper()
	dir := t.TempDir()
	for file, content := range map[string]string{"compose.yaml": text, "Dockerfile": "FROM scratch\nEXPOSE 9000\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if env != "dev" {
		if err := os.WriteFile(filepath.Join(dir, "compose."+env+".yaml"), []byte("services: {}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Environment: env, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := app.From(p, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := facts()
	f.BuildsInAccount = true
	for _, c := range change {
		c(&f)
	}
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
