package deploy_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
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

// TestNetworksStayInTheirZones: a network that stands in a zone which would not
// be chosen any more stays there, whole or half of it, and grows into others.
func TestNetworksStayInTheirZones(t *testing.T) {
	t.Parallel()
	zones := func(n string) *app.App { return bed.App(t, alone+"x-berth: {network: {zones: "+n+"}}\n") }
	one, two, three := zones("1"), zones("2"), zones("3")
	for name, before := range map[string]*app.App{"the whole network": two, "half of it": one} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Region: "us-east-1"})
				b.World.Inject(func(sandbox.Call) sandbox.Fault {
					return sandbox.Fault{Alter: func(out any) { // as it was when all zones were chosen from
						if list, ok := out.(*ec2.DescribeAvailabilityZonesOutput); ok {
							for i := range list.AvailabilityZones {
								list.AvailabilityZones[i].ZoneId = aws.String("use1-az1")
							}
						}
					}}
				})
				mustRun(t, b, before, deploy.Request{})
				b.World.Inject(nil)
				was := subnetsOf(t, b)
				if was[b.World.Region()+"a"] == "" {
					t.Fatalf("no subnet is in the zone: %v", was)
				}
				for _, a := range []*app.App{before, two, three} {
					f := mustRun(t, b, a, deploy.Request{Deep: true})
					if a == before && f.Plan.Changes() {
						t.Errorf("nothing has changed:\n%s", f.Plan)
					}
					now := subnetsOf(t, b)
					for zone, ids := range was {
						if now[zone] != ids {
							t.Errorf("%s: %s, was %s:\n%s", zone, now[zone], ids, f.Plan)
						}
					}
					if want := a.Settings.Zones.Value; len(now) != want {
						t.Errorf("subnets in %v, want %d zones", now, want)
					}
				}
			})
		})
	}
}

// subnetsOf are the ids of berth's subnets, by their zone.
func subnetsOf(t *testing.T, b *bed.Bed) map[string]string {
	t.Helper()
	out, err := ec2.NewFromConfig(b.World.Config()).DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{
		Filters: []types.Filter{{Name: aws.String("tag-key"), Values: []string{engine.TagOwner}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out.Subnets, func(x, y types.Subnet) int { return strings.Compare(*x.SubnetId, *y.SubnetId) })
	ids := map[string]string{}
	for _, s := range out.Subnets {
		ids[*s.AvailabilityZone] += *s.SubnetId + " "
	}
	return ids
}
