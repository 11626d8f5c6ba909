package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
)

// Connection says where to sign in and as whom. Two equal ones lead to the
// same account.
type Connection struct {
	Region string
	// Endpoint is the URL of an emulator; empty is AWS.
	Endpoint string
	// Keys are static credentials; nil uses the operator's own.
	Keys *Keys
	// RoleARN is assumed with the operator's web identity token, or with its
	// own credentials where it has none. Keys go before it.
	RoleARN string
	// AssumeRoleARN is assumed with what the fields above give.
	AssumeRoleARN, ExternalID string
}

// Keys are an access key. They are never printed.
type Keys struct{ ID, Secret, Session string }

// String implements fmt.Stringer without the secret.
func (k Keys) String() string { return "keys of " + k.ID }

// GoString implements fmt.GoStringer without the secret.
func (k Keys) GoString() string { return k.String() }

// hash distinguishes connections without showing their content.
func (c Connection) hash() string {
	b, err := json.Marshal([]any{c.Region, c.Endpoint, c.Keys, c.RoleARN, c.AssumeRoleARN, c.ExternalID})
	if err != nil {
		return "" // plain strings always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Identity is who AWS says that the caller is.
type Identity struct{ Account, ARN, Partition string }

// SignedIn is what signing in gives.
type SignedIn struct {
	// Config has the credentials and the endpoint, and passes no gate yet.
	Config   aws.Config
	Identity Identity
	// Clock is the time of that AWS.
	Clock clock.Clock
}

// Connector signs in. It is safe for use by many goroutines.
type Connector interface {
	// SignIn asks AWS who the connection's credentials belong to. Credentials
	// that do not work are a *SignInError. observe is told of every call.
	SignIn(ctx context.Context, c Connection, observe func(gate.Attempt)) (SignedIn, error)
}

// SignInError says why no credentials work.
type SignInError struct {
	// What was tried, as in "assuming role arn:...".
	What string
	Err  error
	// Steps are what to do.
	Steps string
}

func (e *SignInError) Error() string { return fmt.Sprintf("%s: %s", e.What, gate.Text(e.Err)) }

// Unwrap returns the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// Remedy is what the user can do.
func (e *SignInError) Remedy() string { return e.Steps }
