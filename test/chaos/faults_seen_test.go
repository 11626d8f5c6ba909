package chaos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/aws"
)

// asks are a reading call of each protocol.
func asks() map[string]func(context.Context, *aws.Clients) error {
	return map[string]func(context.Context, *aws.Clients) error{
		"ec2": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.EC2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
			return err
		},
		"query": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.IAM.ListRoles(ctx, &iam.ListRolesInput{})
			return err
		},
		"JSON": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.ECS.ListClusters(ctx, &ecs.ListClustersInput{})
			return err
		},
		"REST with JSON": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.EFS.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{})
			return err
		},
		"REST with XML": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.Route53.ListHostedZones(ctx, &route53.ListHostedZonesInput{})
			return err
		},
		"S3": func(ctx context.Context, c *aws.Clients) error {
			_, err := c.S3.ListBuckets(ctx, &s3.ListBucketsInput{})
			return err
		},
	}
}

// stub is an AWS that has nothing.
func stub(t *testing.T) string {
	t.Helper()
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r, nil)
		if c.protocol == rpcJSON || c.protocol == restJSON {
			_, _ = w.Write([]byte(`{"clusterArns": [], "FileSystems": []}`))
			return
		}
		_, _ = w.Write([]byte(`<ListRolesResponse><ListRolesResult><Roles></Roles></ListRolesResult></ListRolesResponse>`))
	}))
	t.Cleanup(aws.Close)
	return aws.URL
}

// TestFaultsAreWhatTheSDKTakesThemFor sends each kind of fault through the proxy
// and wants the SDK to see it: an error of the code that was meant, or none
// where the answer is only late.
func TestFaultsAreWhatTheSDKTakesThemFor(t *testing.T) {
	t.Parallel()
	aws := stub(t)
	for _, f := range faults() {
		if f.kind == neverBefore || f.kind == neverAfter {
			continue // they end when the caller does
		}
		for protocol, ask := range asks() {
			t.Run(string(f.kind)+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				p := newProxy(t, &weather{seed: 1, rate: 1, kinds: []fault{f}}, aws, account(0), func(string, int) {})
				p.setCalm(false)
				err := ask(t.Context(), impatient(p.url))
				if want := wanted(f.kind, protocol); !want(err) {
					t.Errorf("the SDK says: %v", err)
				}
				if p.journal.String() == "" {
					t.Error("the journal does not tell the fault")
				}
			})
		}
	}
}

// TestClockDiffers: where AWS's clock and this machine's differ, the first call
// is refused and the SDK learns the time from the answer.
func TestClockDiffers(t *testing.T) {
	t.Parallel()
	aws := stub(t)
	for _, skew := range []time.Duration{20 * time.Minute, -20 * time.Minute} {
		for protocol, ask := range asks() {
			t.Run(fmt.Sprint(skew, "/", protocol), func(t *testing.T) {
				t.Parallel()
				p := newProxy(t, &weather{seed: 1, skew: skew}, aws, account(0), func(string, int) {})
				p.setCalm(false)
				if err := ask(t.Context(), patient(p.url)); err != nil {
					t.Error(err)
				}
				if n := p.journal.faults(); n != 1 {
					t.Errorf("refused %d times, want once", n)
				}
			})
		}
	}
}

// wanted says what an error has to be.
func wanted(k kind, protocol string) func(error) bool {
	code := func(codes map[string]string, rest string) func(error) bool {
		want := rest
		if c, ok := codes[protocol]; ok {
			want = c
		}
		return func(err error) bool {
			var api smithy.APIError
			return errors.As(err, &api) && api.ErrorCode() == want
		}
	}
	switch k {
	case throttled:
		return code(map[string]string{"ec2": "RequestLimitExceeded", "S3": "SlowDown", "JSON": "ThrottlingException", "REST with JSON": "ThrottlingException"}, "Throttling")
	case expired:
		return code(map[string]string{"ec2": "RequestExpired", "JSON": "ExpiredTokenException", "REST with JSON": "ExpiredTokenException"}, "ExpiredToken")
	case slowBody, slowHeaders:
		return func(err error) bool { return err == nil }
	case empty, page, noise, truncated:
		return func(error) bool { return true } // the SDK takes some of them for empty lists
	default:
		return func(err error) bool { return err != nil }
	}
}

// impatient are clients that try once, patient those of the SDK's own retries.
func impatient(url string) *aws.Clients {
	return aws.NewClients(configFor(url, func() sdk.Retryer { return sdk.NopRetryer{} }))
}

func patient(url string) *aws.Clients { return aws.NewClients(configFor(url, nil)) }

func configFor(url string, retryer func() sdk.Retryer) sdk.Config {
	return sdk.Config{
		Region: region, BaseEndpoint: &url, Retryer: retryer,
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	}
}
