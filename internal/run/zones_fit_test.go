package run_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestZonesWithEverything deploys private tasks behind a balancer, with a
// database and its standby, where some of the region's zones have no Fargate, no
// NAT gateways, no balancers or no Graviton: they are not in the network.
func TestZonesWithEverything(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
x-berth: {preset: balanced}
services:
  web:
    image: nginx:1.29
    platform: linux/arm64
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    deploy: {replicas: 2}
    environment: {DATABASE_HOST: db}
  db:
    image: postgres:16
    x-berth: {managed: {multi_az: true}}
`)
	for region, without := range map[string]string{
		"us-east-1": "use1-az3", "us-west-1": "usw1-az2", "ap-northeast-1": "apne1-az3", "cn-north-1": "cnn1-az3", "eu-central-1": "",
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bed.New(t, sandbox.Options{Seed: 1, Region: region})
			if _, err := b.Up(t.Context(), a); err != nil {
				t.Fatalf("%s: %v", region, err)
			}
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			out, err := p.Clients.EC2.DescribeSubnets(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			ours := 0
			for _, s := range out.Subnets {
				if *s.DefaultForAz {
					continue
				}
				ours++
				if !strings.Contains(*s.AvailabilityZoneId, "-az") || *s.AvailabilityZoneId == without {
					t.Errorf("%s: a subnet is in %s", region, *s.AvailabilityZoneId)
				}
			}
			if ours != 4 {
				t.Errorf("%s: %d subnets, want 4", region, ours)
			}
		})
	}
}
