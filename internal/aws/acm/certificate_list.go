package acm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// indexed is the age from which an object is certainly in AWS's index of tags,
// which lags by seconds to minutes.
const indexed = 15 * time.Minute

// List implements engine.Type: one call for all certificates and two for each
// that may be the owners'.
func (t Certificates) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	may, err := tagindex.MayExist(ctx, q, t.Tagging, "acm:certificate")
	if err != nil || !may {
		return nil, err
	}
	all, err := summaries(ctx, t.API)
	if err != nil {
		return nil, err
	}
	index, err := tagindex.Resources(ctx, q, t.Tagging)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s types.CertificateSummary) bool {
		arn := aws.ToString(s.CertificateArn)
		known := slices.ContainsFunc(index, func(r tagindex.Resource) bool { return r.ARN == arn })
		fresh := t.Clock.Now().Sub(aws.ToTime(s.CreatedAt)) < indexed
		return !known && !fresh && !isWanted(q, s)
	})
	found := make([][]engine.Object, len(all))
	err = concurrent.Each(all, func(i int, s types.CertificateSummary) error {
		l, ok, err := t.read(ctx, q, aws.ToString(s.CertificateArn))
		if ok {
			found[i] = []engine.Object{l}
		}
		if gate.IsNotFound(err) {
			return nil
		}
		return err
	})
	return slices.Concat(found...), err
}

// isWanted says whether a certificate has the names of a desired one.
func isWanted(q engine.Query, s types.CertificateSummary) bool {
	return slices.ContainsFunc(q.Wanted, func(w engine.Wanted) bool {
		c, ok := w.Resource.(Certificate)
		return ok && slices.Contains(c.Domains, aws.ToString(s.DomainName))
	})
}

// read returns a certificate if it belongs to one of the owners.
func (t Certificates) read(ctx context.Context, q engine.Query, arn string) (l engine.Object, ok bool, err error) {
	tags, err := Tags(ctx, t.API, arn)
	if err != nil {
		return l, false, err
	}
	mark, ok := engine.MarkOf(tags)
	if !ok || mark.Address.Type != (Certificate{}).Type() || !q.Has(mark.Address.Owner) {
		return l, false, nil
	}
	d, err := describe(ctx, t.API, arn)
	if err != nil {
		return l, false, err
	}
	await := !slices.ContainsFunc(q.Wanted, func(w engine.Wanted) bool {
		c, _ := w.Resource.(Certificate)
		return w.Address == mark.Address && !c.Await
	})
	shown := Certificate{Domains: slices.Sorted(slices.Values(d.SubjectAlternativeNames)), Await: await}
	switch d.Status {
	case types.CertificateStatusExpired, types.CertificateStatusRevoked:
		// It may be in use: the new certificate is made before this one is
		// deleted.
		shown.Domains = []string{strings.ToLower(string(d.Status))}
	}
	outputs, _ := outputsOf(d)
	l = engine.Object{
		Address: mark.Address, ID: arn, Outputs: outputs, Attrs: engine.Shown(shown),
		Tags: tags, LastApplied: mark.LastApplied, Created: aws.ToTime(d.CreatedAt),
	}
	l.State, l.Detail = stateOf(d.Status, await)
	return l, true, nil
}

// Tags are the tags of a certificate.
func Tags(ctx context.Context, api *acm.Client, arn string) (map[string]string, error) {
	out, err := api.ListTagsForCertificate(ctx, &acm.ListTagsForCertificateInput{CertificateArn: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

// summaries returns all certificates of the account in the region. AWS leaves
// out elliptic curve keys unless the call names them.
func summaries(ctx context.Context, api *acm.Client) ([]types.CertificateSummary, error) {
	var all []types.CertificateSummary
	pages := acm.NewListCertificatesPaginator(api, &acm.ListCertificatesInput{
		Includes: &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing certificates: %w", err)
		}
		all = append(all, page.CertificateSummaryList...)
	}
	return all, nil
}

// Existing is an issued certificate of the account, made by anybody.
type Existing struct {
	ARN     string
	Domains []string
	// Until is when it expires.
	Until time.Time
}

// ExistingOnes returns all issued certificates of the region that a load
// balancer can use, a thousand per call.
func ExistingOnes(ctx context.Context, api *acm.Client) ([]Existing, error) {
	all, err := summaries(ctx, api)
	if err != nil {
		return nil, err
	}
	var out []Existing
	for _, s := range all {
		if s.Status != types.CertificateStatusIssued {
			continue
		}
		e := Existing{ARN: aws.ToString(s.CertificateArn), Until: aws.ToTime(s.NotAfter)}
		e.Domains = append([]string{aws.ToString(s.DomainName)}, s.SubjectAlternativeNameSummaries...)
		out = append(out, e)
	}
	return out, nil
}

// Covers says whether the certificate is valid for a host: it has the host's
// name, or a star one level above.
func (e Existing) Covers(host string) bool { return Covers(e.Domains, host) }

// Covers says whether one of a certificate's domains covers a host.
func Covers(domains []string, host string) bool {
	_, above, _ := strings.Cut(host, ".")
	for _, d := range domains {
		if d = strings.ToLower(d); d == host || d == "*."+above && !strings.HasPrefix(host, "*.") {
			return true
		}
	}
	return false
}
