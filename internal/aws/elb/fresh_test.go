package elb_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkec2 "github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/internal/sandbox"
)

// fresh is a balancer with its network, with or without an internet gateway.
func fresh(region, scheme string, gateway bool) *engine.Graph {
	env, g := typetest.Env, engine.NewGraph()
	vpc := g.Add(env, "main", ec2.VPC{CIDR: "10.7.0.0/16", DNSHostnames: true, DNSSupport: true})
	var subnets []engine.Ref
	for i, zone := range []string{"a", "b"} {
		subnets = append(subnets, g.Add(env, "public-"+zone, ec2.Subnet{
			VPC: vpc.ID(), CIDR: fmt.Sprintf("10.7.%d.0/24", i), Zone: region + zone,
		}).ID())
	}
	group := g.Add(env, "balancer", ec2.SecurityGroup{VPC: vpc.ID(), Name: "berth-balancer", Description: "berth: balancer"})
	lb := g.Add(env, "main", elb.LoadBalancer{
		Name: naming.Name(env, region, "main", 32), Scheme: scheme, Subnets: subnets, SecurityGroups: []engine.Ref{group.ID()},
	})
	if gateway {
		lb.After(g.Add(env, "main", ec2.InternetGateway{VPC: vpc.ID()}), engine.Created)
	}
	g.Add(typetest.Stack, "web", elb.TargetGroup{
		Name: naming.Name(typetest.Stack, region, "web", 32), VPC: vpc.ID(), Port: 80, Version: "HTTP1",
		Path: "/", Matcher: "200-499", Interval: 5, Timeout: 4, Healthy: 2, Unhealthy: 6, DrainSeconds: 10,
	})
	return g
}

func freshKinds(cfg aws.Config) []engine.AnyType {
	api := sdkec2.NewFromConfig(cfg)
	return append(kinds(cfg), engine.Erase(ec2.VPCs{API: api}), engine.Erase(ec2.Subnets{API: api}),
		engine.Erase(ec2.SecurityGroups{API: api}), engine.Erase(ec2.InternetGateways{API: api}))
}

// TestNewNetwork makes balancers in networks that are just being made: ELB sees
// each of their parts later than EC2 does, by up to the longest lag. A part
// that really does not exist ends the run with AWS's message.
func TestNewNetwork(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: seed, MaxLag: 14 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			d := typetest.New(t, w.Config(), clock.Wall{}, freshKinds)
			d.Up(fresh(w.Config().Region, "internet-facing", true), false)
			d.Down()
		})
	}
	for scheme, works := range map[string]bool{"internet-facing": false, "internal": true} {
		typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
			d := typetest.New(t, cfg, clock.Wall{}, freshKinds)
			began := time.Now()
			err := d.Try(t.Context(), fresh(cfg.Region, scheme, false), false, engine.PlanOptions{})
			if works != (err == nil) {
				t.Errorf("%s without a gateway: %v", scheme, err)
			}
			if err != nil && !strings.Contains(err.Error(), "has no internet gateway") {
				t.Errorf("the error does not say what is missing: %v", err)
			}
			if took := time.Since(began); err != nil && took > 90*time.Second {
				t.Errorf("it took %v to say that the gateway is missing", took)
			}
		})
	}
}
