package existing

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// addresses checks that the Elastic IPs belong to the account and that only
// berth's own NAT gateways use them.
func (r *reader) addresses(ctx context.Context) error {
	out, err := r.EC2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: filter("allocation-id", r.names.ElasticIPs...)})
	if err != nil {
		return err
	}
	listed, err := r.listed(ctx)
	if err != nil {
		return err
	}
	for _, id := range r.names.ElasticIPs {
		i := slices.IndexFunc(out.Addresses, func(a types.Address) bool { return aws.ToString(a.AllocationId) == id })
		if i < 0 {
			r.problem(KeyElasticIPs, id, "write the allocation of an Elastic IP of this account", "there is no such Elastic IP in %s", r.names.Region)
			continue
		}
		a := out.Addresses[i]
		if a.AssociationId != nil && !slices.Contains(listed.Held, id) {
			r.problem(KeyElasticIPs, id, "disassociate it there first, or use another one",
				"%s is in use by %s", aws.ToString(a.PublicIp), aws.ToString(a.NetworkInterfaceId))
		}
	}
	return nil
}
