package ssm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/aws/typetest"
)

// TestASecretIsStoredAsExistingOrRefused: a secret is either stored unchanged
// or refused.
func TestASecretIsStoredAsExistingOrRefused(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	values := map[string]string{ // a part of the refusal, "" if there is none
		"a\x00b" + secret:                  "the control character U+0000",
		secret + "\xff":                    "bytes that are not UTF-8",
		"\xc3\x28" + secret:                "bytes that are not UTF-8",
		"\xed\xa0\x80" + secret:            "bytes that are not UTF-8", // half a surrogate pair
		secret + "\x1b[0m":                 "the control character U+001B",
		secret + "\x7f":                    "the control character U+007F",
		secret + "\u0085":                  "the control character U+0085",
		"{{ssm:" + secret + "}}":           "has {{ and }}",
		"{{\n" + secret + "\n}}":           "has {{ and }}",
		secret + strings.Repeat("x", 8186): "8193 bytes",
		strings.Repeat("ü", 4097):          "8194 bytes",
		strings.Repeat("ü", 4096):          "",
		"a\tb\r\nc\n":                      "",
		"\x20$x # \"y\" 'z' \\n <&>\u2028": "",
		"{{" + secret:                      "",
		"\ufffd\U0001f511":                 "",
	}
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		n := 0
		for value, want := range values {
			n++
			name := fmt.Sprintf("V%d", n)
			_, changed, err := store(cfg).Set(t.Context(), name, value, false)
			var is interface{ Remedy() string }
			switch {
			case want == "" && (err != nil || !changed):
				t.Errorf("%q: %v", value, err)
			case want != "" && (err == nil || changed || !strings.Contains(err.Error(), want)):
				t.Errorf("%q: %v, want %s", value, err, want)
			case want != "" && (!errors.As(err, &is) || strings.Contains(err.Error()+is.Remedy(), secret)):
				t.Errorf("%q: %v, without a remedy or with the value", value, err)
			case want == "":
				out, err := client.NewFromConfig(cfg).GetParameter(t.Context(), &client.GetParameterInput{
					Name: aws.String(ssm.Path("shop-dev", name)), WithDecryption: aws.Bool(true),
				})
				if err != nil || *out.Parameter.Value != value {
					t.Errorf("%q is not what is stored: %v", value, err)
				}
			}
		}
	})
}

// TestAnAlteredSecretIsAnError: if anything changes a value on its way, the
// caller gets an error, for the first version and for a later one.
func TestAnAlteredSecretIsAnError(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		altering := cfg.Copy()
		altering.APIOptions = append(altering.APIOptions, func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("alters", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if put, ok := in.Parameters.(*client.PutParameterInput); ok {
					put.Value = aws.String(strings.TrimSpace(*put.Value))
				}
				return next.HandleInitialize(ctx, in)
			}), middleware.Before)
		})
		for _, value := range []string{"hunter2 ", "hunter3\n"} {
			_, _, err := store(altering).Set(t.Context(), "PW", value, false)
			var altered *ssm.AlteredError
			if !errors.As(err, &altered) || altered.Given != 8 || altered.Held != 7 || strings.Contains(err.Error(), "hunter") {
				t.Errorf("%q: %v", value, err)
			}
		}
	})
}
