package hosts_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	dns "github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// hosted is a project with a host; %s goes to x-berth at the top.
const hosted = `
name: %s
x-berth: {%s}
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    x-berth: {host: %s}
`

// maxLag is how late an account of inZone shows what is new.
const maxLag = 14 * time.Second

// inZone runs f in an account that has the zone example.com.
func inZone(t *testing.T, f func(t *testing.T, b *bed.Bed, zone string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: maxLag, Buckets: true})
		out, err := route53.NewFromConfig(b.World.Config()).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{
			Name: aws.String("example.com"), CallerReference: aws.String("test"),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		f(t, b, aws.ToString(out.HostedZone.Id))
	})
}

// certificate is an issued certificate that is not berth's.
func certificate(t *testing.T, b *bed.Bed, zone string, names ...string) string {
	t.Helper()
	api := acm.NewFromConfig(b.World.Config())
	out, err := api.RequestCertificate(t.Context(), &acm.RequestCertificateInput{
		DomainName: &names[0], SubjectAlternativeNames: names, ValidationMethod: acmtypes.ValidationMethodDns,
	})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(bed.Quiet)
	d, err := api.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: out.CertificateArn})
	if err != nil {
		t.Fatal(err)
	}
	proof := d.Certificate.DomainValidationOptions[0].ResourceRecord
	_, err = route53.NewFromConfig(b.World.Config()).ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: &zone, ChangeBatch: &dns.ChangeBatch{Changes: []dns.Change{{
			Action: dns.ChangeActionUpsert, ResourceRecordSet: &dns.ResourceRecordSet{
				Name: proof.Name, Type: dns.RRTypeCname, TTL: aws.Int64(300), ResourceRecords: []dns.ResourceRecord{{Value: proof.Value}},
			},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(bed.Quiet)
	return *out.CertificateArn
}

// A certificate of the account that covers the host is used and left alone: the
// deployment takes no longer than one without TLS, which is 146 s and as long as
// load balancing does not see the new network.
func TestAFittingCertificateIsUsed(t *testing.T) {
	t.Parallel()
	a := bed.App(t, fmt.Sprintf(hosted, "shop", "", "app.example.com"))
	inZone(t, func(t *testing.T, b *bed.Bed, zone string) {
		arn := certificate(t, b, zone, "*.example.com")
		certificate(t, b, zone, "other.example.com")
		f, err := b.Up(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if most := 146*time.Second + maxLag; f.Took > most {
			t.Errorf("the first deployment took %s, want at most %s", f.Took, most)
		}
		if dump := b.World.Dump(); strings.Count(dump, `"certificates":["<acm.certificate/*.example.com>"]`) != 1 {
			t.Errorf("the listener does not use the certificate:\n%s", dump)
		}
		time.Sleep(bed.Quiet)
		if f, err = b.Up(t.Context(), a); err != nil || f.Changing > 0 {
			t.Errorf("a second up: %v, %d changing calls", err, f.Changing)
		}
		if _, err := b.Down(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		d, err := acm.NewFromConfig(b.World.Config()).DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: &arn})
		if err != nil || len(d.Certificate.InUseBy) > 0 {
			t.Errorf("after down the certificate is gone or in use: %v", err)
		}
		for _, left := range b.World.Leftovers() {
			if !strings.HasPrefix(left, "acm.certificate ") && !strings.HasPrefix(left, "route53.zone ") {
				t.Errorf("left: %s", left)
			}
		}
	})
}

func TestAnExistingCertificateIsChecked(t *testing.T) {
	t.Parallel()
	const made = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-a000-000000000000"
	for name, arn := range map[string]string{
		"another region": strings.Replace(made, "eu-central-1", "us-east-1", 1), "not there": made,
	} {
		a := bed.App(t, fmt.Sprintf(hosted, "shop", "certificate: \""+arn+"\"", "app.example.com"))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inZone(t, func(t *testing.T, b *bed.Bed, _ string) {
				f, err := b.Up(t.Context(), a)
				var refused *app.Problems
				if !errors.As(err, &refused) || f.Changing > 0 {
					t.Errorf("got %v after %d changing calls, want a refusal", err, f.Changing)
				}
			})
		})
	}
}

func TestZonesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"no such zone": {"dns: {zone: example.org}", "app.example.org"}, "not in the zone": {"dns: {zone: example.com}", "app.example.org"},
	} {
		a := bed.App(t, fmt.Sprintf(hosted, "shop", c[0], c[1]))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inZone(t, func(t *testing.T, b *bed.Bed, _ string) {
				f, err := b.Up(t.Context(), a)
				var refused *hosts.ZoneError
				if !errors.As(err, &refused) || f.Changing > 0 {
					t.Errorf("got %v after %d changing calls, want a ZoneError", err, f.Changing)
				}
			})
		})
	}
}

// Two projects of one environment have one host with two paths; the same path
// twice is refused.
func TestTwoProjectsShareAHost(t *testing.T) {
	t.Parallel()
	shared := func(name, host string) *app.App {
		return bed.App(t, fmt.Sprintf(hosted, name, "environment: shared", host))
	}
	one, two, clash := shared("one", "app.example.com"), shared("two", "app.example.com/two"), shared("three", "app.example.com/two")
	inZone(t, func(t *testing.T, b *bed.Bed, zone string) {
		certificate(t, b, zone, "*.example.com")
		for _, a := range []*app.App{one, two} {
			if _, err := b.Up(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			time.Sleep(bed.Quiet)
		}
		_, err := b.Up(t.Context(), clash)
		var taken *blueprint.TakenRouteError
		if !errors.As(err, &taken) || taken.Owner != "stack/shared/two" {
			t.Errorf("got %v, want a TakenRouteError that names the other project", err)
		}
		if _, err := b.Run(t.Context(), one, deploy.Request{Down: true}); err != nil {
			t.Fatal(err)
		}
		if values, _ := b.World.Lookup("app.example.com", "A"); len(values) == 0 {
			t.Error("the host went with the first project, and the second has it too")
		}
		time.Sleep(bed.Quiet)
		if _, err := b.Down(t.Context(), two); err != nil {
			t.Fatal(err)
		}
		if values, _ := b.World.Lookup("app.example.com", "A"); len(values) > 0 {
			t.Errorf("after both went the host leads to %v", values)
		}
	})
}

// While names are watched, a task that AWS replaces is followed within a minute.
func TestWatchNames(t *testing.T) {
	t.Parallel()
	a := bed.App(t, fmt.Sprintf(hosted, "shop", "ingress: direct", "app.example.com"))
	inZone(t, func(t *testing.T, b *bed.Bed, _ string) {
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		before, _ := b.World.Lookup("app.example.com", "A")
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var changes []hosts.Change
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.Hosts().Watch(ctx, 20*time.Second, func(c []hosts.Change, err error) {
				mu.Lock()
				defer mu.Unlock()
				changes = append(changes, c...)
				if err != nil {
					t.Error(err)
				}
			})
		}()
		names, err := p.Outputs()
		if err != nil {
			t.Fatal(err)
		}
		api, cluster := p.Clients.ECS, names.Cluster
		list, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &cluster})
		if err != nil || len(list.TaskArns) != 1 {
			t.Fatalf("tasks %v, error %v", list, err)
		}
		if _, err := api.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: &cluster, Task: &list.TaskArns[0]}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Minute)
		cancel()
		<-ended
		after, _ := b.World.Lookup("app.example.com", "A")
		if len(before) != 1 || len(after) != 1 || before[0] == after[0] {
			t.Errorf("the host led to %v and leads to %v", before, after)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(changes) != 2 || len(changes[0].After) != 0 || len(changes[1].After) != 1 {
			t.Errorf("changes %v, want the address gone and another one", changes)
		}
	})
}
