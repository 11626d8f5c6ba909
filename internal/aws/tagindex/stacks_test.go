package tagindex_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// TestStacks: stacks are told from environments, and foreign tags are no stack.
func TestStacks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		api := ec2.NewFromConfig(w.Config())
		vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for name, owner := range map[string]string{
			"a": "stack/shop-dev/shop", "b": "stack/shop-dev/shop", "c": "stack/shop-prod/shop", "d": "env/shop-dev", "e": "somebody",
		} {
			_, err := api.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
				GroupName: aws.String(name), Description: aws.String(name), VpcId: vpcs.Vpcs[0].VpcId,
				TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSecurityGroup, Tags: []types.Tag{
					{Key: aws.String(engine.TagOwner), Value: aws.String(owner)},
					{Key: aws.String(engine.TagAddress), Value: aws.String("ec2.security-group/" + name)},
				}}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		got, err := tagindex.Stacks(t.Context(), resourcegroupstaggingapi.NewFromConfig(w.Config()))
		if err != nil {
			t.Fatal(err)
		}
		want := []tagindex.Stack{
			{Owner: engine.Owner{Environment: "shop-dev", Project: "shop"}, Services: []string{}},
			{Owner: engine.Owner{Environment: "shop-prod", Project: "shop"}, Services: []string{}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
