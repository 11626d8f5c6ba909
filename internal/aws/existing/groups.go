package existing

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// groups checks that the security groups exist and are in the VPC.
func (r *reader) groups(ctx context.Context) error {
	vpcs := map[string]string{}
	pages := ec2.NewDescribeSecurityGroupsPaginator(r.EC2, &ec2.DescribeSecurityGroupsInput{
		Filters: filter("group-id", r.names.SecurityGroups...),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, g := range page.SecurityGroups {
			vpcs[aws.ToString(g.GroupId)] = aws.ToString(g.VpcId)
		}
	}
	for _, id := range r.names.SecurityGroups {
		switch vpc := vpcs[id]; vpc {
		case r.names.VPC:
		case "":
			r.problem(KeySecurityGroups, id, "write the id of a security group of "+r.names.VPC, "there is no such security group in %s", r.names.Region)
		default:
			r.problem(KeySecurityGroups, id, "write the id of a security group of "+r.names.VPC, "it is in %s, and network.vpc is %s", vpc, r.names.VPC)
		}
	}
	return nil
}
