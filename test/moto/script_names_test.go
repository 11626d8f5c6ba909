package moto

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	dns "github.com/aws/aws-sdk-go-v2/service/route53/types"
)

const (
	noZone        = "Z0000000000000000000"
	noCertificate = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-a000-000000000000"
)

// hostNames plays zones, records and certificates.
func (s *script) hostNames() {
	zone := s.zone()
	s.records(zone)
	s.certificate()
	c := s.c.Route53
	try(s, dependency, c.DeleteHostedZone, &route53.DeleteHostedZoneInput{Id: zone}, nil)
	s.change(aside, zone, dns.ChangeActionDelete, "app.example.com", "203.0.113.2")
	try(s, success, c.DeleteHostedZone, &route53.DeleteHostedZoneInput{Id: zone}, nil)
	try(s, notFound, c.DeleteHostedZone, &route53.DeleteHostedZoneInput{Id: zone}, nil)
}

func (s *script) zone() *string {
	c := s.c.Route53
	in := &route53.CreateHostedZoneInput{
		Name: p("example.com"), CallerReference: p("one"), HostedZoneConfig: &dns.HostedZoneConfig{Comment: p("berth a b")},
	}
	made := try(s, success, c.CreateHostedZone, in, func(o *route53.CreateHostedZoneOutput) []any {
		return []any{o.HostedZone.Name, o.HostedZone.Config.Comment, len(o.DelegationSet.NameServers)}
	})
	if made.HostedZone == nil {
		return p(noZone)
	}
	id := p(strings.TrimPrefix(*made.HostedZone.Id, "/hostedzone/"))
	s.name("zone", id)
	try(s, duplicate, c.CreateHostedZone, in, nil)
	try(s, success, c.GetHostedZone, &route53.GetHostedZoneInput{Id: id}, func(o *route53.GetHostedZoneOutput) []any {
		return []any{o.HostedZone.Name, len(o.DelegationSet.NameServers)}
	})
	try(s, notFound, c.GetHostedZone, &route53.GetHostedZoneInput{Id: p(noZone)}, nil)
	named := func(o *route53.ListHostedZonesByNameOutput) []any { return []any{first(o.HostedZones).Name} }
	try(s, success, c.ListHostedZonesByName, &route53.ListHostedZonesByNameInput{DNSName: p("example.com")}, named)
	try(s, success, c.ListHostedZones, &route53.ListHostedZonesInput{}, func(o *route53.ListHostedZonesOutput) []any {
		for _, z := range o.HostedZones {
			if strings.HasSuffix(*z.Id, *id) {
				return []any{z.Name, z.Config.PrivateZone}
			}
		}
		return nil
	})
	for name, zone := range map[string]*string{success: id, duplicate: id, notFound: p(noZone)} {
		try(s, name, c.UpdateHostedZoneComment, &route53.UpdateHostedZoneCommentInput{Id: zone, Comment: p("berth a b c")}, nil)
		try(s, name, c.ChangeTagsForResource, &route53.ChangeTagsForResourceInput{
			ResourceId: zone, ResourceType: dns.TagResourceTypeHostedzone, AddTags: []dns.Tag{{Key: p("k"), Value: p("v")}},
		}, nil)
	}
	return id
}

// change makes one change in a zone.
func (s *script) change(name string, zone *string, action dns.ChangeAction, host, value string) *route53.ChangeResourceRecordSetsOutput {
	return try(s, name, s.c.Route53.ChangeResourceRecordSets, &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: zone, ChangeBatch: &dns.ChangeBatch{Changes: []dns.Change{{
			Action: action, ResourceRecordSet: &dns.ResourceRecordSet{
				Name: p(host), Type: dns.RRTypeA, TTL: p(int64(60)), ResourceRecords: []dns.ResourceRecord{{Value: p(value)}},
			},
		}}},
	}, nil)
}

func (s *script) records(zone *string) {
	c := s.c.Route53
	made := s.change(success, zone, dns.ChangeActionCreate, "app.example.com", "203.0.113.1")
	s.change(duplicate, zone, dns.ChangeActionCreate, "app.example.com", "203.0.113.1")
	s.change("upsert", zone, dns.ChangeActionUpsert, "app.example.com", "203.0.113.2")
	s.change("delete of another value", zone, dns.ChangeActionDelete, "app.example.com", "203.0.113.9")
	s.change("delete of nothing", zone, dns.ChangeActionDelete, "none.example.com", "203.0.113.9")
	s.change("another zone's name", zone, dns.ChangeActionCreate, "app.example.org", "203.0.113.9")
	s.change(notFound, p(noZone), dns.ChangeActionCreate, "app.example.com", "203.0.113.1")
	list := func(o *route53.ListResourceRecordSetsOutput) []any {
		var out []any
		for _, r := range o.ResourceRecordSets {
			if r.Type == dns.RRTypeA {
				out = append(out, r.Name, r.TTL, first(r.ResourceRecords).Value)
			}
		}
		return out
	}
	try(s, success, c.ListResourceRecordSets, &route53.ListResourceRecordSetsInput{HostedZoneId: zone}, list)
	try(s, notFound, c.ListResourceRecordSets, &route53.ListResourceRecordSetsInput{HostedZoneId: p(noZone)}, nil)
	if made.ChangeInfo != nil {
		try(s, success, c.GetChange, &route53.GetChangeInput{Id: made.ChangeInfo.Id}, func(o *route53.GetChangeOutput) []any {
			return []any{o.ChangeInfo.Status}
		})
	}
	try(s, notFound, c.GetChange, &route53.GetChangeInput{Id: p("C0000000000000000000")}, nil)
}

func (s *script) certificate() {
	c := s.c.ACM
	in := &acm.RequestCertificateInput{
		DomainName: p("example.com"), SubjectAlternativeNames: []string{"*.example.com", "example.com"},
		ValidationMethod: acmtypes.ValidationMethodDns, IdempotencyToken: p("one"), Tags: []acmtypes.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	made := try(s, success, c.RequestCertificate, in, nil)
	arn := s.name("certificate", made.CertificateArn)
	try(s, duplicate, c.RequestCertificate, in, func(o *acm.RequestCertificateOutput) []any {
		return []any{"same", *o.CertificateArn == *arn}
	})
	try(s, success, c.DescribeCertificate, &acm.DescribeCertificateInput{CertificateArn: arn}, func(o *acm.DescribeCertificateOutput) []any {
		d := o.Certificate
		return []any{d.Status, d.DomainName, len(d.SubjectAlternativeNames), len(d.DomainValidationOptions), first(d.DomainValidationOptions).ResourceRecord.Type}
	})
	try(s, notFound, c.DescribeCertificate, &acm.DescribeCertificateInput{CertificateArn: p(noCertificate)}, nil)
	try(s, success, c.ListCertificates, &acm.ListCertificatesInput{}, func(o *acm.ListCertificatesOutput) []any {
		return []any{len(o.CertificateSummaryList) > 0}
	})
	try(s, success, c.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: arn}, func(o *acm.ListTagsForCertificateOutput) []any {
		return []any{len(o.Tags)}
	})
	try(s, notFound, c.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: p(noCertificate)}, nil)
	try(s, success, c.DeleteCertificate, &acm.DeleteCertificateInput{CertificateArn: arn}, nil)
	try(s, notFound, c.DeleteCertificate, &acm.DeleteCertificateInput{CertificateArn: arn}, nil)
}

// zoneOperation returns the operation of a request to Route 53, from its method
// and path.
func zoneOperation(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")[1:]
	verbs := map[string]string{
		"GET hostedzone": "ListHostedZones", "GET hostedzonesbyname": "ListHostedZonesByName", "POST hostedzone": "CreateHostedZone",
		"GET hostedzone/": "GetHostedZone", "POST hostedzone/": "UpdateHostedZoneComment", "DELETE hostedzone/": "DeleteHostedZone",
		"POST hostedzone/rrset": "ChangeResourceRecordSets", "GET hostedzone/rrset": "ListResourceRecordSets",
		"GET change/": "GetChange", "POST tags/": "ChangeTagsForResource",
	}
	key := method + " " + parts[0]
	switch {
	case parts[0] == "tags", len(parts) == 2:
		key += "/"
	case len(parts) > 2:
		key += "/" + parts[2]
	}
	if name, ok := verbs[key]; ok {
		return name
	}
	return http.MethodGet + " " + path
}

func nameDifferences() map[string]difference {
	const doc = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
	return map[string]difference{
		"route53.ChangeResourceRecordSets: delete of another value": {"InvalidChangeBatch", "InvalidInput", "moto has another code", doc + "API_ChangeResourceRecordSets.html"},
		"route53.ChangeResourceRecordSets: delete of nothing":       {"InvalidChangeBatch", "InvalidInput", "moto has another code", doc + "API_ChangeResourceRecordSets.html"},
		"route53.CreateHostedZone: duplicate":                       {"HostedZoneAlreadyExists", "ok", "moto ignores the caller's reference", doc + "API_CreateHostedZone.html"},
		"route53.GetChange: not found":                              {"NoSuchChange", "ok", "moto knows every change", doc + "API_GetChange.html"},
	}
}
