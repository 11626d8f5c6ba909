package elb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/engine"
)

// TLSPolicy is AWS's recommended set for the web: TLS 1.2 and 1.3
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
const TLSPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"

func defaultCertificate(want Listener) []types.Certificate {
	if arn := want.Certificate.Value(); arn != "" {
		return []types.Certificate{{CertificateArn: &arn}}
	}
	return nil
}

func policyOf(want Listener) *string {
	if want.SSLPolicy == "" {
		return nil
	}
	return aws.String(want.SSLPolicy)
}

// redirectTo returns the actions of a permanent redirect to HTTPS.
func redirectTo(port string) []types.Action {
	return []types.Action{{
		Type: types.ActionTypeEnumRedirect,
		RedirectConfig: &types.RedirectActionConfig{
			Protocol: aws.String("HTTPS"), Port: aws.String(port), StatusCode: types.RedirectActionStatusCodeEnumHttp301,
			Host: aws.String("#{host}"), Path: aws.String("/#{path}"), Query: aws.String("#{query}"),
		},
	}}
}

// redirectOf returns the port of a redirect that redirectTo made; empty for
// other actions.
func redirectOf(actions []types.Action) string {
	if len(actions) != 1 || actions[0].RedirectConfig == nil {
		return ""
	}
	r := actions[0].RedirectConfig
	whole := aws.ToString(r.Host) == "#{host}" && aws.ToString(r.Path) == "/#{path}" && aws.ToString(r.Query) == "#{query}"
	if !whole || !strings.EqualFold(aws.ToString(r.Protocol), "HTTPS") || r.StatusCode != types.RedirectActionStatusCodeEnumHttp301 {
		return ""
	}
	return aws.ToString(r.Port)
}

// moreCertificates returns the ARNs of a listener's certificates without the
// default one, which AWS lists too.
func moreCertificates(ctx context.Context, api *elbv2.Client, listener string) ([]string, error) {
	var arns []string
	pages := elbv2.NewDescribeListenerCertificatesPaginator(api, &elbv2.DescribeListenerCertificatesInput{ListenerArn: &listener})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the certificates of %s: %w", listener, err)
		}
		for _, c := range page.Certificates {
			if !aws.ToBool(c.IsDefault) {
				arns = append(arns, aws.ToString(c.CertificateArn))
			}
		}
	}
	return arns, nil
}

// setMore gives a listener the wanted further certificates. Certificates on a
// listener have no tags there, so all of them count as berth's.
func setMore(ctx context.Context, api *elbv2.Client, listener string, want Listener) error {
	have, err := moreCertificates(ctx, api, listener)
	if err != nil {
		return err
	}
	wanted := engine.Values(want.More)
	for _, arn := range wanted {
		if slices.Contains(have, arn) {
			continue
		}
		_, err := api.AddListenerCertificates(ctx, &elbv2.AddListenerCertificatesInput{
			ListenerArn: &listener, Certificates: []types.Certificate{{CertificateArn: aws.String(arn)}},
		})
		if err != nil {
			return fmt.Errorf("adding certificate %s to %s: %w", arn, listener, err)
		}
	}
	for _, arn := range have {
		if slices.Contains(wanted, arn) {
			continue
		}
		_, err := api.RemoveListenerCertificates(ctx, &elbv2.RemoveListenerCertificatesInput{
			ListenerArn: &listener, Certificates: []types.Certificate{{CertificateArn: aws.String(arn)}},
		})
		if err := gone(err); err != nil {
			return fmt.Errorf("removing certificate %s from %s: %w", arn, listener, err)
		}
	}
	return nil
}
