package aws

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/berthdev/berth/internal/engine"
)

// CredentialsError says that there are no credentials that work.
type CredentialsError struct {
	Err error
	// Steps say exactly what to do.
	Steps string
}

func (e *CredentialsError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *CredentialsError) Unwrap() error { return e.Err }

// Remedy is what the user can do.
func (e *CredentialsError) Remedy() string { return e.Steps }

// defaultProfile is the profile that the SDK reads by default.
const defaultProfile = "default"

// chosen returns the profile that the SDK reads: the one passed, otherwise the
// environment's.
func chosen(profile string) string {
	return cmp.Or(profile, os.Getenv("AWS_PROFILE"), os.Getenv("AWS_DEFAULT_PROFILE"), defaultProfile)
}

func stepsFor(err error, profile string) string {
	named, option := chosen(profile), ""
	if named != defaultProfile {
		option = " --profile " + named
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

// rootOf returns the innermost error's text: the SDK wraps the reason five
// times.
func rootOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// clashes finds credentials that hide others which the user may have meant.
// Keys in the environment take precedence over a profile that the environment
// names, but not over a profile that is passed; within a profile, keys take
// precedence over SSO.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
func clashes(ctx context.Context, profile, source string) []string {
	if source == config.CredentialsSourceName {
		named := os.Getenv("AWS_PROFILE")
		if named == "" {
			return nil
		}
		return []string{fmt.Sprintf(
			"AWS_PROFILE is %s, but AWS_ACCESS_KEY_ID is set too: the keys win; unset them, or pass --aws-profile %s", named, named)}
	}
	name := chosen(profile)
	shared, err := config.LoadSharedConfigProfile(ctx, name, func(o *config.LoadSharedConfigOptions) {
		// Unlike LoadDefaultConfig, this does not read the environment.
		if path := os.Getenv("AWS_CONFIG_FILE"); path != "" {
			o.ConfigFiles = []string{path}
		}
		if path := os.Getenv("AWS_SHARED_CREDENTIALS_FILE"); path != "" {
			o.CredentialsFiles = []string{path}
		}
	})
	if err != nil || !shared.Credentials.HasKeys() {
		return nil
	}
	if shared.SSOSessionName == "" && shared.SSOStartURL == "" {
		return nil
	}
	return []string{fmt.Sprintf(
		"profile %s has SSO settings in the config file and keys in the credentials file: the keys win; remove them to use SSO", name)}
}
