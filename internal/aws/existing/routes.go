package existing

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/routes"
)

// routes checks where the subnets send packets for the internet.
func (r *reader) routes(ctx context.Context) error {
	tables, err := routes.Tables(ctx, r.EC2, r.names.VPC)
	if err != nil {
		return err
	}
	for _, id := range r.names.Public {
		if to := r.way(tables, id); to != "" && !strings.HasPrefix(to, "igw-") {
			r.problem(KeyPublic, id, "add a route to an internet gateway, or list the subnet under network.private_subnets",
				"it is not public: its packets to 0.0.0.0/0 go to %s and not to an internet gateway", to)
		}
	}
	var closed []string
	for _, id := range r.names.Private {
		switch to := r.way(tables, id); {
		case strings.HasPrefix(to, "igw-"):
			r.problem(KeyPrivate, id, "list it under network.public_subnets",
				"it is public: its packets to 0.0.0.0/0 go to %s, which a task without a public address cannot use", to)
		case to == nowhere && r.names.PrivateTasks:
			closed = append(closed, id)
		}
	}
	if len(closed) > 0 {
		return r.endpoints(ctx, closed)
	}
	return nil
}

// nowhere stands for a subnet without a default route.
const nowhere = "nowhere"

// way returns the target of a subnet's default route; empty for a subnet that
// has a problem already. A route whose target is gone leads nowhere.
func (r *reader) way(tables []types.RouteTable, subnet string) string {
	r.mu.Lock()
	known := r.zones[subnet] != ""
	r.mu.Unlock()
	if !known {
		return ""
	}
	if to, gone := routes.Default(tables, subnet); to != "" && !gone {
		return to
	}
	return nowhere
}

// endpoints adds a notice about the services that a task needs to start and
// cannot reach from subnets without a route to the internet.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
func (r *reader) endpoints(ctx context.Context, closed []string) error {
	var have []string
	pages := ec2.NewDescribeVpcEndpointsPaginator(r.EC2, &ec2.DescribeVpcEndpointsInput{Filters: filter("vpc-id", r.names.VPC)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, e := range page.VpcEndpoints {
			if aws.ToString(e.VpcId) != r.names.VPC {
				continue
			}
			have = append(have, aws.ToString(e.ServiceName))
		}
	}
	var lacks []string
	for _, service := range []string{"ecr.api", "ecr.dkr", "s3", "logs"} {
		if !slices.Contains(have, "com.amazonaws."+r.names.Region+"."+service) {
			lacks = append(lacks, service)
		}
	}
	for _, id := range closed {
		if len(lacks) > 0 {
			r.notice(KeyPrivate, id, "it has no route to the internet, and the VPC has no endpoint for %s: tasks there can start only if they need none of these", strings.Join(lacks, ", "))
			continue
		}
		r.notice(KeyPrivate, id, "it has no route to the internet: tasks there can only start with images from ECR")
	}
	return nil
}
