package deploy_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// deny refuses all reads of services, by their SDK ids.
func deny(b *bed.Bed, services ...string) {
	b.World.Inject(func(c sandbox.Call) sandbox.Fault {
		for _, s := range services {
			if c.Service == s && !c.Mutating {
				return sandbox.Fault{Kind: sandbox.Deny}
			}
		}
		return sandbox.Fault{}
	})
}

// Reads of a service that the project has never used may be refused: a teardown
// goes on without it. Where there is an object, or where nobody can tell, it
// fails and deletes nothing.
func TestDownWithReadsDenied(t *testing.T) {
	t.Parallel()
	plain := bed.App(t, alone)
	full := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	files := bed.App(t, `
name: pair
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    volumes: ["files:/data"]
    healthcheck: { test: ["CMD", "true"] }
volumes: {files: {}}
`)
	unused := []string{"RDS", "ElastiCache", "CodeBuild", "ECR", "EFS", "ACM", "Route 53", "SSM", "S3Files", "Elastic Load Balancing v2"}
	for _, service := range unused {
		t.Run("without "+service, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				deny(b, service)
				mustRun(t, b, plain, deploy.Request{})
				mustRun(t, b, plain, deploy.Request{Down: true})
				for _, left := range b.World.Leftovers() {
					if !strings.HasPrefix(left, "logs.") {
						t.Errorf("left: %s", left)
					}
				}
			})
		})
	}
	for _, tt := range []struct {
		name    string
		made    string
		denied  []string
		without bool // the service has been taken out of the file since
	}{
		{"a database", "data", []string{"RDS"}, false},
		{"a database that is not in the file any more", "data", []string{"RDS"}, true},
		{"a cache that is not in the file any more", "data", []string{"ElastiCache"}, true},
		{"a password that is not in the file any more", "data", []string{"SSM"}, true},
		{"files", "files", []string{"EFS"}, true},
		{"a load balancer", "files", []string{"Elastic Load Balancing v2"}, true},
		{"services", "files", []string{"ECS"}, true},
		{"roles", "files", []string{"IAM"}, true},
		{"nothing, and no index that tells", "plain", []string{"RDS", "Resource Groups Tagging API"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				a := map[string]func() error{
					"data":  func() error { _, err := b.Run(t.Context(), full, deploy.Request{}); return err },
					"files": func() error { _, err := b.Run(t.Context(), files, deploy.Request{}); return err },
					"plain": func() error { _, err := b.Run(t.Context(), plain, deploy.Request{}); return err },
				}[tt.made]
				if err := a(); err != nil {
					t.Fatal(err)
				}
				before := strings.Join(b.World.Leftovers(), "\n")
				deny(b, tt.denied...)
				now := full
				if tt.without {
					now = plain
				}
				_, err := b.Run(t.Context(), now, deploy.Request{Down: true})
				if err == nil || engine.ClassOf(err) != engine.Denied {
					t.Errorf("error %v, want that of the refused read", err)
				}
				if after := strings.Join(b.World.Leftovers(), "\n"); after != before {
					t.Errorf("something was deleted:\n%s\nbefore:\n%s", after, before)
				}
			})
		})
	}
}

// Whoever only looks sees all that can be read.
func TestOneRefusedReadIsOneRow(t *testing.T) {
	t.Parallel()
	a := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		for service, typ := range map[string]string{
			"RDS": "rds.instance", "ElastiCache": "elasticache.replication-group", "EC2": "ec2.vpc", "IAM": "iam.role",
			"CloudWatch Logs": "logs.log-group", "ECS": "ecs.service", "SSM": "ssm.password", "ServiceDiscovery": "sd.namespace",
		} {
			deny(b, service)
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			prepared, err := p.Plan(t.Context(), deploy.Request{Deep: true, ReadOnly: true, Lenient: true})
			if err != nil {
				t.Errorf("%s: %v", service, err)
				continue
			}
			if prepared.Observed.Unread[typ] == nil {
				t.Errorf("%s: %s is not told as unread: %v", service, typ, prepared.Observed.Unread)
			}
			if prepared.Observed.Len() < 20 {
				t.Errorf("%s: only %d objects are shown", service, prepared.Observed.Len())
			}
		}
	})
}
