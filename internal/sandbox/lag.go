package sandbox

import (
	"math"
	"time"
)

// maxUseLag bounds how long a call that names a new object by id may not find
// it. Assumption: such misses last for a second or two, much less than those
// of lists, because they are answered by the object's own partition.
const maxUseLag = 2 * time.Second

// listLag is how long describes do not show a new object: mostly below 3 s,
// always below MaxLag. It depends on the seed and the id only.
func (a *Account) listLag(id string) time.Duration { return a.lag("list", id) }

// useLag is how long a call that names a new object by id fails to find it.
// It is never longer than the object's listLag.
func (a *Account) useLag(id string) time.Duration {
	return min(a.listLag(id)/3, maxUseLag)
}

// lingerLag is how long describes still show a deleted object.
func (a *Account) lingerLag(id string) time.Duration { return a.lag("linger", id) / 2 }

func (a *Account) lag(kind, id string) time.Duration {
	if a.opt.MaxLag <= 0 {
		return 0
	}
	// The fourth power of an even chance: the median is a sixteenth.
	return time.Duration(float64(a.opt.MaxLag) * math.Pow(a.chance(kind, id), 4))
}
