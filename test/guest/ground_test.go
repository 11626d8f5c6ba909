package guest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

func options() sandbox.Options {
	return sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true}
}

// host makes the account's existing objects in a sandbox.
type host struct {
	*testing.T
	ec2 *ec2.Client
	ecs *ecs.Client
	elb *elb.Client
	iam *iam.Client
}

func newHost(t *testing.T, b *bed.Bed) host {
	t.Helper()
	cfg := b.World.Config()
	return host{t, ec2.NewFromConfig(cfg), ecs.NewFromConfig(cfg), elb.NewFromConfig(cfg), iam.NewFromConfig(cfg)}
}

// others returns everything in the world except berth's bucket, line by line.
func others(b *bed.Bed) []string {
	return slices.DeleteFunc(strings.Split(b.World.Dump(), "\n"), func(l string) bool { return strings.HasPrefix(l, "<s3.") })
}

// check fails the test if a call that must work fails, and waits until its
// effect is visible everywhere.
func check[T any](h host, out T, err error) T {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
	time.Sleep(15 * time.Second)
	return out
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// role makes a role that tasks can start with, and returns its ARN.
func (h host) role(name string) string {
	h.Helper()
	out, err := h.iam.CreateRole(h.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)})
	arn := aws.ToString(check(h, out, err).Role.Arn)
	attached, err := h.iam.AttachRolePolicy(h.Context(), &iam.AttachRolePolicyInput{
		RoleName: &name, PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"),
	})
	check(h, attached, err)
	return arn
}

// linkedRoles makes the service-linked roles that berth's projects need.
func (h host) linkedRoles() {
	h.Helper()
	for _, service := range []string{"ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com"} {
		out, err := h.iam.CreateServiceLinkedRole(h.Context(), &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service})
		check(h, out, err)
	}
	time.Sleep(time.Minute) // until they are visible everywhere
}
