package command_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// copyAddress allocates an address with the tags of the one that there is, as
// somebody does who copies tags, and puts both ids into the environment:
// copy-address OWN COPY; copy-address OWN COPY TYPE/NAME says there that it is
// something else.
func copyAddress(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: copy-address OWN COPY [TYPE/NAME]")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		ctx, api := context.Background(), ec2.NewFromConfig(w.Config())
		there, err := api.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
		ts.Check(err)
		if len(there.Addresses) != 1 {
			ts.Fatalf("%d addresses, want one to copy", len(there.Addresses))
		}
		tags := there.Addresses[0].Tags
		for i, tag := range tags {
			if len(args) == 3 && aws.ToString(tag.Key) == engine.TagAddress {
				tags[i].Value = aws.String(args[2])
			}
		}
		made, err := api.AllocateAddress(ctx, &ec2.AllocateAddressInput{TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeElasticIp, Tags: tags},
		}})
		ts.Check(err)
		ts.Setenv(args[0], aws.ToString(there.Addresses[0].AllocationId))
		ts.Setenv(args[1], aws.ToString(made.AllocationId))
	})
}
