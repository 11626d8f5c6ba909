package pace

import "time"

// LeastGap is the least time between two polls of one object.
const LeastGap = 100 * time.Millisecond

// Next says when to poll an object next, as the time since its wait began.
// Polls are dense at first, because many objects are ready at once; then sparse
// until the typical time is near; from there they come every second, with one
// exactly at the typical time; and every two seconds when the object is minutes
// late.
func Next(elapsed, typical time.Duration) time.Duration {
	soonest := elapsed + LeastGap
	at := later(soonest, typical)
	for _, early := range [...]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second} {
		if early >= soonest {
			at = early
			break
		}
	}
	if typical >= soonest && typical < at {
		return typical
	}
	return at
}

func later(soonest, typical time.Duration) time.Duration {
	near := typical - min(typical/4, 30*time.Second).Truncate(time.Second)
	if soonest <= near {
		step := min(max(typical/8, 2*time.Second), 10*time.Second)
		return min(soonest-LeastGap+step, near)
	}
	every := time.Second
	if soonest > max(2*typical, typical+3*time.Minute) {
		every = 2 * time.Second
	}
	base := typical % time.Second
	steps := (soonest - base + every - 1) / every
	return base + steps*every
}

// Gap is the least time between two polls of one type: the more objects
// wait, the more calls a poll takes.
func Gap(waiting int) time.Duration {
	return min(max(time.Duration(waiting)*10*time.Millisecond, LeastGap), 3*time.Second)
}
