package world_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestDescribesLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 15 * time.Second
		w := sandboxtest.New(t, world.Options{Seed: 7, MaxLag: most, Quotas: map[string]int{"vpcs": 1000}})
		c := ec2.NewFromConfig(w.Config())
		start := time.Now()
		for range 200 {
			sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		}
		count := func() int {
			out, err := c.DescribeVpcs(t.Context(), nil)
			sandboxtest.Must(t, err)
			return len(out.Vpcs) - 1
		}
		if n := count(); n > 20 {
			t.Errorf("%d of 200 new VPCs are seen at once", n)
		}
		time.Sleep(3 * time.Second)
		if n := count(); n < 100 || n == 200 {
			t.Errorf("after 3 s %d of 200 are seen, want most", n)
		}
		time.Sleep(most - time.Since(start))
		if n := count(); n != 200 {
			t.Errorf("after %v %d of 200 are seen", most, n)
		}
	})
}

func TestNewIDsAreNotKnownEverywhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Seed: 3, MaxLag: 15 * time.Second, Quotas: map[string]int{"vpcs": 1000}})
		c := ec2.NewFromConfig(w.Config())
		misses := 0
		for range 50 {
			id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
			_, err := c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &id, CidrBlock: aws.String("10.0.0.0/24")})
			if sandboxtest.Code(t, err) == "InvalidVpcID.NotFound" {
				misses++
				time.Sleep(2 * time.Second)
				sandboxtest.MakeSubnet(t, c, id, "10.0.0.0/24")
			}
			// A name's uniqueness is known at once.
			_, err = c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &id, CidrBlock: aws.String("10.0.0.0/24")})
			sandboxtest.WantCode(t, err, "InvalidSubnet.Conflict")
		}
		if misses == 0 {
			t.Error("no new VPC was missed")
		}
	})
}

func TestFiltersAndPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Quotas: map[string]int{"vpcs": 1000}})
		c := ec2.NewFromConfig(w.Config())
		for i := range 12 {
			_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: []types.TagSpecification{{
				ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{
					{Key: aws.String("owner"), Value: aws.String(fmt.Sprint("env-", i%3))},
				},
			}}})
			sandboxtest.Must(t, err)
		}
		owner := func(values ...string) []types.Filter {
			return []types.Filter{{Name: aws.String("tag:owner"), Values: values}}
		}
		tests := []struct {
			name    string
			filters []types.Filter
			want    int
			code    string
		}{
			{"one value", owner("env-0"), 4, ""},
			{"two values", owner("env-0", "env-1"), 8, ""},
			{"a wildcard", owner("env-*"), 12, ""},
			{"no such value", owner("env"), 0, ""},
			{"a key", []types.Filter{{Name: aws.String("tag-key"), Values: []string{"owner"}}}, 12, ""},
			{"an unknown filter", []types.Filter{{Name: aws.String("colour"), Values: []string{"red"}}}, 0, "InvalidParameterValue"},
		}
		for _, tt := range tests {
			out, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: tt.filters})
			sandboxtest.WantCode(t, err, tt.code)
			if err == nil && len(out.Vpcs) != tt.want {
				t.Errorf("%s: %d VPCs, want %d", tt.name, len(out.Vpcs), tt.want)
			}
		}
		pages, seen := 0, map[string]bool{}
		for p := ec2.NewDescribeVpcsPaginator(c, &ec2.DescribeVpcsInput{MaxResults: aws.Int32(5)}); p.HasMorePages(); pages++ {
			out, err := p.NextPage(t.Context())
			sandboxtest.Must(t, err)
			for _, v := range out.Vpcs {
				seen[*v.VpcId] = true
			}
		}
		if pages != 3 || len(seen) != 13 {
			t.Errorf("%d pages with %d VPCs", pages, len(seen))
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		tag := func(k, v string) []types.Tag { return []types.Tag{{Key: &k, Value: &v}} }
		for _, v := range []string{"1", "2"} {
			_, err := c.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{id}, Tags: tag("a", v)})
			sandboxtest.Must(t, err)
		}
		_, err := c.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{id}, Tags: tag("aws:x", "")})
		sandboxtest.WantCode(t, err, "InvalidParameterValue")
		_, err = c.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{"vpc-none"}, Tags: tag("a", "1")})
		sandboxtest.WantCode(t, err, "InvalidID")
		tags := func() []types.Tag {
			out, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{id}})
			sandboxtest.Must(t, err)
			return out.Vpcs[0].Tags
		}
		if got := tags(); len(got) != 1 || *got[0].Value != "2" {
			t.Errorf("tags %v", got)
		}
		// A deletion with another value deletes nothing.
		for i, value := range []string{"1", "2"} {
			_, err = c.DeleteTags(t.Context(), &ec2.DeleteTagsInput{Resources: []string{id}, Tags: tag("a", value)})
			sandboxtest.Must(t, err)
			if got := tags(); len(got) != 1-i {
				t.Errorf("after deleting a=%s: %v", value, got)
			}
		}
	})
}

func TestTagIndex(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ec2.NewFromConfig(w.Config())
		for _, owner := range []string{"a", "b"} {
			_, err := c.CreateInternetGateway(t.Context(), &ec2.CreateInternetGatewayInput{TagSpecifications: []types.TagSpecification{{
				ResourceType: types.ResourceTypeInternetGateway, Tags: []types.Tag{{Key: aws.String("owner"), Value: &owner}},
			}}})
			sandboxtest.Must(t, err)
		}
		for want, values := range [][]string{{"c"}, {"a"}, {}} {
			out, err := tagging.NewFromConfig(w.Config()).GetResources(t.Context(), &tagging.GetResourcesInput{
				TagFilters:          []tagtypes.TagFilter{{Key: aws.String("owner"), Values: values}},
				ResourceTypeFilters: []string{"ec2:internet-gateway"},
			})
			sandboxtest.Must(t, err)
			if got := len(out.ResourceTagMappingList); got != want {
				t.Errorf("owner %v: %d objects, want %d", values, got, want)
			}
		}
	})
}
