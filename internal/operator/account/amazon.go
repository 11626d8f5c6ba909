package account

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// callTimeout bounds one attempt of one call.
const callTimeout = 10 * time.Second

// Amazon signs in to AWS, or to an emulator on the wire. All connections share
// one transport. Make it with NewAmazon.
type Amazon struct {
	client  *awshttp.BuildableClient
	profile string

	mu sync.Mutex
	// own are the operator's own credentials by region and endpoint.
	own map[string]aws.Config
}

// NewAmazon returns a connector. The profile is that of the AWS configuration
// that the own credentials are taken from; empty is the standard one.
func NewAmazon(profile string) *Amazon {
	return &Amazon{
		profile: profile, own: map[string]aws.Config{},
		client: awshttp.NewBuildableClient().WithTimeout(callTimeout).WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = 64, 32
		}),
	}
}

// SignIn implements Connector.
func (a *Amazon) SignIn(ctx context.Context, c Connection, observe func(gate.Attempt)) (SignedIn, error) {
	base, err := a.base(ctx, c)
	if err != nil {
		return SignedIn{}, err
	}
	gate := gate.New(gate.Options{Clock: clock.Wall{}, Observe: observe})
	signing := base.Copy()
	gate.Attach(&signing)
	ch := chainFor(signing, c)
	cfg := base.Copy()
	cfg.Credentials = ch.provider
	if ch.provider == nil {
		return SignedIn{}, &SignInError{What: ch.what, Err: fmt.Errorf("there are none"), Steps: stepsFor(c, nil)}
	}
	if _, err := ch.provider.Retrieve(ctx); err != nil {
		return SignedIn{}, &SignInError{What: ch.what, Err: err, Steps: stepsFor(c, err)}
	}
	arn := ch.seen.last()
	if arn == "" {
		signing.Credentials = ch.provider
		out, err := sts.NewFromConfig(signing).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return SignedIn{}, &SignInError{What: ch.what, Err: err, Steps: stepsFor(c, err)}
		}
		arn = aws.ToString(out.Arn)
	}
	return SignedIn{Config: cfg, Identity: identityOf(arn), Clock: clock.Wall{}}, nil
}

// base is the configuration with the operator's own credentials.
func (a *Amazon) base(ctx context.Context, c Connection) (aws.Config, error) {
	key := c.Region + " " + c.Endpoint
	a.mu.Lock()
	cfg, ok := a.own[key]
	a.mu.Unlock()
	if ok {
		return cfg, nil
	}
	options := []func(*config.LoadOptions) error{
		config.WithRegion(c.Region), config.WithHTTPClient(a.client), config.WithLogger(logging.Nop{}),
	}
	if a.profile != "" {
		options = append(options, config.WithSharedConfigProfile(a.profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return cfg, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	if c.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(c.Endpoint)
	}
	a.mu.Lock()
	a.own[key] = cfg
	a.mu.Unlock()
	return cfg, nil
}

// identityOf reads an ARN as in arn:aws:sts::123456789012:assumed-role/r/s.
func identityOf(arn string) Identity {
	id := Identity{ARN: arn, Partition: "aws"}
	if parts := strings.Split(arn, ":"); len(parts) > 4 {
		id.Partition, id.Account = parts[1], parts[4]
	}
	return id
}

func stepsFor(c Connection, err error) string {
	switch {
	case c.AssumeRoleARN != "" && err != nil && engine.ClassOf(err) == engine.Denied:
		return "let the trust policy of " + c.AssumeRoleARN + " name the operator's identity, and its external id if it asks for one"
	case c.Keys != nil:
		return "check the keys in the Secret that the provider names"
	case c.RoleARN != "":
		return "let the trust policy of " + c.RoleARN + " name the cluster's OIDC provider and " +
			"system:serviceaccount:infra-operator-system:infra-operator-controller-manager"
	}
	return "annotate the operator's service account with eks.amazonaws.com/role-arn, or name a role or a Secret in the provider"
}

var _ Connector = (*Amazon)(nil)
