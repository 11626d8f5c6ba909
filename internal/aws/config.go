package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"github.com/berthdev/berth/internal/aws/gate"
)

// callTimeout bounds one attempt of one call, so that a network that drops
// packets is noticed.
const callTimeout = 10 * time.Second

// connections bounds idle connections to one endpoint: as many as the engine
// has workers, so that no call waits for a handshake twice.
const connections = 32

// LoadConfig reads the standard AWS configuration: environment, profiles, SSO,
// roles, instance metadata. Nothing is stored. A missing region is a
// *RegionError, an unknown profile a *CredentialsError.
func LoadConfig(ctx context.Context, profile, region string, gate *gate.Gate) (aws.Config, error) {
	client := awshttp.NewBuildableClient().WithTimeout(callTimeout).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = connections
	})
	options := []func(*config.LoadOptions) error{config.WithHTTPClient(client), config.WithLogger(logging.Nop{})}
	if profile != "" {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	if region != "" {
		options = append(options, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	var noProfile config.SharedConfigProfileNotExistError
	if errors.As(err, &noProfile) {
		return cfg, &CredentialsError{
			Err:   fmt.Errorf("no profile %q in the AWS configuration", noProfile.Profile),
			Steps: "run `aws configure list-profiles` to see the profiles, or `aws configure sso --profile " + noProfile.Profile + "` to create this one",
		}
	}
	if err != nil {
		return cfg, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		return cfg, &RegionError{}
	}
	gate.Attach(&cfg)
	return cfg, nil
}

// RegionError says that no region is set.
type RegionError struct{}

func (*RegionError) Error() string { return "no AWS region is set" }

// Remedy is what the user can do.
func (*RegionError) Remedy() string {
	return "pass --region, set AWS_REGION, or write `x-berth: {region: eu-central-1}` in the Compose file"
}
