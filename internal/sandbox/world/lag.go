package world

import (
	"math"
	"time"
)

// maxUseLag bounds how long a call that names a new object by id may not find
// it. Assumption: such misses last for a second or two, much less than those
// of lists, because they are answered by the object's own partition.
const maxUseLag = 2 * time.Second

// ListLag is how long describe calls do not show a new object: mostly below 3
// s, always below MaxLag. It only depends on the seed and the id.
func (a *Account) ListLag(id string) time.Duration { return a.Lag("list", id) }

// UseLag is how long a call that names a new object by id fails to find it.
// It is never longer than the object's ListLag.
func (a *Account) UseLag(id string) time.Duration {
	return min(a.ListLag(id)/3, maxUseLag)
}

// lingerLag is how long describe calls still show a deleted object.
func (a *Account) lingerLag(id string) time.Duration { return a.Lag("linger", id) / 2 }

// Lag is how late something about an object becomes visible, at most the options'
// MaxLag and mostly a sixteenth of it. It only depends on the seed, the kind and
// the id.
func (a *Account) Lag(kind, id string) time.Duration {
	if a.opt.MaxLag <= 0 {
		return 0
	}
	// The fourth power of a uniform number has a median of a sixteenth.
	return time.Duration(float64(a.opt.MaxLag) * math.Pow(a.Chance(kind, id), 4))
}
