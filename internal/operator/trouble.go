package operator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// The reasons of conditions.
const (
	reasonSynced      = "Synced"
	reasonPaused      = "Paused"
	reasonObserved    = "ObserveOnly"
	reasonInvalid     = "InvalidSpec"
	reasonNoProvider  = "ProviderNotFound"
	reasonSignIn      = "ProviderNotReady"
	reasonNotAllowed  = "NotAllowed"
	reasonTaken       = "ClusterExists"
	reasonElsewhere   = "AccountChanged"
	reasonAbsent      = "NotFound"
	reasonDenied      = "AccessDenied"
	reasonThrottled   = "Throttled"
	reasonRetrying    = "Retrying"
	reasonRejected    = "Rejected"
	reasonNoCapacity  = "CapacityProviderNotFound"
	reasonQuota       = "QuotaExceeded"
	reasonBlocked     = "DeletionBlocked"
	reasonDraining    = "Draining"
	reasonDeleting    = "Deleting"
	reasonActive      = "Active"
	reasonNotActive   = "NotActive"
	reasonUnknown     = "Unknown"
	reasonInUse       = "InUse"
	reasonSignedIn    = "AuthenticationSucceeded"
	reasonSignInFails = "AuthenticationFailed"
)

const (
	// slowly is the pace for what only an edit mends.
	slowly = 15 * time.Minute
	// steadily is the pace for what somebody mends in AWS, which Kubernetes
	// does not tell of.
	steadily = time.Minute
	// failedSecretsEvery is how often a provider whose Secret is no good is
	// looked at.
	failedSecretsEvery = 15 * time.Second
)

// trouble is why an object is not as it should be, in the words of a condition.
type trouble struct {
	reason, message string
	// again is when to try again; zero backs off.
	again time.Duration
	// rejected says that AWS does not accept the credentials (any more).
	rejected bool
	err      error
}

// Error makes a trouble an error.
func (t *trouble) Error() string { return t.message }

// Unwrap returns the cause; nil if the trouble is one itself.
func (t *trouble) Unwrap() error { return t.err }

// passes says that the trouble is a stage on the way, and nobody need mend it.
func (t *trouble) passes() bool { return t.reason == reasonDraining || t.reason == reasonDeleting }

// troubleOf puts an error into the words of a condition.
func troubleOf(err error) *trouble {
	var known *trouble
	if errors.As(err, &known) {
		return known
	}
	t := &trouble{reason: reasonRejected, message: withRemedy(err), again: slowly, err: err}
	var invalid *InvalidError
	var taken *engine.TakenError
	var missing *ecs.MissingProviderError
	var quota *call.QuotaError
	var late *engine.TimeoutError
	switch {
	case errors.As(err, &invalid):
		t.reason = reasonInvalid
	case errors.As(err, &taken):
		t.reason = reasonTaken
	case errors.As(err, &missing):
		t.reason, t.again = reasonNoCapacity, steadily
	case errors.As(err, &quota):
		t.reason, t.again = reasonQuota, steadily
	case errors.As(err, &late):
		t.reason, t.again = reasonRetrying, 0
	default:
		t.byClass(err)
	}
	return t
}

func (t *trouble) byClass(err error) {
	switch engine.ClassOf(err) {
	case engine.Denied:
		t.reason, t.again = reasonDenied, steadily
		if action, resource, ok := call.Missing(err); ok {
			t.message = fmt.Sprintf("the role lacks %s on %s (%s). Add it to the role's policy", action, resource, call.Text(err))
		}
	case engine.Expired:
		t.reason, t.again, t.rejected = reasonSignIn, 15*time.Second, true
	case engine.Throttled:
		t.reason, t.again = reasonThrottled, 0
	case engine.NotYet, engine.Conflict, engine.Doubt, engine.NotFound:
		t.reason, t.again = reasonRetrying, 0
	case engine.Terminal:
	}
}

// withRemedy is the error and what to do about it, in one line.
func withRemedy(err error) string {
	text := plainText(err)
	var helpful interface{ Remedy() string }
	if errors.As(err, &helpful) && helpful.Remedy() != "" {
		text = strings.TrimRight(text, ".") + ". " + upperFirst(helpful.Remedy())
	}
	return text
}

// plainText leaves out what the engine says around the cause: the object is
// known, and so is what was tried with it.
func plainText(err error) string {
	var action *engine.ActionError
	if errors.As(err, &action) {
		err = action.Err
	}
	return call.Text(err)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
