package sandbox

import (
	"time"

	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// named creates a service under a name of the namespace.
func (s *stack) named(namespaceID, name string) {
	s.t.Helper()
	reg := ask(s.t, s.sd.CreateService, &sd.CreateServiceInput{
		Name: &name, NamespaceId: &namespaceID, DnsConfig: &sdtypes.DnsConfig{
			DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeA, TTL: aws.Int64(10)}},
		},
	})
	in := s.serviceInput(name, s.definition(name, name, checked))
	in.ServiceRegistries = []types.ServiceRegistry{{RegistryArn: reg.Service.Arn}}
	s.create(in)
}

// search gives the VPC a search domain.
func (s *stack) search(domain string) {
	opt := ask(s.t, s.ec2.CreateDhcpOptions, &ec2.CreateDhcpOptionsInput{DhcpConfigurations: []ec2types.NewDhcpConfiguration{
		{Key: aws.String("domain-name"), Values: []string{domain}},
		{Key: aws.String("domain-name-servers"), Values: []string{"AmazonProvidedDNS"}},
	}})
	ask(s.t, s.ec2.AssociateDhcpOptions, &ec2.AssociateDhcpOptionsInput{VpcId: &s.vpc, DhcpOptionsId: opt.DhcpOptions.DhcpOptionsId})
}

// certificate is a certificate that is issued for a name in a zone.
func (s *stack) certificate(zone *string, name string) *string {
	s.t.Helper()
	certificates := acm.NewFromConfig(s.w.Config())
	arn := ask(s.t, certificates.RequestCertificate, &acm.RequestCertificateInput{
		DomainName: &name, ValidationMethod: acmtypes.ValidationMethodDns,
	}).CertificateArn
	time.Sleep(CertificateRecords.In(Typical))
	shown := ask(s.t, certificates.DescribeCertificate, &acm.DescribeCertificateInput{CertificateArn: arn}).Certificate
	record := shown.DomainValidationOptions[0].ResourceRecord
	ask(s.t, route53.NewFromConfig(s.w.Config()).ChangeResourceRecordSets, &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: zone, ChangeBatch: &r53types.ChangeBatch{Changes: []r53types.Change{{
			Action: r53types.ChangeActionUpsert, ResourceRecordSet: &r53types.ResourceRecordSet{
				Name: record.Name, Type: r53types.RRTypeCname, TTL: aws.Int64(60),
				ResourceRecords: []r53types.ResourceRecord{{Value: record.Value}},
			},
		}}},
	})
	time.Sleep(CertificateIssued.In(Typical))
	return arn
}
