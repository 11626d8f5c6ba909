package aws_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

const (
	ssoProfile = "[profile work]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-central-1\n" +
		"sso_account_id = 111122223333\nsso_role_name = dev\nregion = eu-central-1\n"
	keysProfile = "[work]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"
	envKey      = "AWS_ACCESS_KEY_ID=AKIAOTHER"
	envSecret   = "AWS_SECRET_ACCESS_KEY=other"
)

// TestCredentials sets the environment, so it does not run in parallel.
func TestCredentials(t *testing.T) {
	tests := []struct {
		name, config, keys string
		env                []string
		profile            string
		// source, warning, failure and remedy are parts of the expected texts.
		source, warning, failure, remedy string
	}{
		{name: "keys in the environment", env: []string{envKey, envSecret}, source: "EnvConfigCredentials"},
		{
			name: "keys hide the profile of the environment", config: ssoProfile, env: []string{envKey, envSecret, "AWS_PROFILE=work"},
			source: "EnvConfigCredentials", warning: "AWS_PROFILE is work, but AWS_ACCESS_KEY_ID is set too: the keys win",
		},
		{
			name: "a passed profile goes before the environment", config: ssoProfile, keys: keysProfile, profile: "work",
			env: []string{envKey, envSecret}, source: "SharedConfigCredentials", warning: "profile work has SSO settings",
		},
		{
			name: "keys hide SSO", config: ssoProfile, keys: keysProfile, env: []string{"AWS_PROFILE=work"},
			source: "SharedConfigCredentials", warning: "the keys win; remove them to use SSO",
		},
		{
			name: "no login", config: ssoProfile, profile: "work",
			failure: "no usable AWS credentials", remedy: "run `aws sso login --profile work`",
		},
		{
			name: "no login, profile of the environment", config: ssoProfile, env: []string{"AWS_PROFILE=work"},
			failure: "no usable AWS credentials", remedy: "run `aws sso login --profile work`",
		},
		{name: "nothing at all", failure: "no usable AWS credentials", remedy: "run `aws configure sso`"},
		{name: "no such profile", profile: "work", failure: `no profile "work"`, remedy: "aws configure sso --profile work"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environment(t, tt.config, tt.keys, tt.env)
			id, err := whoAmI(t, tt.profile)
			if tt.failure == "" {
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(id.Source, tt.source) {
					t.Errorf("source %q, want %q", id.Source, tt.source)
				}
				if got := strings.Join(id.Warnings, "; "); !strings.Contains(got, tt.warning) || (tt.warning == "") != (got == "") {
					t.Errorf("warnings %q, want %q", got, tt.warning)
				}
				return
			}
			var missing *aws.CredentialsError
			if !errors.As(err, &missing) || !strings.Contains(missing.Error(), tt.failure) {
				t.Fatalf("%v, want a *CredentialsError that says %q", err, tt.failure)
			}
			if !strings.Contains(missing.Remedy(), tt.remedy) {
				t.Errorf("remedy %q, want %q", missing.Remedy(), tt.remedy)
			}
		})
	}
}

// environment sets up the files and variables of an isolated machine.
func environment(t *testing.T, config, keys string, env []string) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": keys} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv(name, path)
	}
	t.Setenv("HOME", dir)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
}

// whoAmI finds the credentials as the command line does; the sandbox answers.
func whoAmI(t *testing.T, profile string) (aws.Identity, error) {
	t.Helper()
	cfg, err := aws.LoadConfig(t.Context(), profile, "eu-central-1", gate.New(gate.Options{}))
	if err != nil {
		return aws.Identity{}, err
	}
	w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return aws.WhoAmI(t.Context(), cfg, sts.NewFromConfig(w.Config()), profile)
}

// TestNoRegion says what to do about a missing region.
func TestNoRegion(t *testing.T) {
	environment(t, "", "", []string{envKey, envSecret})
	_, err := aws.LoadConfig(t.Context(), "", "", gate.New(gate.Options{}))
	var missing *aws.RegionError
	if !errors.As(err, &missing) || !strings.Contains(missing.Remedy(), "--region") {
		t.Errorf("%v, want a *RegionError", err)
	}
}
