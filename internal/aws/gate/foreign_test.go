package gate_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// protocols has a reading call for each protocol of AWS's services.
var protocols = map[string]func(context.Context, aws.Config) error{
	"query": func(ctx context.Context, cfg aws.Config) error {
		_, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
		return err
	},
	"query, a list": func(ctx context.Context, cfg aws.Config) error {
		_, err := iam.NewFromConfig(cfg).ListRoles(ctx, nil)
		return err
	},
	"ec2": func(ctx context.Context, cfg aws.Config) error {
		_, err := ec2.NewFromConfig(cfg).DescribeVpcs(ctx, nil)
		return err
	},
	"json": func(ctx context.Context, cfg aws.Config) error {
		_, err := ecs.NewFromConfig(cfg).ListClusters(ctx, nil)
		return err
	},
	"rest-json": func(ctx context.Context, cfg aws.Config) error {
		_, err := efs.NewFromConfig(cfg).DescribeFileSystems(ctx, nil)
		return err
	},
	"rest-xml": func(ctx context.Context, cfg aws.Config) error {
		_, err := route53.NewFromConfig(cfg).ListHostedZones(ctx, nil)
		return err
	},
	"rest-xml, S3": func(ctx context.Context, cfg aws.Config) error {
		_, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).ListObjectsV2(ctx,
			&s3.ListObjectsV2Input{Bucket: aws.String("berth-1")})
		return err
	},
}

// TestForeignAnswers: with every protocol, an answer that is not from AWS is an
// error with the status and the host, and never an empty list.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><body>Access denied by policy</body></html>"
	tests := []struct {
		name, kind, body, location string
		status                     int
		class                      engine.Class
	}{
		{name: "a proxy refuses", status: 403, kind: "text/html", body: page, class: engine.Terminal},
		{name: "no such path", status: 404, kind: "text/plain", body: "404 page not found", class: engine.Terminal},
		{name: "no such method", status: 501, kind: "text/html", body: "<html>no</html>", class: engine.Terminal},
		{name: "refused without a word", status: 403, class: engine.Terminal},
		{name: "a captive portal", status: 200, kind: "text/plain", body: "OK", class: engine.Terminal},
		{name: "a page", status: 200, kind: "text/html; charset=utf-8", body: page, class: engine.Terminal},
		{name: "nothing", status: 200, class: engine.Terminal},
		{name: "a login", status: 302, kind: "text/html", location: "https://portal.example/login", class: engine.Terminal},
		{name: "a gateway's page", status: 502, kind: "text/html", body: page, class: engine.Unknown},
	}
	for _, tt := range tests {
		for protocol, do := range protocols {
			t.Run(tt.name+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", tt.kind)
					if tt.location != "" {
						w.Header().Set("Location", tt.location)
					}
					w.WriteHeader(tt.status)
					_, _ = w.Write([]byte(tt.body))
				}))
				defer server.Close()
				cfg := aws.Config{Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: aws.CredentialsProviderFunc(
					func(context.Context) (aws.Credentials, error) {
						return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "x"}, nil
					})}
				gate.New(gate.Options{Clock: hasty{}}).Attach(&cfg)
				err := do(t.Context(), cfg)
				var foreign *gate.ForeignError
				if !errors.As(err, &foreign) || foreign.Status != tt.status {
					t.Fatalf("got %v, want a *ForeignError", err)
				}
				if got := engine.ClassOf(err); got != tt.class {
					t.Errorf("class %d, want %d", got, tt.class)
				}
				host := strings.TrimPrefix(server.URL, "http://")
				if !strings.Contains(err.Error(), host) || tt.location != "" && !strings.Contains(err.Error(), tt.location) {
					t.Errorf("the error does not say who answered: %v", err)
				}
			})
		}
	}
}

// hasty is a clock whose waits end at once.
type hasty struct{ clock.Wall }

func (hasty) Sleep(context.Context, time.Duration) error { return nil }
