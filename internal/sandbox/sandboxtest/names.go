package sandboxtest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Named creates a service under a name of the namespace.
func (s *Stack) Named(namespaceID, name string) {
	s.T.Helper()
	reg := Ask(s.T, s.CloudMap.CreateService, &sd.CreateServiceInput{
		Name: &name, NamespaceId: &namespaceID, DnsConfig: &sdtypes.DnsConfig{
			DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeA, TTL: aws.Int64(10)}},
		},
	})
	in := s.ServiceInput(name, s.Definition(name, name, Checked))
	in.ServiceRegistries = []types.ServiceRegistry{{RegistryArn: reg.Service.Arn}}
	s.Create(in)
}

// Search gives the VPC a search domain.
func (s *Stack) Search(domain string) {
	opt := Ask(s.T, s.EC2.CreateDhcpOptions, &ec2.CreateDhcpOptionsInput{DhcpConfigurations: []ec2types.NewDhcpConfiguration{
		{Key: aws.String("domain-name"), Values: []string{domain}},
		{Key: aws.String("domain-name-servers"), Values: []string{"AmazonProvidedDNS"}},
	}})
	Ask(s.T, s.EC2.AssociateDhcpOptions, &ec2.AssociateDhcpOptionsInput{VpcId: &s.VPC, DhcpOptionsId: opt.DhcpOptions.DhcpOptionsId})
}

// Certificate is a certificate that is issued for a name in a zone.
func (s *Stack) Certificate(zone *string, name string) *string {
	s.T.Helper()
	certificates := acm.NewFromConfig(s.W.Config())
	arn := Ask(s.T, certificates.RequestCertificate, &acm.RequestCertificateInput{
		DomainName: &name, ValidationMethod: acmtypes.ValidationMethodDns,
	}).CertificateArn
	time.Sleep(world.CertificateRecords.In(world.Typical))
	shown := Ask(s.T, certificates.DescribeCertificate, &acm.DescribeCertificateInput{CertificateArn: arn}).Certificate
	record := shown.DomainValidationOptions[0].ResourceRecord
	Ask(s.T, route53.NewFromConfig(s.W.Config()).ChangeResourceRecordSets, &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: zone, ChangeBatch: &r53types.ChangeBatch{Changes: []r53types.Change{{
			Action: r53types.ChangeActionUpsert, ResourceRecordSet: &r53types.ResourceRecordSet{
				Name: record.Name, Type: r53types.RRTypeCname, TTL: aws.Int64(60),
				ResourceRecords: []r53types.ResourceRecord{{Value: record.Value}},
			},
		}}},
	})
	time.Sleep(world.CertificateIssued.In(world.Typical))
	return arn
}
