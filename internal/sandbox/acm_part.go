package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	r53 "github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// acmPart is Certificate Manager: certificates that records in the world's own
// zones validate.
type acmPart struct {
	account *Account
	s       acmState
	// The zones in which ACM looks for validation records.
	route53    *route53Part
	cloudflare *cloudflarePart
	// Needs is set before the first call.
	Needs acmNeeds
}

// acmNeeds are what Certificate Manager needs of other services.
type acmNeeds struct{ Listeners acmListeners }

// acmListeners are what certificates are for.
type acmListeners interface {
	// UsersOf are the load balancers whose listeners have a certificate.
	UsersOf(certificate string) []string
}

// acmState holds certificates by ARN.
type acmState struct{ Certificates table[certificate] }

// certificate is a public certificate.
type certificate struct {
	ARN     string
	Domains []string
	Status  types.CertificateStatus
	Created time.Time
	Issued  time.Time
	// Shown is from when on the validation records can be seen.
	Shown time.Time
	// Held is until when a listener that has gone still counts as a user.
	Held time.Time
	// Due says that AWS has seen the validation records.
	Due  bool
	Tags map[string]string
}

// newACM is Certificate Manager, which looks for validation records in these
// zones.
func newACM(account *Account, zones *route53Part, more *cloudflarePart) *acmPart {
	p := &acmPart{account: account, route53: zones, cloudflare: more}
	zones.acm, more.acm = p, p
	return p
}

// ID implements Service.
func (p *acmPart) ID() string { return acm.ServiceID }

func (p *acmPart) State() any { return &p.s }

func (p *acmPart) Routes(r *router) {
	on(r, p.requestCertificate)
	on(r, p.describeCertificate)
	on(r, p.listCertificates)
	on(r, p.deleteCertificate)
	on(r, p.addTagsToCertificate)
	on(r, p.removeTagsFromCertificate)
	on(r, p.listTagsForCertificate)
	r.event("acm.issued", p.issue)
	r.event("acm.timed-out", p.timeOut)
}

// locate names the certificate that a call is about.
func (p *acmPart) locate(_ string, in any) string { return fieldText(in, "CertificateArn") }

// index implements indexed.
func (p *acmPart) index(f indexFunc) {
	indexRows(&p.s.Certificates, f, func(c *certificate) (string, map[string]string) { return c.ARN, c.Tags })
}

func (p *acmPart) Dump(d *dumper) {
	for _, c := range p.s.Certificates.all() {
		d.add("acm.certificate", c.ARN, c.Domains[0], map[string]any{
			"domains": c.Domains, "status": c.Status, "tags": c.Tags,
		})
	}
}

// proof is the record that validates a domain: the same for a name and its
// star, and for every certificate of the account.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
func (p *acmPart) proof(domain string) *types.ResourceRecord {
	bare := strings.TrimPrefix(domain, "*.")
	sum := p.account.hash("acm", p.account.number(), bare)
	hex := func(from int) string {
		const digits = "0123456789abcdef"
		var b strings.Builder
		for _, c := range sum[from : from+16] {
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
		return b.String()
	}
	return &types.ResourceRecord{
		Name: aws.String("_" + hex(0) + "." + bare + "."), Type: types.RecordTypeCname,
		Value: aws.String("_" + hex(16) + ".xlfgrmvvlj.acm-validations.aws."),
	}
}

// recheck looks which pending certificates all of whose records can be seen.
func (p *acmPart) recheck(now time.Time) {
	for _, c := range p.s.Certificates.all() {
		if c.Status != types.CertificateStatusPendingValidation || c.Due {
			continue
		}
		proved := !slices.ContainsFunc(c.Domains, func(d string) bool {
			want := p.proof(d)
			if slices.Contains(p.cloudflare.Lookup(*want.Name, "CNAME"), dnsName(*want.Value)) {
				return false
			}
			s, ok := p.route53.answer(dnsName(*want.Name), r53.RRTypeCname)
			return !ok || len(s.ResourceRecords) != 1 || dnsName(aws.ToString(s.ResourceRecords[0].Value)) != dnsName(*want.Value)
		})
		if proved {
			c.Due = true
			p.account.schedule(now.Add(p.account.takes(CertificateIssued)), "acm.issued", c.ARN)
		}
	}
}

func (p *acmPart) issue(at time.Time, arn string) {
	if c := p.s.Certificates.get(arn); c != nil && c.Status == types.CertificateStatusPendingValidation {
		c.Status, c.Issued = types.CertificateStatusIssued, at
	}
}

// validationLimit is after how long ACM gives up.
const validationLimit = 72 * time.Hour

func (p *acmPart) timeOut(_ time.Time, arn string) {
	if c := p.s.Certificates.get(arn); c != nil && c.Status == types.CertificateStatusPendingValidation {
		c.Status = types.CertificateStatusValidationTimedOut
	}
}

// Exists reports whether there is a certificate with an ARN.
func (p *acmPart) Exists(arn string) bool { return p.s.Certificates.get(arn) != nil }

// Usable reports whether a listener can have a certificate.
func (p *acmPart) Usable(arn string) bool {
	c := p.s.Certificates.get(arn)
	return c != nil && c.Status == types.CertificateStatusIssued
}

// Release records that a listener no longer has a certificate, which ACM learns
// some time later.
func (p *acmPart) Release(now time.Time, arn string) {
	if c := p.s.Certificates.get(arn); c != nil {
		c.Held = now.Add(p.account.takes(CertificateReleased))
	}
}

var (
	_ Service = (*acmPart)(nil)
	_ locator = (*acmPart)(nil)
	_ indexed = (*acmPart)(nil)
)
