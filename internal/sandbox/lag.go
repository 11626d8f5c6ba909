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
func (w *World) listLag(id string) time.Duration { return w.lag("list", id) }

// useLag is how long a call that names a new object by id fails to find it.
// It is never longer than the object's listLag.
func (w *World) useLag(id string) time.Duration {
	return min(w.listLag(id)/3, maxUseLag)
}

// lingerLag is how long describes still show a deleted object.
func (w *World) lingerLag(id string) time.Duration { return w.lag("linger", id) / 2 }

func (w *World) lag(kind, id string) time.Duration {
	if w.opt.MaxLag <= 0 {
		return 0
	}
	// The fourth power of an even chance: the median is a sixteenth.
	return time.Duration(float64(w.opt.MaxLag) * math.Pow(w.chance(kind, id), 4))
}
