package condition

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

const (
	// Slowly is the pace for what only an edit mends.
	Slowly = 15 * time.Minute
	// Steadily is the pace for causes that are removed in AWS, where Kubernetes
	// sees no change.
	Steadily = time.Minute
)

// Trouble is why an object is not as it should be, in the words of a condition.
type Trouble struct {
	// Reason is one of v1alpha1's. Message ends with what to do, where somebody
	// can do something.
	Reason, Message string
	// Again is when to try again; zero backs off.
	Again time.Duration
	// Rejected says that AWS does not accept the credentials (any more).
	Rejected bool

	err error
}

// Error makes a trouble an error.
func (t *Trouble) Error() string { return t.Message }

// Unwrap returns the cause; nil if the trouble is one itself.
func (t *Trouble) Unwrap() error { return t.err }

// Passes says that the trouble ends without anyone's help.
func (t *Trouble) Passes() bool {
	return t.Reason == v1alpha1.ReasonDraining || t.Reason == v1alpha1.ReasonDeleting
}

// Of puts an error into the words of a condition.
func Of(err error) *Trouble {
	var known *Trouble
	if errors.As(err, &known) {
		return known
	}
	t := &Trouble{Reason: v1alpha1.ReasonRejected, Message: withRemedy(err), Again: Slowly, err: err}
	var invalid *InvalidError
	var taken *engine.TakenError
	var missing *ecs.MissingProviderError
	var quota *gate.QuotaError
	var late *engine.TimeoutError
	switch {
	case errors.As(err, &invalid):
		t.Reason = v1alpha1.ReasonInvalid
	case errors.As(err, &taken):
		t.Reason = v1alpha1.ReasonTaken
	case errors.As(err, &missing):
		t.Reason, t.Again = v1alpha1.ReasonNoCapacity, Steadily
	case errors.As(err, &quota):
		t.Reason, t.Again = v1alpha1.ReasonQuota, Steadily
	case errors.As(err, &late):
		t.Reason, t.Again = v1alpha1.ReasonRetrying, 0
	default:
		t.byClass(err)
	}
	return t
}

func (t *Trouble) byClass(err error) {
	switch engine.ClassOf(err) {
	case engine.Denied:
		t.Reason, t.Again = v1alpha1.ReasonDenied, Steadily
		if action, resource, ok := gate.Missing(err); ok {
			t.Message = fmt.Sprintf("the role lacks %s on %s (%s). Add it to the role's policy", action, resource, gate.Text(err))
		}
	case engine.Expired:
		t.Reason, t.Again, t.Rejected = v1alpha1.ReasonSignIn, 15*time.Second, true
	case engine.Throttled:
		t.Reason, t.Again = v1alpha1.ReasonThrottled, 0
	case engine.NotYet, engine.Conflict, engine.Unknown, engine.NotFound:
		t.Reason, t.Again = v1alpha1.ReasonRetrying, 0
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
	return gate.Text(err)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// InvalidError says what is wrong with a spec, and what to write instead.
type InvalidError struct{ Problem, Steps string }

func (e *InvalidError) Error() string { return e.Problem }

// Remedy is what the user can do.
func (e *InvalidError) Remedy() string { return e.Steps }
