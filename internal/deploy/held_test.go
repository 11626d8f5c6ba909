package deploy_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// What somebody else has put into the network is named as soon as a teardown
// waits for it, and when it gives up.
func TestDownSaysWhatHoldsTheNetwork(t *testing.T) {
	t.Parallel()
	a := bed.App(t, alone)
	for _, tt := range []struct {
		name, typ string
		// plant puts something there and returns what is to be told of it.
		plant func(t *testing.T, b *bed.Bed, api *ec2.Client, n network) []string
	}{
		{"a network interface", "ec2.subnet", func(_ *testing.T, b *bed.Bed, _ *ec2.Client, n network) []string {
			return []string{b.World.AddInterface(n.subnet, nil, "bastion of ops"), "bastion of ops", "amazon-ec2", "since 20"}
		}},
		{"a network interface in a group", "ec2.security-group", func(_ *testing.T, b *bed.Bed, _ *ec2.Client, n network) []string {
			return []string{b.World.AddInterface(n.subnet, []string{n.group}, "bastion of ops"), "bastion of ops"}
		}},
		{"a reference of a group", "ec2.security-group", func(t *testing.T, _ *bed.Bed, api *ec2.Client, n network) []string {
			id := foreignGroup(t, api, n)
			_, err := api.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: &id, IpPermissions: []types.IpPermission{{
					IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
					UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &n.group}},
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return []string{id, "of-ops"}
		}},
		{"a group", "ec2.vpc", func(t *testing.T, _ *bed.Bed, api *ec2.Client, n network) []string {
			return []string{foreignGroup(t, api, n), "of-ops"}
		}},
		{"a subnet", "ec2.vpc", func(t *testing.T, _ *bed.Bed, api *ec2.Client, n network) []string {
			out, err := api.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
				VpcId: &n.vpc, CidrBlock: aws.String(strings.Join(strings.Split(n.cidr, ".")[:2], ".") + ".255.0/24"),
				TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSubnet, Tags: []types.Tag{
					{Key: aws.String("Name"), Value: aws.String("lambda of ops")},
				}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return []string{*out.Subnet.SubnetId, "lambda of ops"}
		}},
		{"an endpoint", "ec2.vpc", func(t *testing.T, b *bed.Bed, api *ec2.Client, n network) []string {
			out, err := api.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{
				VpcId: &n.vpc, ServiceName: aws.String("com.amazonaws." + b.World.Region() + ".s3"),
			})
			if err != nil {
				t.Fatal(err)
			}
			return []string{*out.VpcEndpoint.VpcEndpointId, "com.amazonaws", "since 20"}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				api := ec2.NewFromConfig(b.World.Config())
				words := tt.plant(t, b, api, networkOf(t, api))
				time.Sleep(15 * time.Second) // until lists show it
				var first, told time.Time
				p.Observe = bed.Events(func(e engine.Event) {
					waits := e.Address.Type == tt.typ && e.Kind == engine.Waiting
					if waits && first.IsZero() && strings.Contains(e.Detail, "still in use") {
						first = e.Time
					}
					if waits && told.IsZero() && containsAll(e.Detail, words) {
						told = e.Time
					}
				})
				_, _, err = p.Do(t.Context(), deploy.Request{Down: true, Timeout: 12 * time.Minute})
				if err == nil || !containsAll(err.Error(), words) {
					t.Errorf("at the deadline: %v; want %q", err, words)
				}
				if told.IsZero() || told.Sub(first) > 10*time.Second {
					t.Errorf("told %s after the first refusal (at all: %v)", told.Sub(first), !told.IsZero())
				}
			})
		})
	}
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// network is a part of what an environment has.
type network struct{ vpc, cidr, subnet, group string }

func networkOf(t *testing.T, api *ec2.Client) network {
	t.Helper()
	owned := []types.Filter{{Name: aws.String("tag-key"), Values: []string{engine.TagOwner}}}
	vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: owned})
	if err != nil {
		t.Fatal(err)
	}
	subnets, err := api.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: owned})
	if err != nil {
		t.Fatal(err)
	}
	groups, err := api.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{Filters: owned})
	if err != nil {
		t.Fatal(err)
	}
	return network{*vpcs.Vpcs[0].VpcId, *vpcs.Vpcs[0].CidrBlock, *subnets.Subnets[0].SubnetId, *groups.SecurityGroups[0].GroupId}
}

func foreignGroup(t *testing.T, api *ec2.Client, n network) string {
	t.Helper()
	out, err := api.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
		VpcId: &n.vpc, GroupName: aws.String("of-ops"), Description: aws.String("somebody else's"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.GroupId
}

// TestWhatIsWaitedForIsSaidInWords: while a teardown waits for what AWS refuses to delete
// yet, no event shows AWS's code.
func TestWhatIsWaitedForIsSaidInWords(t *testing.T) {
	t.Parallel()
	raw := regexp.MustCompile(`\b[A-Z]\w+: [A-Z]\w+: |DependencyViolation|ResourceInUse`)
	a := bed.App(t, `name: words
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    healthcheck: { test: ["CMD", "true"] }
    volumes: ["files:/data"]
    depends_on: [db, cache]
  db:
    image: postgres:16
    x-berth: { managed: true }
  cache:
    image: redis:7.4
    x-berth: { managed: true }
volumes: { files: {} }
`)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		p.Observe = bed.Events(func(e engine.Event) {
			if e.Kind == engine.Waiting && raw.MatchString(e.Detail) {
				t.Errorf("%s: %s", e.Address, e.Detail)
			}
			if strings.HasPrefix(e.Detail, "still in use") {
				said++
			}
		})
		if _, _, err := p.Do(t.Context(), deploy.Request{Down: true, DeleteData: true}); err != nil {
			t.Fatal(err)
		}
		if said == 0 {
			t.Error("nothing was waited for")
		}
	})
}
