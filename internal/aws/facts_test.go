package aws_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

func inSandbox(t *testing.T, quotas map[string]int, f func(t *testing.T, w *sandbox.World, c *aws.Clients)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, Quotas: quotas})
		if err != nil {
			t.Fatal(err)
		}
		f(t, w, aws.NewClients(w.Config()))
	})
}

func TestFacts(t *testing.T) {
	t.Parallel()
	owner := engine.Owner{Environment: "shop-dev"}
	inSandbox(t, nil, func(t *testing.T, w *sandbox.World, c *aws.Clients) {
		ctx := t.Context()
		zones, err := c.Zones(ctx)
		if region := w.Config().Region; err != nil || len(zones) < 3 || zones[0] != region+"a" {
			t.Errorf("zones %v, %v", zones, err)
		}
		owns, err := c.OwnsAnything(ctx, []engine.Owner{owner})
		if err != nil || owns {
			t.Errorf("an empty account owns something: %t, %v", owns, err)
		}
		vpc, err := c.EC2.CreateVpc(ctx, &ec2.CreateVpcInput{
			CidrBlock: sdk.String("10.3.0.0/16"), TagSpecifications: tagged(types.ResourceTypeVpc, owner.String()),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"stack/shop-dev/shop", "stack/shop-dev/shop", "stack/shop-dev/blog"} {
			_, err := c.EC2.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
				VpcId: vpc.Vpc.VpcId, GroupName: sdk.String(fmt.Sprint(mark, time.Now().UnixNano())), Description: sdk.String("x"),
				TagSpecifications: tagged(types.ResourceTypeSecurityGroup, mark),
			})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		ranges, count, err := c.Ranges(ctx)
		if err != nil || count != 2 || !slices.Contains(ranges, "10.3.0.0/16") {
			t.Errorf("ranges %v of %d VPCs, %v", ranges, count, err)
		}
		marks, err := c.OwnersIn(ctx, *vpc.Vpc.VpcId)
		if want := []string{"stack/shop-dev/blog", "stack/shop-dev/shop"}; err != nil || !slices.Equal(marks, want) {
			t.Errorf("owners %v, %v, want %v", marks, err, want)
		}
		if owns, err = c.OwnsAnything(ctx, []engine.Owner{owner}); err != nil || !owns {
			t.Errorf("the owner of a VPC owns nothing: %t, %v", owns, err)
		}
	})
}

func tagged(kind types.ResourceType, owner string) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: []types.Tag{
		{Key: sdk.String(engine.TagOwner), Value: &owner},
	}}}
}

func TestCheckQuotas(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		quotas map[string]int
		needs  aws.Needs
		calls  int
		want   string
	}{
		{name: "nothing", calls: 0},
		{name: "below the usual limit", needs: aws.Needs{VPCs: 1, Gateways: 1}, calls: 2},
		{
			name: "above it", needs: aws.Needs{VPCs: 5}, calls: 2,
			want: "VPCs: 5 allowed, 1 in use, 5 more needed (quota L-F678F1CE)",
		},
		{name: "raised", quotas: map[string]int{"vpcs": 9}, needs: aws.Needs{VPCs: 5}, calls: 2},
		{
			name: "addresses", needs: aws.Needs{Addresses: 6}, calls: 2,
			want: "Elastic IP addresses: 5 allowed, 0 in use, 6 more needed (quota L-0263D0A3)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, tt.quotas, func(t *testing.T, w *sandbox.World, c *aws.Clients) {
				problems, err := c.CheckQuotas(t.Context(), tt.needs)
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				for _, p := range problems {
					got += p.String()
				}
				if got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
				if n := len(w.Calls()); n != tt.calls {
					t.Errorf("%d calls, want %d", n, tt.calls)
				}
			})
		})
	}
}
