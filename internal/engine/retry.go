package engine

import "time"

// The bounds of retries. Retries without a bound here end with the run.
const (
	// notYetFor is how long a call is repeated when it fails because something
	// that was just made is not visible everywhere yet: an IAM role takes up to
	// ten seconds, and the provider's own tools wait a minute.
	notYetFor = 60 * time.Second
	// doubtsAtMost is how often a call without an answer is repeated.
	doubtsAtMost = 8
)

// retries counts the failures of one call and says when to make it again.
type retries struct {
	jitter                      func() float64
	throttled, doubts           int
	notYetSince, conflictsSince time.Time
}

// next is the time to wait before the call is repeated; again is false if
// repeating is useless.
func (r *retries) next(c Class, now time.Time) (wait time.Duration, again bool) {
	switch c {
	case Throttled:
		r.throttled++
		ceiling := min(500*time.Millisecond<<min(r.throttled-1, 6), 20*time.Second)
		return time.Duration((0.5 + r.jitter()/2) * float64(ceiling)), true
	case NotYet, NotFound:
		waited := since(&r.notYetSince, now)
		return growing(waited/2, 100*time.Millisecond, 2*time.Second), waited < notYetFor
	case Conflict:
		waited := since(&r.conflictsSince, now)
		return growing(waited/16, 500*time.Millisecond, 3*time.Second), true
	case Unknown:
		r.doubts++
		return doubling(500*time.Millisecond, r.doubts, 4*time.Second), r.doubts < doubtsAtMost
	default:
		return 0, false
	}
}

// doubling is first, doubled with every attempt, up to a limit.
func doubling(first time.Duration, attempt int, limit time.Duration) time.Duration {
	return min(first<<min(attempt-1, 10), limit)
}

// growing is a pause that is a share of the time waited so far, so that what is
// ready soon is seen soon and what takes minutes is not polled every second.
func growing(share, least, most time.Duration) time.Duration {
	return min(max(share, least), most).Round(10 * time.Millisecond)
}

// since is the time that has passed since *first; it sets *first to now if it
// is zero.
func since(first *time.Time, now time.Time) time.Duration {
	if first.IsZero() {
		*first = now
	}
	return now.Sub(*first)
}
