package gate

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine"
)

// The number of attempts by reason. Throttled calls get many attempts here,
// because the engine's own retries begin only when the operation gives up.
const (
	throttledAttempts = 8
	doubtAttempts     = 5
	madeAttempts      = 12
)

// retryer decides for the SDK which attempts are repeated. It only handles
// *Error: the attempt middleware has classified every error that comes here.
type retryer struct{ g *Gate }

var _ aws.RetryerV2 = retryer{}

// IsErrorRetryable implements aws.Retryer.
func (retryer) IsErrorRetryable(err error) bool {
	// The SDK marks errors that a skewed clock explains; it then corrects its
	// own clock, and nothing has happened at AWS.
	var marked interface{ RetryableError() bool }
	if errors.As(err, &marked) {
		return marked.RetryableError()
	}
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	var incomplete *IncompleteError
	if errors.As(err, &incomplete) && e.class == engine.Terminal {
		return e.Attempts < doubtAttempts
	}
	switch e.class {
	case engine.Throttled:
		return e.Attempts < throttledAttempts
	case engine.Unknown:
		return e.Attempts < doubtAttempts && (e.harmless || !Once(e.Service, e.Operation))
	case engine.NotYet:
		return e.Attempts < madeAttempts && isNotFound(e.Code)
	}
	return false
}

// MaxAttempts implements aws.Retryer: IsErrorRetryable counts by reason.
func (retryer) MaxAttempts() int { return max(throttledAttempts, doubtAttempts, madeAttempts) }

// RetryDelay implements aws.Retryer. GetRetryToken waits instead, because the
// SDK would sleep by the wall clock.
func (retryer) RetryDelay(int, error) (time.Duration, error) { return 0, nil }

// GetRetryToken implements aws.Retryer: it sleeps by the gate's clock.
func (r retryer) GetRetryToken(ctx context.Context, opErr error) (func(error) error, error) {
	return release, r.g.clock.Sleep(ctx, r.g.delay(opErr))
}

// GetInitialToken implements aws.Retryer.
func (retryer) GetInitialToken() func(error) error { return release }

// GetAttemptToken implements aws.RetryerV2.
func (retryer) GetAttemptToken(context.Context) (func(error) error, error) { return release, nil }

func release(error) error { return nil }

// delay is the time until the next attempt. Throttling: 0.5 s doubled up to 10
// s. Unknown outcome: 0.1 s doubled. Both are spread at random between half and
// the whole. A new object that is not visible everywhere yet: 0.25, 0.5, 1,
// then 2 s.
func (g *Gate) delay(err error) time.Duration {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	step := min(max(e.Attempts-1, 0), 10)
	var d time.Duration
	switch e.class {
	case engine.Throttled:
		d = min(500*time.Millisecond<<step, 10*time.Second)
	case engine.NotYet:
		return min(250*time.Millisecond<<step, 2*time.Second)
	default:
		d = min(100*time.Millisecond<<step, 2*time.Second)
	}
	return d/2 + time.Duration(g.rand()*float64(d/2))
}

// Once says whether repeating the operation can make a second object: its
// type's identity is ByTag or ByParent, so that AWS takes no token and knows no
// name. Such a call is repeated when AWS has throttled it, but never when its
// answer was lost: then the engine looks for the object by its tags.
func Once(service, operation string) bool {
	switch service + " " + operation {
	case "ec2 CreateVpc", "ec2 CreateInternetGateway", "ec2 AllocateAddress", "ec2 CreateDhcpOptions",
		"ecs RegisterTaskDefinition", "elb CreateRule":
		return true
	}
	return false
}

type justMadeKey struct{}

// JustMade marks a context for calls that name an object which this caller made
// a moment ago. Then 'not found' means that the object is not visible
// everywhere yet: the call is repeated for about 20 s, and its class is
// engine.NotYet.
func JustMade(ctx context.Context) context.Context {
	return context.WithValue(ctx, justMadeKey{}, true)
}

func justMade(ctx context.Context) bool { return ctx.Value(justMadeKey{}) != nil }
