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
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Certificate is a public certificate for up to ten names. Outputs: id and arn,
// and for each name without its star the record that proves it, a CNAME:
// NameOutput and ValueOutput.
type Certificate struct {
	// Domains are sorted; a name such as *.example.com covers one level.
	Domains []string `attr:"domains,set,replace,own"`
	// Await says that the certificate is ready when AWS has issued it. Without
	// Await it is ready when its validation records are known: somebody must
	// make them by hand, at an unknown time.
	Await bool `attr:"await,create"`
}

// Type implements engine.Resource.
func (Certificate) Type() string { return "acm.certificate" }

// MaxDomains is ACM's quota of names in a certificate
// (https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html).
const MaxDomains = 10

// NameOutput and ValueOutput are the outputs with the name and the value of the
// CNAME record that proves a domain. A star makes no difference.
func NameOutput(domain string) string { return "name " + Bare(domain) }

// ValueOutput is described with NameOutput.
func ValueOutput(domain string) string { return "value " + Bare(domain) }

// ProvedOutput is the output that is not empty once AWS has seen the domain's
// record.
func ProvedOutput(domain string) string { return "proved " + Bare(domain) }

// Bare is a domain without its star: both have one validation record.
func Bare(domain string) string { return strings.TrimPrefix(domain, "*.") }

// Certificates is the type of Certificate.
type Certificates struct {
	API     *acm.Client
	Tagging *resourcegroupstaggingapi.Client
	Clock   clock.Clock
}

// issued is the typical time from the request to the certificate when the
// records are made at once. Users report from half a minute to many minutes.
const issued = 90 * time.Second

// issuedBy is the time on a bad day: ACM says that it can take several hours in
// rare cases; users report half an hour.
const issuedBy = 30 * time.Minute

// Spec implements engine.Type.
func (Certificates) Spec() engine.Spec {
	return engine.Spec{
		InUse: "its listeners go first",
		Name:  Certificate{}.Type(), Identity: engine.Token, ReadyIn: issued, ReadyBy: issuedBy, DeadWhenFailed: true,
	}
}

// Create implements engine.Type. It waits for the validation records, which AWS
// shows some seconds after the request.
func (t Certificates) Create(ctx context.Context, w engine.Desired[Certificate]) (engine.Object, error) {
	domains := slices.Clone(w.Want.Domains)
	// The first domain becomes the common name, which has at most 64
	// characters.
	slices.SortStableFunc(domains, func(a, b string) int { return len(a) - len(b) })
	in := &acm.RequestCertificateInput{
		DomainName: &domains[0], ValidationMethod: types.ValidationMethodDns, IdempotencyToken: aws.String(w.Token[:32]),
		Tags: tagsOf(w.Tags),
	}
	if len(domains) > 1 {
		in.SubjectAlternativeNames = domains
	}
	out, err := t.API.RequestCertificate(ctx, in)
	if err != nil {
		return engine.Object{}, fmt.Errorf("requesting a certificate for %s: %w", strings.Join(domains, ", "), err)
	}
	arn := aws.ToString(out.CertificateArn)
	for {
		d, err := describe(gate.JustMade(ctx), t.API, arn)
		if err != nil {
			return engine.Object{}, gate.Half(err)
		}
		if object, ok := t.object(w, d); ok {
			return object, nil
		}
		if err := t.Clock.Sleep(ctx, time.Second); err != nil {
			return engine.Object{}, err
		}
	}
}

// object returns a certificate that is as desired; ok is false until AWS shows
// the records that prove its names.
func (Certificates) object(w engine.Desired[Certificate], d *types.CertificateDetail) (l engine.Object, ok bool) {
	outputs, complete := outputsOf(d)
	l = engine.AsDesired(w, aws.ToString(d.CertificateArn), outputs)
	l.State, l.Detail = stateOf(d.Status, w.Want.Await)
	l.Created = aws.ToTime(d.CreatedAt)
	return l, complete || l.State == engine.StateFailed
}

// outputsOf returns the outputs; complete says that no validation record is
// missing.
func outputsOf(d *types.CertificateDetail) (outputs map[string]string, complete bool) {
	outputs = map[string]string{"arn": aws.ToString(d.CertificateArn)}
	complete = len(d.DomainValidationOptions) > 0
	for _, v := range d.DomainValidationOptions {
		if v.ResourceRecord == nil {
			complete = false
			continue
		}
		domain := aws.ToString(v.DomainName)
		outputs[NameOutput(domain)] = strings.TrimSuffix(aws.ToString(v.ResourceRecord.Name), ".")
		if v.ValidationStatus == types.DomainStatusSuccess {
			outputs[ProvedOutput(domain)] = "true"
		}
		outputs[ValueOutput(domain)] = strings.TrimSuffix(aws.ToString(v.ResourceRecord.Value), ".")
	}
	return outputs, complete
}

// stateOf translates AWS's status. A request that timed out or failed never
// becomes a certificate.
func stateOf(s types.CertificateStatus, await bool) (engine.State, string) {
	switch s {
	case types.CertificateStatusPendingValidation:
		if await {
			return engine.StatePending, string(s)
		}
	case types.CertificateStatusFailed, types.CertificateStatusValidationTimedOut:
		return engine.StateFailed, string(s)
	}
	return engine.StateReady, string(s)
}

// Issued is the Detail of a certificate that can be used.
const Issued = string(types.CertificateStatusIssued)

func describe(ctx context.Context, api *acm.Client, arn string) (*types.CertificateDetail, error) {
	out, err := api.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading certificate %s: %w", arn, err)
	}
	return out.Certificate, nil
}

// Poll implements engine.Poller.
func (t Certificates) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	found := make([][]engine.Object, len(objects))
	err := concurrent.Each(objects, func(i int, l engine.Object) error {
		d, err := describe(ctx, t.API, l.ID)
		if gate.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		l.State, l.Detail = stateOf(d.Status, l.Attrs["await"] != "false")
		found[i] = []engine.Object{l}
		return nil
	})
	return slices.Concat(found...), err
}

// Update implements engine.Type: only tags can change.
func (t Certificates) Update(ctx context.Context, w engine.Desired[Certificate], object engine.Object, _ []string) (engine.Object, error) {
	if err := t.setTags(ctx, object.ID, object.Tags, w.Tags); err != nil {
		return object, err
	}
	now := engine.AsDesired(w, object.ID, object.Outputs)
	now.State, now.Detail, now.Created = object.State, object.Detail, object.Created
	return now, nil
}

// Delete implements engine.Type. While a listener uses the certificate AWS
// refuses, until some time after the listener is gone.
func (t Certificates) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteCertificate(ctx, &acm.DeleteCertificateInput{CertificateArn: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting %s: %w", object.ID, err)
	}
	return nil
}

// setTags changes a certificate's tags from have to want.
func (t Certificates) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.AddTagsToCertificate(ctx, &acm.AddTagsToCertificateInput{CertificateArn: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			in := &acm.RemoveTagsFromCertificateInput{CertificateArn: &arn}
			for _, key := range keys {
				in.Tags = append(in.Tags, types.Tag{Key: &key})
			}
			_, err := t.API.RemoveTagsFromCertificate(ctx, in)
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

var (
	_ engine.Type[Certificate] = Certificates{}
	_ engine.Poller            = Certificates{}
)
