package aws

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/engine"
)

// Identity is who the credentials belong to.
type Identity struct {
	Account   string `json:"account"`
	ARN       string `json:"arn"`
	Region    string `json:"region"`
	Partition string `json:"partition"`
	// Source is how the credentials were found, in the SDK's words.
	Source string `json:"source"`
	// Expires is when they end; zero if they do not.
	Expires time.Time `json:"expires,omitzero"`
	// Warnings are what may surprise about the configuration.
	Warnings []string `json:"warnings,omitempty"`
}

// WhoAmI asks AWS who the caller is. Credentials that are missing, expired or
// wrong give a *CredentialsError with the steps that help.
func WhoAmI(ctx context.Context, cfg aws.Config, api *sts.Client, profile string) (Identity, error) {
	creds, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return Identity{}, &CredentialsError{Err: fmt.Errorf("no usable AWS credentials: %s", rootOf(err)), Steps: stepsFor(err, profile)}
	}
	out, err := api.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		if engine.ClassOf(err) == engine.Expired {
			return Identity{}, &CredentialsError{Err: err, Steps: stepsFor(err, profile)}
		}
		return Identity{}, fmt.Errorf("asking AWS who you are: %w", err)
	}
	id := Identity{
		Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), Region: cfg.Region,
		Partition: "aws", Source: creds.Source,
	}
	if parts := strings.SplitN(id.ARN, ":", 3); len(parts) == 3 {
		id.Partition = parts[1]
	}
	if creds.CanExpire {
		id.Expires = creds.Expires
	}
	id.Warnings = clashes(ctx, profile)
	return id, nil
}

// CredentialsError says that there are no credentials that work.
type CredentialsError struct {
	Err error
	// Steps are what to do, exactly.
	Steps string
}

func (e *CredentialsError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *CredentialsError) Unwrap() error { return e.Err }

// Remedy is what the user can do.
func (e *CredentialsError) Remedy() string { return e.Steps }

func stepsFor(err error, profile string) string {
	named, option := "default", ""
	if profile != "" {
		named, option = profile, " --profile "+profile
	}
	text := strings.ToLower(err.Error())
	switch {
	case strings.Contains(text, "sso"):
		return "run `aws sso login" + option + "`, then try again"
	case strings.Contains(text, "expired"):
		return "renew the session of profile " + named + " (`aws sso login" + option + "`, or set fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN), then try again"
	case engine.ClassOf(err) == engine.Expired:
		return "AWS does not know these keys: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure" + option + "`"
	}
	return "run `aws configure sso`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --aws-profile; without an account, add --sandbox"
}

// rootOf is the innermost error's text: the SDK wraps the reason five times.
func rootOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// clashes finds a profile that has SSO settings in the config file and keys in
// the credentials file: the SDK takes the keys, which surprises whoever has
// just logged in.
func clashes(ctx context.Context, profile string) []string {
	if profile == "" {
		profile = "default"
	}
	shared, err := config.LoadSharedConfigProfile(ctx, profile)
	if err != nil || !shared.Credentials.HasKeys() {
		return nil
	}
	if shared.SSOSessionName == "" && shared.SSOStartURL == "" {
		return nil
	}
	return []string{fmt.Sprintf(
		"profile %s has SSO settings in the config file and keys in the credentials file: the keys win; take them out to use SSO", profile)}
}
