package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{Buckets: true})
		cfg := w.Config()
		cfg.RetryMaxAttempts = 1
		c := ec2.NewFromConfig(cfg)
		// CreateVpcEndpoint has the smallest bucket: 4, and 0.3 a second.
		call := func() string {
			_, err := c.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{VpcId: aws.String("vpc-none"), ServiceName: aws.String("x")})
			return code(t, err)
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

func TestServiceQuotas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{Quotas: map[string]int{"vpcs": 7}})
		c := servicequotas.NewFromConfig(w.Config())
		out, err := c.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{
			ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-F678F1CE"),
		})
		must(t, err)
		if *out.Quota.Value != 7 {
			t.Errorf("quota %v", *out.Quota.Value)
		}
		_, err = c.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{
			ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-NONE"),
		})
		wantCode(t, err, "NoSuchResourceException")
	})
}

func TestEveryDurationHasASource(t *testing.T) {
	t.Parallel()
	for step, d := range Durations() {
		if d.Typical <= 0 || d.Slow < d.Typical || d.Source == "" {
			t.Errorf("%s: %+v", step, d)
		}
	}
	if got, want := Chain(Typical, NATAvailable, NATDeleted), 146*time.Second; got != want {
		t.Errorf("chain %v, want %v", got, want)
	}
}
