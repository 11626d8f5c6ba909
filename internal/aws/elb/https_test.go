package elb_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	dns "github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// issued returns the ARNs of issued certificates.
func issued(t *testing.T, cfg aws.Config, c clock.Clock, names ...string) []string {
	t.Helper()
	api, zones := acm.NewFromConfig(cfg), route53.NewFromConfig(cfg)
	zone, err := zones.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{
		Name: aws.String("example.com"), CallerReference: aws.String("test"),
	})
	if err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c)
	var arns []string
	for _, name := range names {
		out, err := api.RequestCertificate(t.Context(), &acm.RequestCertificateInput{
			DomainName: aws.String(name), ValidationMethod: acmtypes.ValidationMethodDns,
		})
		if err != nil {
			t.Fatal(err)
		}
		arns = append(arns, *out.CertificateArn)
		typetest.Settle(t, cfg, c)
		d, err := api.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: out.CertificateArn})
		if err != nil {
			t.Fatal(err)
		}
		proof := d.Certificate.DomainValidationOptions[0].ResourceRecord
		_, err = zones.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{
			HostedZoneId: zone.HostedZone.Id, ChangeBatch: &dns.ChangeBatch{Changes: []dns.Change{{
				Action: dns.ChangeActionCreate, ResourceRecordSet: &dns.ResourceRecordSet{
					Name: proof.Name, Type: dns.RRTypeCname, TTL: aws.Int64(300), ResourceRecords: []dns.ResourceRecord{{Value: proof.Value}},
				},
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		typetest.Settle(t, cfg, c)
	}
	return arns
}

// secure is a balancer with an HTTPS listener and one that redirects to it.
func secure(g ground, region, redirect string, certificates ...string) *engine.Graph {
	out := engine.NewGraph()
	lb := out.Add(typetest.Env, "main", elb.LoadBalancer{
		Name: naming.Name(typetest.Env, region, "main", 32), Scheme: "internet-facing",
		Subnets: engine.Lits(g.subnetA, g.subnetB), SecurityGroups: engine.Lits(g.group), IdleSeconds: 60,
	})
	out.Add(typetest.Env, "80", elb.Listener{LoadBalancer: lb.ARN(), Port: 80, Protocol: "HTTP", Redirect: redirect})
	out.Add(typetest.Env, "443", elb.Listener{
		LoadBalancer: lb.ARN(), Port: 443, Protocol: "HTTPS", SSLPolicy: elb.TLSPolicy,
		Certificate: engine.Lit(certificates[0]), More: engine.Lits(certificates[1:]...),
	})
	return out
}

func TestHTTPSOnMoto(t *testing.T) {
	t.Parallel()
	https(t, typetest.Moto(t), clock.Wall{})
}

func TestHTTPSInSandbox(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) { https(t, cfg, clock.Wall{}) })
}

func TestHTTPSCrashPoints(t *testing.T) {
	t.Parallel()
	typetest.CrashPoints(t, typetest.Story{
		Kinds: kinds,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			g := newGround(t, cfg, c)
			arns := issued(t, cfg, c, "a.example.com", "b.example.com", "c.example.com")
			return []*engine.Graph{
				secure(g, cfg.Region, "443", arns[0], arns[1]),
				secure(g, cfg.Region, "", arns[1], arns[2], arns[0]),
			}
		},
	})
}

// https takes listeners with certificates through their life.
func https(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	g := newGround(t, cfg, c)
	arns := issued(t, cfg, c, "a.example.com", "b.example.com", "c.example.com")
	d := typetest.New(t, cfg, c, kinds)
	first := secure(g, cfg.Region, "443", arns[0], arns[1], arns[2])
	d.Up(first, false)
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)

	second := secure(g, cfg.Region, "", arns[1], arns[2])
	d.Up(second, false)
	d.MustPlan("", second, true)
	d.Down()
}
