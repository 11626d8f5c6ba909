package deploy_test

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/schema"
	"github.com/berthdev/berth/test/bed"
)

// inVain are files that name what is not there, by the key of the schema or of
// Compose; @VPC@ and @SUBNET@ are there. The line of the second string, which
// is what is not there, is what an error must name.
func inVain() map[string][2]string {
	const (
		account = ":eu-central-1:123456789012:"
		role    = "arn:aws:iam::123456789012:role/none"
		system  = "arn:aws:s3files" + account + "file-system/fs-0123456789abcdef0"
		web     = "services:\n  web:\n    image: nginx:1.29\n    expose: ['80']\n"
		network = "x-berth:\n  network:\n    vpc: @VPC@\n    public_subnets: ['@SUBNET@']\n"
		inside  = "x-berth:\n  network: {tasks: private, nat: single}\n"
		mounted = "volumes: {pics: {external: true}}\n" + web + "    volumes: ['pics:/pics']\n"
		hosted  = web + "    x-berth: {host: app.example.com}\n"
	)
	own := func(key, id string) [2]string {
		return [2]string{web + "    x-berth:\n      " + key + ": " + id + "\n", id}
	}
	top := func(key, id string) [2]string { return [2]string{"x-berth:\n  " + key + ": " + id + "\n" + web, id} }
	return map[string][2]string{
		"environment.network.vpc":             {"x-berth:\n  network:\n    vpc: vpc-00000000\n    public_subnets: ['@SUBNET@']\n" + web, "vpc-00000000"},
		"environment.network.public_subnets":  {"x-berth:\n  network:\n    vpc: @VPC@\n    public_subnets: [subnet-00000000]\n" + web, "subnet-00000000"},
		"environment.network.private_subnets": {network + "    private_subnets: [subnet-00000000]\n" + web, "subnet-00000000"},
		"environment.network.security_groups": {network + "    security_groups: [sg-00000000]\n" + web, "sg-00000000"},
		"environment.network.elastic_ips":     {"x-berth:\n  network:\n    nat: single\n    elastic_ips: [eipalloc-00000000]\n" + web, "eipalloc-00000000"},
		"environment.dns.zone":                {"x-berth:\n  dns:\n    zone: Z0000000000000000000A\n" + hosted, "Z0000000000000000000A"},
		"environment.certificate": {"x-berth:\n  certificate: arn:aws:acm" + account + "certificate/00000000-0000-4000-a000-000000000000\n" + hosted,
			"arn:aws:acm" + account + "certificate/00000000-0000-4000-a000-000000000000"},
		"environment.cluster": top("cluster", "none"),
		"environment.load_balancer": {network + "  load_balancer: arn:aws:elasticloadbalancing" + account + "loadbalancer/app/none/0123456789abcdef\n" + web,
			"arn:aws:elasticloadbalancing" + account + "loadbalancer/app/none/0123456789abcdef"},
		"environment.execution_role_arn":   top("execution_role_arn", role),
		"environment.task_role_arn":        top("task_role_arn", role),
		"environment.permissions_boundary": top("permissions_boundary", "arn:aws:iam::123456789012:policy/none"),
		"environment.exec_audit":           top("exec_audit", "s3://none/sessions"),
		"environment.notify":               top("notify", "arn:aws:sns"+account+"none"),
		"environment.volumes.bucket":       {"x-berth:\n  volumes:\n    pics:\n      bucket: none\n" + mounted, "none"},
		"environment.volumes.file_system":  {"x-berth:\n  volumes:\n    pics:\n      file_system: fs-00000000\n" + mounted, "fs-00000000"},
		"environment.volumes.access_point": {"x-berth:\n  volumes:\n    pics:\n      file_system: fs-00000000\n      access_point: fsap-00000000\n" + mounted, "fsap-00000000"},
		"S3 Files":                         {"x-berth:\n  volumes:\n    pics:\n      file_system: " + system + "\n" + mounted, system},
		"service.policies":                 own("policies", "[arn:aws:iam::123456789012:policy/none]"),
		"a policy of AWS":                  own("policies", "[NoSuchPolicy]"),
		"service.execution_role_arn":       own("execution_role_arn", role),
		"service.task_role_arn":            own("task_role_arn", role),
		"service.security_groups":          {network + web + "    x-berth:\n      security_groups: [sg-00000000]\n", "sg-00000000"},
		"service.subnets":                  {network + web + "    x-berth:\n      subnets: [subnet-00000000]\n", "subnet-00000000"},
		"environment.capacity":             {inside + "  capacity: none\n" + web, "none"},
		"service.capacity":                 {inside + web + "    x-berth:\n      capacity: none\n", "none"},
		"service.secrets":                  own("secrets", "{A: /none}"),
		"an ARN in secrets":                own("secrets", "{A: 'arn:aws:secretsmanager"+account+"secret:none'}"),
		"service.pull_credentials":         own("pull_credentials", "arn:aws:secretsmanager"+account+"secret:none"),
		"service.schedule.dead_letter":     own("schedule", "{rate: 1 hour, dead_letter: none}"),
		"service.rollout.alarms":           {"services:\n  web:\n    image: nginx:1.29\n    ports: ['80:80']\n    x-berth:\n      rollout: {strategy: canary, alarms: [none]}\n", "none"},
		"service.autoscaling.queue":        own("autoscaling", "{queue: none}"),
		"an ARN in dead_letter":            own("schedule", "{rate: 1 hour, dead_letter: 'arn:aws:sqs"+account+"none'}"),
		"service.managed.from_snapshot":    {"services:\n  db:\n    image: postgres:16\n    x-berth:\n      managed:\n        from_snapshot: none\n", "none"},
		"a snapshot of a cache":            {"services:\n  db:\n    image: valkey/valkey:8\n    x-berth:\n      managed:\n        from_snapshot: none\n", "none"},
		"Compose: image by tag": {"services:\n  web:\n    image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/none:1\n",
			"123456789012.dkr.ecr.eu-central-1.amazonaws.com/none:1"},
		"Compose: image by digest": {"services:\n  web:\n    image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/none@sha256:" + strings.Repeat("0", 64) + "\n",
			"/none@sha256:"},
		"Compose: secrets": {"secrets:\n  s: {external: true, name: /none}\n" + web + "    secrets: [s]\n", "secrets: [s]"},
	}
}

// lookedUpElsewhere are keys that name something of AWS and are looked up before the
// reading of what is given: the role is assumed by the first call to Route 53.
var lookedUpElsewhere = []string{"environment.dns.role"}

// TestEveryGivenIDIsLookedUpFirst: what a file names and is not there is found
// before anything is created, for every key that there is.
func TestEveryExistingIDIsLookedUpFirst(t *testing.T) {
	t.Parallel()
	cases := inVain()
	for _, key := range keysWithIDs(t) {
		if _, ok := cases[key]; !ok && !slices.Contains(lookedUpElsewhere, key) {
			t.Errorf("the schema has %s, and nothing tests that it is looked up before the plan", key)
		}
	}
	fill := ground(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := "name: shop\n" + fill.Replace(c[0])
			a, at := bed.App(t, file), placeOf(file, c[1])
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Account: "123456789012"})
				f, err := b.Up(t.Context(), a)
				if err == nil || !strings.Contains(err.Error(), at+": ") {
					t.Errorf("got %v, want an error at %s", err, at)
				}
				remedied(t, err)
				for _, c := range f.Record {
					if c.Mutating {
						t.Errorf("%s %s before the refusal", c.Service, c.Operation)
					}
				}
			})
		})
	}
}

// remedied wants an error to say what to do.
func remedied(t *testing.T, err error) {
	t.Helper()
	var problems *app.Problems
	if errors.As(err, &problems) {
		for _, p := range problems.List {
			if p.Remedy == "" {
				t.Errorf("no remedy: %s", p.What)
			}
		}
		return
	}
	var own interface{ Remedy() string }
	if !errors.As(err, &own) || own.Remedy() == "" {
		t.Errorf("no remedy: %v", err)
	}
}

// placeOf is the line of a file that has the text last.
func placeOf(file, text string) string {
	lines := strings.Split(file, "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.Contains(lines[i], text) {
			return app.Position{File: "compose.yaml", Line: i + 1}.String()
		}
	}
	return ""
}

// ground reads the ids of the default VPC, which are the same in each world of
// one seed.
func ground(t *testing.T) *strings.Replacer {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1, Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	api := ec2.NewFromConfig(w.Config())
	vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	if err != nil {
		t.Fatal(err)
	}
	subnets, err := api.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: []types.Filter{
		{Name: aws.String("availability-zone"), Values: []string{"eu-central-1a"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("@VPC@", *vpcs.Vpcs[0].VpcId, "@SUBNET@", *subnets.Subnets[0].SubnetId)
}

// keysWithIDs are the schema's keys whose description, pattern or examples say
// that they name something of AWS.
func keysWithIDs(t *testing.T) []string {
	t.Helper()
	type node struct {
		Ref         string `json:"$ref"`
		Description string
		Pattern     string
		Examples    []any
		Properties  map[string]json.RawMessage
		Items       json.RawMessage
		Additional  json.RawMessage `json:"additionalProperties"`
		OneOf       []json.RawMessage
		AnyOf       []json.RawMessage
	}
	var root struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(schema.XBerth, &root); err != nil {
		t.Fatal(err)
	}
	says := regexp.MustCompile(`\b(ARNs?|ids?|[Ss]napshot that|that exists)\b`)
	looks := regexp.MustCompile(`arn:|[a-z]+-\[0-9a-f\]`)
	found := map[string]bool{}
	var walk func(raw json.RawMessage, key string)
	walk = func(raw json.RawMessage, key string) {
		var n node
		if len(raw) == 0 || raw[0] != '{' {
			return
		}
		if err := json.Unmarshal(raw, &n); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if def, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
			walk(root.Defs[def], key)
		}
		if says.MatchString(n.Description) || looks.MatchString(n.Pattern) {
			found[key] = true
		}
		for name, child := range n.Properties {
			walk(child, key+"."+name)
		}
		for _, child := range slices.Concat([]json.RawMessage{n.Items, n.Additional}, n.OneOf, n.AnyOf) {
			walk(child, key)
		}
	}
	for _, def := range []string{"environment", "service"} {
		walk(root.Defs[def], def)
	}
	keys := slices.Sorted(maps.Keys(found))
	if len(keys) < 20 {
		t.Fatalf("only %d keys name something of AWS: %v", len(keys), keys)
	}
	return keys
}

// TestEverythingGivenInVainIsToldAtOnce, and what the caller may not look at is
// a notice.
func TestEverythingExistingInVainIsToldAtOnce(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
services:
  web:
    image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/none:1
    x-berth:
      policies: [NoSuchPolicy]
      secrets: {A: /none}
  db:
    image: postgres:16
    x-berth: {managed: {from_snapshot: none}}
`)
	all := []string{"compose.yaml:4: ", "compose.yaml:6: ", "compose.yaml:7: ", "compose.yaml:10: "}
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Account: "123456789012"})
		_, err := b.Up(t.Context(), a)
		for _, at := range all {
			if err == nil || !strings.Contains(err.Error(), at) {
				t.Errorf("got %v, want an error at %s", err, at)
			}
		}
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		err = b.World.SetPolicy([]byte(`{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
			{"Effect": "Deny", "Action": ["iam:GetPolicy", "ecr:DescribeImages", "rds:DescribeDBSnapshots"], "Resource": "*"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		prepared, err := p.Plan(t.Context(), deploy.Request{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, lacks := range []string{"compose.yaml:4: ", "compose.yaml:6: ", "compose.yaml:10: "} {
			if !slices.ContainsFunc(prepared.Notices, func(n app.Notice) bool {
				return strings.HasPrefix(n.String(), lacks) && strings.Contains(n.Text, "it was not checked: the caller lacks")
			}) {
				t.Errorf("notices %v, want one at %s", prepared.Notices, lacks)
			}
		}
	})
}
