package world_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Buckets: true})
		cfg := w.Config()
		cfg.RetryMaxAttempts = 1
		c := ec2.NewFromConfig(cfg)
		// CreateVpcEndpoint has the smallest bucket: 4, and 0.3 a second.
		call := func() string {
			_, err := c.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{VpcId: aws.String("vpc-none"), ServiceName: aws.String("x")})
			return sandboxtest.Code(t, err)
		}
		for range 4 {
			if got := call(); got != "InvalidVpcID.NotFound" {
				t.Errorf("within the burst: %s", got)
			}
		}
		if got := call(); got != "RequestLimitExceeded" {
			t.Errorf("after the burst: %s", got)
		}
		time.Sleep(3400 * time.Millisecond)
		if got := call(); got != "InvalidVpcID.NotFound" {
			t.Errorf("after a refill: %s", got)
		}
		if _, err := c.DescribeVpcs(t.Context(), nil); err != nil {
			t.Errorf("another operation's bucket: %v", err)
		}
	})
}
