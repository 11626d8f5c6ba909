package existing

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// certificate checks that the load balancer can use the certificate: it is issued, and in the
// balancer's own region and account.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
func (r *reader) certificate(ctx context.Context) error {
	arn := r.names.Certificate
	region, account := place(arn)
	switch {
	case region != r.names.Region:
		r.problem(KeyCertificate, arn, "use a certificate in the same region", "the certificate is in %s and the load balancer in %s", region, r.names.Region)
		return nil
	case account != r.names.Account:
		r.problem(KeyCertificate, arn, "use a certificate of this account, or remove the key and berth requests one",
			"the certificate is of account %s and the load balancer of %s", account, r.names.Account)
		return nil
	}
	out, err := r.ACM.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if gate.IsNotFound(err) {
		r.problem(KeyCertificate, arn, "`aws acm list-certificates` lists the certificates; without the key berth requests one", "there is no such certificate")
		return nil
	}
	if err != nil {
		return err
	}
	c := out.Certificate
	if c.Status != types.CertificateStatusIssued {
		r.problem(KeyCertificate, arn, "wait until it is issued, or remove the key and berth requests one", "the certificate is not issued: it is in state %s", c.Status)
		return nil
	}
	domains := append([]string{aws.ToString(c.DomainName)}, c.SubjectAlternativeNames...)
	slices.Sort(domains)
	r.facts(func(f *Facts) { f.Certified = slices.Compact(domains) })
	return nil
}
