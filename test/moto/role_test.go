package moto

import (
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// dnsRole is a role in the account that has the company's domain.
const dnsRole = "arn:aws:iam::222233334444:role/dns"

// TestZoneInAnotherAccount deploys a host whose zone is in another account. The
// role there makes the records and deletes them again.
func TestZoneInAnotherAccount(t *testing.T) {
	t.Parallel()
	m := start(t, "MOTO_ACM_VALIDATION_WAIT=0")
	own := m.clients()
	there := route53.New(own.Route53.Options(), func(o *route53.Options) {
		o.Credentials = sdk.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.New(own.STS.Options()), dnsRole))
	})
	made, err := there.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: p("example.com"), CallerReference: p("test")})
	if err != nil {
		t.Fatal(err)
	}
	id := made.HostedZone.Id
	dir := project(t, `
name: shop
x-berth: {dns: {role: "`+dnsRole+`"}}
services:
  web:
    image: nginx:1.28
    expose: ["80"]
    healthcheck: {test: ["CMD", "curl", "-f", "http://localhost/"]}
    x-berth: {host: shop.example.com}
`)
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
	records := recordsOf(t, there, id)
	if !slices.Contains(records, "shop.example.com. A") || !slices.ContainsFunc(records, func(r string) bool { return strings.HasSuffix(r, " CNAME") }) {
		t.Errorf("the zone has no record for the host and its certificate: %v", records)
	}
	zones, err := own.Route53.ListHostedZones(t.Context(), &route53.ListHostedZonesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range zones.HostedZones {
		if z.Config == nil || !z.Config.PrivateZone {
			t.Errorf("the caller's account has the zone %s", sdk.ToString(z.Name))
		}
	}
	m.berth(t, dir, "down", "--yes").mustExit(t, 0)
	if got, want := recordsOf(t, there, id), []string{"example.com. NS", "example.com. SOA"}; !slices.Equal(got, want) {
		t.Errorf("after down the zone has %v, want %v", got, want)
	}
}

// recordsOf returns the names and types of a zone's records.
func recordsOf(t *testing.T, api *route53.Client, zone *string) []string {
	t.Helper()
	out, err := api.ListResourceRecordSets(t.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: zone})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range out.ResourceRecordSets {
		names = append(names, sdk.ToString(r.Name)+" "+string(r.Type))
	}
	slices.Sort(names)
	return names
}
