package bench

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// hosted is a load-balanced service with a host.
const hosted = `name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    x-berth: {host: shop.example.com}
`

// firstHosted adds that the host's record is seen by all name servers.
func firstHosted() []chain {
	return append(firstPublic(), chain{wait(sandbox.ChangeInsync)})
}

// firstCertified adds that the service waits for its rule, the rule for the
// listener, and the listener for the certificate, whose records ACM finds
// before they are on all name servers.
func firstCertified() []chain {
	return append(firstHosted(), chain{
		wait(sandbox.CertificateRecords), wait(sandbox.CertificateIssued),
		wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced), wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
	})
}

// TestBenchHost brings up a service with a host, once with a certificate that
// the account has and once with one that must be requested, in the time of the
// longest chain, and the first in at most 150 s.
func TestBenchHost(t *testing.T) {
	t.Parallel()
	a := bed.App(t, hosted)
	for _, tc := range []struct {
		name   string
		issued bool
		chains []chain
	}{{"reused", true, firstHosted()}, {"requested", false, firstCertified()}} {
		for _, p := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
			for _, seed := range seeds {
				synctest.Test(t, func(t *testing.T) {
					b := bed.New(t, world(p, seed))
					domain(t, b, tc.issued)
					f := must(t)(b.Up(t.Context(), a))
					c, lasts := longest(p, tc.chains)
					t.Logf("first up with a host, certificate %-9s %-7s seed %d: %7.2f s, chain %6.2f s, share %s",
						tc.name, p, seed, f.Took.Seconds(), lasts.Seconds(), share(f.Took, lasts))
					if f.Took.Seconds() > slack*lasts.Seconds() {
						t.Errorf("%s, %s, seed %d: %v, more than %v times the longest chain, %v: %s", tc.name, p, seed, f.Took, slack, lasts, c)
					}
					if tc.issued && p == sandbox.Typical && f.Took > 150*time.Second {
						t.Errorf("seed %d: %v, more than 150 s", seed, f.Took)
					}
					if asked := requested(f); asked == tc.issued {
						t.Errorf("%s: a certificate was requested: %v", tc.name, asked)
					}
					time.Sleep(10 * time.Minute)
					if again := must(t)(b.Up(t.Context(), a)); again.Changing > 0 {
						t.Errorf("a second up makes %d changing calls", again.Changing)
					}
				})
			}
		}
	}
}

// requested says whether a run asked for a certificate.
func requested(f bed.Figures) bool {
	for _, c := range f.Record {
		if c.Operation == "RequestCertificate" {
			return true
		}
	}
	return false
}

// domain adds a zone to the account, and a certificate for all its names.
func domain(t *testing.T, b *bed.Bed, certificate bool) {
	t.Helper()
	cfg := b.World.Config()
	names, certificates := route53.NewFromConfig(cfg), acm.NewFromConfig(cfg)
	zone, err := names.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("mine")})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
	if !certificate {
		return
	}
	asked, err := certificates.RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String("*.example.com"), ValidationMethod: "DNS"})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	c, err := certificates.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: asked.CertificateArn})
	if err != nil {
		t.Fatal(err)
	}
	r := c.Certificate.DomainValidationOptions[0].ResourceRecord
	if _, err := names.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: zone.HostedZone.Id, ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{
			Action: types.ChangeActionCreate, ResourceRecordSet: &types.ResourceRecordSet{
				Name: r.Name, Type: types.RRTypeCname, TTL: aws.Int64(300), ResourceRecords: []types.ResourceRecord{{Value: r.Value}},
			},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
}
