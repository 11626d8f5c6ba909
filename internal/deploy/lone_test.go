package deploy_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

const kept = alone + "    volumes: [\"data:/data\"]\nvolumes: {data: {}}\nx-berth: {preset: balanced}\n"

// TestALoneCopyNeedsTheUser: an object that alone carries the tags of an
// address, and that nothing proves to be berth's, is neither used nor deleted:
// up asks for the user's word, and a teardown names it and leaves it.
func TestALoneCopyNeedsTheUser(t *testing.T) {
	t.Parallel()
	a := bed.App(t, kept)
	for typ, plant := range map[string]func(t *testing.T, b *bed.Bed, c copied) string{
		"ec2.vpc": func(t *testing.T, b *bed.Bed, c copied) string {
			out, err := ec2.NewFromConfig(b.World.Config()).CreateVpc(t.Context(), &ec2.CreateVpcInput{
				CidrBlock: c.vpc.CidrBlock, TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeVpc, Tags: c.vpc.Tags}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return *out.Vpc.VpcId
		},
		"ec2.elastic-ip": func(t *testing.T, b *bed.Bed, c copied) string {
			out, err := ec2.NewFromConfig(b.World.Config()).AllocateAddress(t.Context(), &ec2.AllocateAddressInput{
				Domain: types.DomainTypeVpc, TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeElasticIp, Tags: c.address}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return *out.AllocationId
		},
		"efs.file-system": func(t *testing.T, b *bed.Bed, c copied) string {
			in := c.files
			in.CreationToken = aws.String("8f1c6f0e-restored-by-aws-backup")
			out, err := efs.NewFromConfig(b.World.Config()).CreateFileSystem(t.Context(), &in)
			if err != nil {
				t.Fatal(err)
			}
			return *out.FileSystemId
		},
	} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				c := copyTags(t, b)
				mustRun(t, b, a, deploy.Request{Down: true, DeleteData: true})
				id := plant(t, b, c)
				time.Sleep(time.Minute)
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				_, err = p.Plan(t.Context(), deploy.Request{})
				var unproven *engine.UnprovenError
				if !errors.As(err, &unproven) || unproven.ID != id || unproven.Address.Type != typ {
					t.Fatalf("up: %v, want that it asks about %s", err, id)
				}
				for _, req := range []deploy.Request{{Down: true}, {Down: true, DeleteData: true}} {
					prepared, err := p.Plan(t.Context(), req)
					if err != nil {
						t.Fatal(err)
					}
					if verb := verbOf(prepared.Plan, id); verb != engine.VerbLeave {
						t.Errorf("%+v: %q of it, want that it is named and left:\n%s", req, verb, prepared.Plan)
					}
				}
				mustRun(t, b, a, deploy.Request{Adopt: []string{unproven.Address.String()}, Deep: true})
				// What was taken over stays berth's without being named again.
				p, err = b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				prepared, err := p.Plan(t.Context(), deploy.Request{Deep: true})
				if err != nil || prepared.Changes() {
					t.Errorf("after it was taken over: %v\n%v", err, prepared.Plan)
				}
				if l, _ := prepared.Observed.Object(unproven.Address); l.ID != id {
					t.Errorf("%s is %s, want %s", unproven.Address, l.ID, id)
				}
			})
		})
	}
}

func verbOf(p *engine.Plan, id string) engine.Verb {
	for _, x := range p.Actions {
		if x.ID == id {
			return x.Verb
		}
	}
	return ""
}

// copied are the tags of what a project has, as a backup keeps them.
type copied struct {
	vpc     types.Vpc
	address []types.Tag
	files   efs.CreateFileSystemInput
}

func copyTags(t *testing.T, b *bed.Bed) copied {
	t.Helper()
	api, files := ec2.NewFromConfig(b.World.Config()), efs.NewFromConfig(b.World.Config())
	vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{{Name: aws.String("tag-key"), Values: []string{engine.TagOwner}}}})
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := api.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	if err != nil {
		t.Fatal(err)
	}
	systems, err := files.DescribeFileSystems(t.Context(), &efs.DescribeFileSystemsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return copied{vpcs.Vpcs[0], addresses.Addresses[0].Tags, efs.CreateFileSystemInput{Encrypted: aws.Bool(true), Tags: systems.FileSystems[0].Tags}}
}
