package gate_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/aws/gate"
)

// TestMissingNamesTheObject: if AWS does not say which object the caller has no
// rights to, the input of the call does.
func TestMissingNamesTheObject(t *testing.T) {
	t.Parallel()
	const rule = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1/2/3"
	const passed = "is not authorized to perform: iam:PassRole"
	tests := []struct {
		name, region, message, action, resource string
		do                                      func(context.Context, aws.Config) error
	}{
		{"an ARN", "eu-central-1", "no", "elasticloadbalancing:DeleteRule", rule, deleteRule(rule)},
		{"another service's", "eu-central-1", passed, "iam:PassRole", "*", deleteRule(rule)},
		{"a bucket's object", "eu-central-1", "Access Denied", "s3:GetObject", "arn:aws:s3:::b/k", getObject},
		{"in China", "cn-north-1", "Access Denied", "s3:GetObject", "arn:aws-cn:s3:::b/k", getObject},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.do(t.Context(), denying(tt.region, tt.message))
			action, resource, ok := gate.Missing(err)
			if action != tt.action || resource != tt.resource || !ok {
				t.Errorf("got %q %q %t of %v, want %q %q", action, resource, ok, err, tt.action, tt.resource)
			}
		})
	}
}

// denying returns the configuration for an AWS that denies everything.
func denying(region, message string) aws.Config {
	inner := "<Error><Code>AccessDenied</Code><Message>" + message + "</Message></Error>"
	cfg := aws.Config{
		Region:     region,
		HTTPClient: &wire{answers: []answer{{status: 403, body: "<ErrorResponse>" + inner + "</ErrorResponse>"}}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "x"}, nil
		}),
	}
	gate.New(gate.Options{Rand: func() float64 { return 1 }}).Attach(&cfg)
	return cfg
}

func deleteRule(arn string) func(context.Context, aws.Config) error {
	return func(ctx context.Context, cfg aws.Config) error {
		_, err := elasticloadbalancingv2.NewFromConfig(cfg).DeleteRule(ctx, &elasticloadbalancingv2.DeleteRuleInput{RuleArn: &arn})
		return err
	}
}

// getObject gets a denial in S3's words.
func getObject(ctx context.Context, cfg aws.Config) error {
	cfg.HTTPClient = &wire{answers: []answer{{status: 403, body: "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"}}}
	_, err := s3.NewFromConfig(cfg).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	return err
}
