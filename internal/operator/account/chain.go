package account

import (
	"cmp"
	"context"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// The environment of a pod with a service account that has a role (IRSA).
// https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html
const (
	envTokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE" //nolint:gosec // the name of a variable
	envRole      = "AWS_ROLE_ARN"
)

// sessionName is how the operator's sessions are called in CloudTrail.
const sessionName = "berth-operator"

// sessionFor is how long assumed credentials are good. Every role allows an
// hour, and one that is assumed by way of another no more; the SDK asks for a
// quarter of it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html
const sessionFor = time.Hour

// renewEarly is how long before their end assumed credentials are renewed: a
// session of an hour costs one call in 50 to 55 minutes.
const renewEarly = 10 * time.Minute

// chain is how credentials come about: the words for errors, and the ARN that
// the last role's answer named.
type chain struct {
	what     string
	provider aws.CredentialsProvider
	seen     *assumed
}

// chainFor builds the chain of a connection. base has the region, the endpoint
// and the operator's own credentials.
func chainFor(base aws.Config, c Connection) chain {
	out := chain{what: "signing in with the operator's own credentials", provider: base.Credentials}
	role := c.RoleARN
	token := os.Getenv(envTokenFile)
	if role == "" && token != "" {
		role = os.Getenv(envRole)
	}
	switch {
	case c.Keys != nil:
		out = chain{
			what:     "signing in with access key " + c.Keys.ID,
			provider: credentials.NewStaticCredentialsProvider(c.Keys.ID, c.Keys.Secret, c.Keys.Session),
		}
	case role != "" && token != "":
		out.seen = &assumed{api: stsClient(base, aws.AnonymousCredentials{})}
		out.what = "assuming role " + role + " with the service account's token"
		out.provider = cached(stscreds.NewWebIdentityRoleProvider(out.seen, role, stscreds.IdentityTokenFile(token),
			func(o *stscreds.WebIdentityRoleOptions) { o.RoleSessionName, o.Duration = sessionName, sessionFor }))
	case role != "":
		out.seen = &assumed{api: stsClient(base, out.provider)}
		out.what = "assuming role " + role
		out.provider = cached(stscreds.NewAssumeRoleProvider(out.seen, role,
			func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName, o.Duration = sessionName, sessionFor }))
	}
	if c.AssumeRoleARN == "" {
		return out
	}
	seen := &assumed{api: stsClient(base, out.provider)}
	return chain{
		what: "assuming role " + c.AssumeRoleARN, seen: seen,
		provider: cached(stscreds.NewAssumeRoleProvider(seen, c.AssumeRoleARN, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName, o.Duration = sessionName, sessionFor
			if c.ExternalID != "" {
				o.ExternalID = aws.String(c.ExternalID)
			}
		})),
	}
}

func cached(p aws.CredentialsProvider) aws.CredentialsProvider {
	return aws.NewCredentialsCache(p, func(o *aws.CredentialsCacheOptions) {
		o.ExpiryWindow = renewEarly
		o.ExpiryWindowJitterFrac = 0.5
	})
}

func stsClient(base aws.Config, p aws.CredentialsProvider) *sts.Client {
	base.Credentials = p
	return sts.NewFromConfig(base)
}

// assumed remembers the ARN that assuming a role gave, which saves the call
// that asks for it.
type assumed struct {
	api *sts.Client
	mu  sync.Mutex
	arn string
}

// AssumeRole implements stscreds.AssumeRoleAPIClient.
func (a *assumed) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, opts ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	out, err := a.api.AssumeRole(ctx, in, opts...)
	if err == nil && out.AssumedRoleUser != nil {
		a.note(out.AssumedRoleUser.Arn)
	}
	return out, err
}

// AssumeRoleWithWebIdentity implements stscreds.AssumeRoleWithWebIdentityAPIClient.
func (a *assumed) AssumeRoleWithWebIdentity(ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, opts ...func(*sts.Options)) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	out, err := a.api.AssumeRoleWithWebIdentity(ctx, in, opts...)
	if err == nil && out.AssumedRoleUser != nil {
		a.note(out.AssumedRoleUser.Arn)
	}
	return out, err
}

func (a *assumed) note(arn *string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.arn = cmp.Or(aws.ToString(arn), a.arn)
}

func (a *assumed) last() string {
	if a == nil {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.arn
}

var (
	_ stscreds.AssumeRoleAPIClient                = (*assumed)(nil)
	_ stscreds.AssumeRoleWithWebIdentityAPIClient = (*assumed)(nil)
)
