package sandbox

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
)

// maxDomains is the quota of names in a certificate.
const maxDomains = 10

func (p *acmPart) requestCertificate(rq *request, in *acm.RequestCertificateInput) (*acm.RequestCertificateOutput, error) {
	if known, mismatch := rq.once(in.IdempotencyToken, in); known != "" && !mismatch && p.s.Certificates.get(known) != nil {
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
	if len(domains) > p.account.quota("names per certificate", maxDomains) {
		return nil, &types.LimitExceededException{Message: aws.String("Error: you have reached the maximum number of domain names")}
	}
	if in.ValidationMethod != types.ValidationMethodDns {
		return nil, &types.InvalidParameterException{Message: aws.String("the sandbox validates by DNS only")}
	}
	c := &certificate{
		ARN: p.account.arn("acm", "certificate/"+p.account.newUUID("certificate")), Domains: domains,
		Status: types.CertificateStatusPendingValidation, Created: rq.now, Shown: rq.now.Add(p.account.takes(CertificateRecords)),
		Tags: tagMap(in.Tags),
	}
	p.s.Certificates.put(p.account, rq.now, c.ARN, c)
	rq.remember(in.IdempotencyToken, in, c.ARN)
	p.account.schedule(rq.now.Add(validationLimit), "acm.timed-out", c.ARN)
	p.recheck(rq.now)
	return &acm.RequestCertificateOutput{CertificateArn: aws.String(c.ARN)}, nil
}

func noCertificate(arn string) error {
	return &types.ResourceNotFoundException{Message: aws.String("Could not find certificate " + arn + ".")}
}

func (p *acmPart) describeCertificate(rq *request, in *acm.DescribeCertificateInput) (*acm.DescribeCertificateOutput, error) {
	c := p.s.Certificates.find(rq, aws.ToString(in.CertificateArn))
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
		if !rq.now.Before(c.Shown) {
			v.ResourceRecord = p.proof(domain)
		}
		d.DomainValidationOptions = append(d.DomainValidationOptions, v)
	}
	return &acm.DescribeCertificateOutput{Certificate: d}, nil
}

func (p *acmPart) listCertificates(rq *request, in *acm.ListCertificatesInput) (*acm.ListCertificatesOutput, error) {
	var all []types.CertificateSummary
	for _, c := range p.s.Certificates.list(rq) {
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
	page, next, err := pageOf(all, in.NextToken, in.MaxItems, 1000)
	if err != nil {
		return nil, &types.ValidationException{Message: aws.String("The NextToken is not valid.")}
	}
	return &acm.ListCertificatesOutput{CertificateSummaryList: page, NextToken: next}, nil
}

func (p *acmPart) deleteCertificate(rq *request, in *acm.DeleteCertificateInput) (*acm.DeleteCertificateOutput, error) {
	arn := aws.ToString(in.CertificateArn)
	c := p.s.Certificates.get(arn)
	if c == nil {
		return nil, noCertificate(arn)
	}
	if len(p.Needs.Listeners.UsersOf(arn)) > 0 || rq.now.Before(c.Held) {
		return nil, &types.ResourceInUseException{Message: aws.String("Certificate " + arn + " in account " + p.account.number() + " is in use.")}
	}
	p.s.Certificates.remove(rq.now, arn)
	return &acm.DeleteCertificateOutput{}, nil
}

func (p *acmPart) addTagsToCertificate(rq *request, in *acm.AddTagsToCertificateInput) (*acm.AddTagsToCertificateOutput, error) {
	c := p.s.Certificates.find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	maps.Copy(c.Tags, tagMap(in.Tags))
	return &acm.AddTagsToCertificateOutput{}, nil
}

func (p *acmPart) removeTagsFromCertificate(rq *request, in *acm.RemoveTagsFromCertificateInput) (*acm.RemoveTagsFromCertificateOutput, error) {
	c := p.s.Certificates.find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	for _, t := range in.Tags {
		delete(c.Tags, aws.ToString(t.Key))
	}
	return &acm.RemoveTagsFromCertificateOutput{}, nil
}

func (p *acmPart) listTagsForCertificate(rq *request, in *acm.ListTagsForCertificateInput) (*acm.ListTagsForCertificateOutput, error) {
	c := p.s.Certificates.find(rq, aws.ToString(in.CertificateArn))
	if c == nil {
		return nil, noCertificate(aws.ToString(in.CertificateArn))
	}
	return &acm.ListTagsForCertificateOutput{Tags: tagList[types.Tag](c.Tags)}, nil
}
