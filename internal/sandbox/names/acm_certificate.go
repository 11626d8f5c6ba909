package names

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxDomains is the quota of names in a certificate.
const maxDomains = 10

func (p *ACM) requestCertificate(rq *world.Request, in *acm.RequestCertificateInput) (*acm.RequestCertificateOutput, error) {
	if known, mismatch := rq.Once(in.IdempotencyToken, in); known != "" && !mismatch && p.s.Certificates.Get(known) != nil {
		return &acm.RequestCertificateOutput{CertificateArn: aws.String(known)}, nil
	}
	domains := append([]string{aws.ToString(in.DomainName)}, in.SubjectAlternativeNames...)
	for i, d := range domains {
		domains[i] = strings.ToLower(d)
	}
	slices.Sort(domains[1:])
	domains = append(domains[:1], slices.DeleteFunc(slices.Compact(domains[1:]), func(d string) bool { return d == domains[0] })...)
	if len(domains[0]) > 64 {
		return nil, &types.InvalidDomainValidationOptionsException{Message: aws.String("The first domain name can have no more than 64 octets.")}
	}
	if len(domains) > p.account.Quota("names per certificate", maxDomains) {
		return nil, &types.LimitExceededException{Message: aws.String("Error: you have reached the maximum number of domain names")}
	}
	if in.ValidationMethod != types.ValidationMethodDns {
		return nil, &types.InvalidParameterException{Message: aws.String("the sandbox validates by DNS only")}
	}
	c := &certificate{
		ARN: p.account.ARN("acm", "certificate/"+p.account.NewUUID("certificate")), Domains: domains,
		Status: types.CertificateStatusPendingValidation, Created: rq.Now, Shown: rq.Now.Add(p.account.Takes(world.CertificateRecords)),
		Tags: world.TagMap(in.Tags),
	}
	p.s.Certificates.Put(p.account, rq.Now, c.ARN, c)
	rq.Remember(in.IdempotencyToken, in, c.ARN)
	p.account.Schedule(rq.Now.Add(validationLimit), "acm.timed-out", c.ARN)
	p.recheck(rq.Now)
	return &acm.RequestCertificateOutput{CertificateArn: aws.String(c.ARN)}, nil
}

func noCertificate(arn string) error {
	return &types.ResourceNotFoundException{Message: aws.String("Could not find certificate " + arn + ".")}
}

func (p *ACM) describeCertificate(rq *world.Request, in *acm.DescribeCertificateInput) (*acm.DescribeCertificateOutput, error) {
	c := p.s.Certificates.Find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	d := &types.CertificateDetail{
		CertificateArn: aws.String(c.ARN), DomainName: aws.String(c.Domains[0]), SubjectAlternativeNames: c.Domains,
		Status: c.Status, CreatedAt: aws.Time(c.Created), InUseBy: p.Needs.Listeners.UsersOf(c.ARN), Type: types.CertificateTypeAmazonIssued,
		KeyAlgorithm: types.KeyAlgorithmRsa2048,
	}
	if !c.Issued.IsZero() {
		d.IssuedAt, d.NotAfter = aws.Time(c.Issued), aws.Time(c.Issued.AddDate(0, 0, 198))
	}
	for _, domain := range c.Domains {
		v := types.DomainValidation{DomainName: aws.String(domain), ValidationMethod: types.ValidationMethodDns, ValidationDomain: aws.String(domain)}
		v.ValidationStatus = types.DomainStatusPendingValidation
		if c.Status == types.CertificateStatusIssued {
			v.ValidationStatus = types.DomainStatusSuccess
		}
		if !rq.Now.Before(c.Shown) {
			v.ResourceRecord = p.proof(domain)
		}
		d.DomainValidationOptions = append(d.DomainValidationOptions, v)
	}
	return &acm.DescribeCertificateOutput{Certificate: d}, nil
}

func (p *ACM) listCertificates(rq *world.Request, in *acm.ListCertificatesInput) (*acm.ListCertificatesOutput, error) {
	var all []types.CertificateSummary
	for _, c := range p.s.Certificates.List(rq) {
		if len(in.CertificateStatuses) > 0 && !slices.Contains(in.CertificateStatuses, c.Status) {
			continue
		}
		s := types.CertificateSummary{
			CertificateArn: aws.String(c.ARN), DomainName: aws.String(c.Domains[0]), SubjectAlternativeNameSummaries: c.Domains,
			Status: c.Status, CreatedAt: aws.Time(c.Created), InUse: aws.Bool(len(p.Needs.Listeners.UsersOf(c.ARN)) > 0),
			Type: types.CertificateTypeAmazonIssued, KeyAlgorithm: types.KeyAlgorithmRsa2048,
		}
		if !c.Issued.IsZero() {
			s.IssuedAt, s.NotAfter = aws.Time(c.Issued), aws.Time(c.Issued.AddDate(0, 0, 198))
		}
		all = append(all, s)
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxItems, 1000)
	if err != nil {
		return nil, &types.ValidationException{Message: aws.String("The NextToken is not valid.")}
	}
	return &acm.ListCertificatesOutput{CertificateSummaryList: page, NextToken: next}, nil
}

func (p *ACM) deleteCertificate(rq *world.Request, in *acm.DeleteCertificateInput) (*acm.DeleteCertificateOutput, error) {
	arn := aws.ToString(in.CertificateArn)
	c := p.s.Certificates.Get(arn)
	if c == nil {
		return nil, noCertificate(arn)
	}
	if len(p.Needs.Listeners.UsersOf(arn)) > 0 || rq.Now.Before(c.Held) {
		return nil, &types.ResourceInUseException{Message: aws.String("Certificate " + arn + " in account " + p.account.Number() + " is in use.")}
	}
	p.s.Certificates.Remove(rq.Now, arn)
	return &acm.DeleteCertificateOutput{}, nil
}

func (p *ACM) addTagsToCertificate(rq *world.Request, in *acm.AddTagsToCertificateInput) (*acm.AddTagsToCertificateOutput, error) {
	c := p.s.Certificates.Find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	maps.Copy(c.Tags, world.TagMap(in.Tags))
	return &acm.AddTagsToCertificateOutput{}, nil
}

func (p *ACM) removeTagsFromCertificate(rq *world.Request, in *acm.RemoveTagsFromCertificateInput) (*acm.RemoveTagsFromCertificateOutput, error) {
	c := p.s.Certificates.Find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	for _, t := range in.Tags {
		delete(c.Tags, aws.ToString(t.Key))
	}
	return &acm.RemoveTagsFromCertificateOutput{}, nil
}

func (p *ACM) listTagsForCertificate(rq *world.Request, in *acm.ListTagsForCertificateInput) (*acm.ListTagsForCertificateOutput, error) {
	c := p.s.Certificates.Find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	return &acm.ListTagsForCertificateOutput{Tags: world.TagList[types.Tag](c.Tags)}, nil
}
