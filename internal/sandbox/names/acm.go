package names

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	r53 "github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// ACM is Certificate Manager: certificates that records in the world's own
// zones validate.
type ACM struct {
	account *world.Account
	s       acmState
	// The zones in which ACM looks for validation records.
	route53    *Route53
	cloudflare *Cloudflare
	// Needs is set before the first call.
	Needs ACMNeeds
}

// ACMNeeds are what Certificate Manager needs of other services.
type ACMNeeds struct{ Listeners Listeners }

// Listeners are the listeners that use certificates.
type Listeners interface {
	// UsersOf returns the load balancers whose listeners have a certificate.
	UsersOf(certificate string) []string
}

// acmState holds certificates by ARN.
type acmState struct{ Certificates world.Table[certificate] }

// certificate is a public certificate.
type certificate struct {
	ARN     string
	Domains []string
	Status  types.CertificateStatus
	Created time.Time
	Issued  time.Time
	// Shown is the time from which the validation records can be seen.
	Shown time.Time
	// Held is the time until which a deleted listener still counts as a user.
	Held time.Time
	// Due says that AWS has seen the validation records.
	Due  bool
	Tags map[string]string
}

// NewACM makes the Certificate Manager of an account, which looks for
// validation records in these zones.
func NewACM(account *world.Account, zones *Route53, more *Cloudflare) *ACM {
	p := &ACM{account: account, route53: zones, cloudflare: more}
	zones.acm, more.acm = p, p
	return p
}

// ID implements world.Service.
func (p *ACM) ID() string { return acm.ServiceID }

// State implements world.Service.
func (p *ACM) State() any { return &p.s }

// Routes implements world.Service.
func (p *ACM) Routes(r *world.Router) {
	world.On(r, p.requestCertificate)
	world.On(r, p.describeCertificate)
	world.On(r, p.listCertificates)
	world.On(r, p.deleteCertificate)
	world.On(r, p.addTagsToCertificate)
	world.On(r, p.removeTagsFromCertificate)
	world.On(r, p.listTagsForCertificate)
	r.Event("acm.issued", p.issue)
	r.Event("acm.timed-out", p.timeOut)
}

// Locate names the certificate that a call is about.
func (p *ACM) Locate(_ string, in any) string { return world.FieldText(in, "CertificateArn") }

// Index implements world.Indexed.
func (p *ACM) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Certificates, f, func(c *certificate) (string, map[string]string) { return c.ARN, c.Tags })
}

// Dump implements world.Service.
func (p *ACM) Dump(d *world.Dumper) {
	for _, c := range p.s.Certificates.All() {
		d.Add("acm.certificate", c.ARN, c.Domains[0], map[string]any{
			"domains": c.Domains, "status": c.Status, "tags": c.Tags,
		})
	}
}

// proof is the record that validates a domain: the same for a name and its
// star, and for every certificate of the account.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
func (p *ACM) proof(domain string) *types.ResourceRecord {
	bare := strings.TrimPrefix(domain, "*.")
	sum := p.account.Hash("acm", p.account.Number(), bare)
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

// recheck schedules the issue of the pending certificates whose records can all be
// seen.
func (p *ACM) recheck(now time.Time) {
	for _, c := range p.s.Certificates.All() {
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
			p.account.Schedule(now.Add(p.account.Takes(world.CertificateIssued)), "acm.issued", c.ARN)
		}
	}
}

func (p *ACM) issue(at time.Time, arn string) {
	if c := p.s.Certificates.Get(arn); c != nil && c.Status == types.CertificateStatusPendingValidation {
		c.Status, c.Issued = types.CertificateStatusIssued, at
	}
}

// validationLimit is the time after which ACM gives up.
const validationLimit = 72 * time.Hour

func (p *ACM) timeOut(_ time.Time, arn string) {
	if c := p.s.Certificates.Get(arn); c != nil && c.Status == types.CertificateStatusPendingValidation {
		c.Status = types.CertificateStatusValidationTimedOut
	}
}

// Exists reports whether there is a certificate with an ARN.
func (p *ACM) Exists(arn string) bool { return p.s.Certificates.Get(arn) != nil }

// Usable reports whether a listener can have a certificate.
func (p *ACM) Usable(arn string) bool {
	c := p.s.Certificates.Get(arn)
	return c != nil && c.Status == types.CertificateStatusIssued
}

// Release records that a listener no longer has a certificate, which ACM learns
// some time later.
func (p *ACM) Release(now time.Time, arn string) {
	if c := p.s.Certificates.Get(arn); c != nil {
		c.Held = now.Add(p.account.Takes(world.CertificateReleased))
	}
}

var (
	_ world.Service = (*ACM)(nil)
	_ world.Locator = (*ACM)(nil)
	_ world.Indexed = (*ACM)(nil)
)
