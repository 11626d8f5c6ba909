package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/berthdev/berth/internal/engine"
)

// Identity says who the credentials belong to.
type Identity struct {
	Account   string `json:"account"`
	ARN       string `json:"arn"`
	Region    string `json:"region"`
	Partition string `json:"partition"`
	// Source is how the credentials were found, in the SDK's words.
	Source string `json:"source"`
	// Expires is when the credentials expire; zero if they do not, or if they are
	// Temporary and nothing here knows when.
	Expires time.Time `json:"expires,omitzero"`
	// Temporary says that the credentials have a session token: they expire.
	Temporary bool `json:"temporary"`
	// Endpoints are the endpoints that replace AWS's, see Clients.Endpoints.
	Endpoints []string `json:"endpoints"`
	// Warnings say what may be surprising about the configuration.
	Warnings []string `json:"warnings"`
}

// WhoAmI asks AWS who the caller is. If the credentials are missing, expired or
// wrong, the error is a *CredentialsError with the steps that help.
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
		Partition: "aws", Source: creds.Source, Temporary: creds.SessionToken != "",
	}
	if parts := strings.SplitN(id.ARN, ":", 3); len(parts) == 3 {
		id.Partition = parts[1]
	}
	if creds.CanExpire {
		id.Expires = creds.Expires
	}
	id.Warnings = clashes(ctx, profile, creds.Source)
	return id, nil
}
