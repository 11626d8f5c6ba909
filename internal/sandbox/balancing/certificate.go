package balancing

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxCertificates is the quota of certificates of a load balancer, without the
// default ones.
const maxCertificates = 25

// certificates returns the ARNs of a listener's default certificate and the
// others.
func (l *listener) certificates() []string {
	var arns []string
	for _, c := range l.Certificates {
		arns = append(arns, aws.ToString(c.CertificateArn))
	}
	return append(arns, l.More...)
}

// checkCertificates refuses certificates that a listener cannot have.
func (p *listeners) checkCertificates(list []types.Certificate) error {
	for _, c := range list {
		arn := aws.ToString(c.CertificateArn)
		if !p.needs.Certificates.Exists(arn) {
			return &types.CertificateNotFoundException{Message: aws.String("Certificate '" + arn + "' not found")}
		}
		if !p.needs.Certificates.Usable(arn) {
			return world.APIError(400, "UnsupportedCertificate", "The certificate '%s' must have a fully-qualified domain name, "+
				"a supported signature, and a supported key size.", arn)
		}
	}
	return nil
}

func (p *listeners) addListenerCertificates(rq *world.Request, in *elb.AddListenerCertificatesInput) (*elb.AddListenerCertificatesOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	if err := p.checkCertificates(in.Certificates); err != nil {
		return nil, err
	}
	more := slices.Clone(l.More)
	for _, c := range in.Certificates {
		if arn := aws.ToString(c.CertificateArn); !slices.Contains(more, arn) {
			more = append(more, arn)
		}
	}
	if len(more) > p.account.Quota("certificates per load balancer", maxCertificates) {
		return nil, &types.TooManyCertificatesException{Message: aws.String("The quota of certificates per load balancer has been reached")}
	}
	l.More = more
	return &elb.AddListenerCertificatesOutput{Certificates: in.Certificates}, nil
}

func (p *listeners) removeListenerCertificates(rq *world.Request, in *elb.RemoveListenerCertificatesInput) (*elb.RemoveListenerCertificatesOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	for _, c := range in.Certificates {
		arn := aws.ToString(c.CertificateArn)
		l.More = slices.DeleteFunc(l.More, func(have string) bool { return have == arn })
		p.needs.Certificates.Release(rq.Now, arn)
	}
	return &elb.RemoveListenerCertificatesOutput{}, nil
}

func (p *listeners) describeListenerCertificates(rq *world.Request, in *elb.DescribeListenerCertificatesInput) (*elb.DescribeListenerCertificatesOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	out := &elb.DescribeListenerCertificatesOutput{}
	for _, c := range l.Certificates {
		out.Certificates = append(out.Certificates, types.Certificate{CertificateArn: c.CertificateArn, IsDefault: aws.Bool(true)})
	}
	for _, arn := range l.More {
		out.Certificates = append(out.Certificates, types.Certificate{CertificateArn: aws.String(arn), IsDefault: aws.Bool(false)})
	}
	return out, nil
}
