package identity_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestServiceQuotas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Quotas: map[string]int{"vpcs": 7}})
		c := servicequotas.NewFromConfig(w.Config())
		out, err := c.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{
			ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-F678F1CE"),
		})
		sandboxtest.Must(t, err)
		if *out.Quota.Value != 7 {
			t.Errorf("quota %v", *out.Quota.Value)
		}
		_, err = c.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{
			ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-NONE"),
		})
		sandboxtest.WantCode(t, err, "NoSuchResourceException")
	})
}
