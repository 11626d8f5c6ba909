package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/berthdev/berth/internal/concurrent"
)

// Needs is the number of objects that a plan creates, of the kinds that AWS
// limits.
type Needs struct {
	VPCs, Gateways, Addresses int
	// HaveVPCs is the number of existing VPCs; with 0 they are counted.
	HaveVPCs int
	// HaveGateways is the number of existing internet gateways; with 0 they are
	// counted.
	HaveGateways          int
	FargateVCPU, SpotVCPU float64
}

// QuotaProblem is one quota that a plan would exceed.
type QuotaProblem struct {
	// What is what the quota limits, Code its code in Service Quotas.
	What, Code string
	// Limit is how many the account may have, Used how many it has, Needed how
	// many the plan adds.
	Limit, Used, Needed float64
}

// String returns the problem in one line.
func (p QuotaProblem) String() string {
	return fmt.Sprintf("%s: %g allowed, %g in use, %g more needed (quota %s)", p.What, p.Limit, p.Used, p.Needed, p.Code)
}

// usualLimit is AWS's default for VPCs, internet gateways and Elastic IPs in a
// region. Quotas are only ever raised, so a smaller number needs no call.
const usualLimit = 5

// leastVCPU is the number of vCPUs that every account may run on Fargate: even
// new accounts begin with more, so a plan that needs no more makes no call.
const leastVCPU = 1

// none is the count for vCPUs, whose use AWS does not show.
func none(context.Context) (int, error) { return 0, nil }

// CheckQuotas compares what a plan needs with what the account has and may
// have, in as few calls as that takes. A quota that cannot be read is not a
// problem: the creation itself fails if the quota is reached.
func (c *Clients) CheckQuotas(ctx context.Context, n Needs) ([]QuotaProblem, error) {
	countVPCs := c.countVPCs
	if n.HaveVPCs > 0 {
		countVPCs = func(context.Context) (int, error) { return n.HaveVPCs, nil }
	}
	countGateways := c.Gateways
	if n.HaveGateways > 0 {
		countGateways = func(context.Context) (int, error) { return n.HaveGateways, nil }
	}
	checks := []struct {
		what, service, code string
		needed              float64
		usual               float64
		used                func(context.Context) (int, error)
	}{
		{"VPCs", "vpc", "L-F678F1CE", float64(n.VPCs), usualLimit, countVPCs},
		{"internet gateways", "vpc", "L-A4707A72", float64(n.Gateways), usualLimit, countGateways},
		{"Elastic IP addresses", "ec2", "L-0263D0A3", float64(n.Addresses), usualLimit, c.countAddresses},
		{"Fargate vCPU", "fargate", "L-3032A538", n.FargateVCPU, leastVCPU, none},
		{"Fargate Spot vCPU", "fargate", "L-36FBB829", n.SpotVCPU, leastVCPU, none},
	}
	problems := make([]*QuotaProblem, len(checks))
	done := make(chan error)
	for i, k := range checks {
		go func() {
			done <- concurrent.Safely(func() (err error) {
				if k.needed > 0 {
					problems[i], err = c.checkQuota(ctx, k.what, k.service, k.code, k.needed, k.usual, k.used)
				}
				return err
			})
		}()
	}
	var first error
	for range checks {
		if err := <-done; err != nil && first == nil {
			first = err
		}
	}
	var out []QuotaProblem
	for _, p := range problems {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, first
}

func (c *Clients) checkQuota(ctx context.Context, what, service, code string, needed, usual float64,
	count func(context.Context) (int, error),
) (*QuotaProblem, error) {
	n, err := count(ctx)
	if err != nil {
		return nil, fmt.Errorf("counting %s: %w", what, err)
	}
	used := float64(n)
	if used+needed <= usual {
		return nil, nil //nolint:nilnil // no problem is a good answer
	}
	out, err := c.Quotas.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{
		ServiceCode: aws.String(service), QuotaCode: aws.String(code),
	})
	if err != nil || out.Quota == nil || out.Quota.Value == nil {
		return nil, context.Cause(ctx)
	}
	if limit := *out.Quota.Value; used+needed > limit {
		return &QuotaProblem{What: what, Code: code, Limit: limit, Used: used, Needed: needed}, nil
	}
	return nil, nil //nolint:nilnil // no problem is a good answer
}

func (c *Clients) countVPCs(ctx context.Context) (int, error) {
	all, err := c.vpcs(ctx)
	return len(all), err
}

// Gateways returns the number of internet gateways in the region.
func (c *Clients) Gateways(ctx context.Context) (int, error) {
	n := 0
	pages := ec2.NewDescribeInternetGatewaysPaginator(c.EC2, &ec2.DescribeInternetGatewaysInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, err
		}
		n += len(page.InternetGateways)
	}
	return n, nil
}

func (c *Clients) countAddresses(ctx context.Context) (int, error) {
	out, err := c.EC2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return 0, err
	}
	return len(out.Addresses), nil
}
