package world

import "time"

// Profile is a set of durations.
type Profile string

const (
	// Typical is what is usually seen.
	Typical Profile = "typical"
	// Slow is a bad day: the upper end of what was reported.
	Slow Profile = "slow"
)

// Step names something in AWS that takes time. The table is in durations.go.
type Step string

// Duration is how long a step takes, and who says so.
type Duration struct {
	Typical, Slow time.Duration
	Source        string
}

// In is how long the step takes in a profile; zero for an unknown step.
func (s Step) In(p Profile) time.Duration {
	d := durations[s]
	if p == Slow {
		return d.Slow
	}
	return d.Typical
}

// Durations is a copy of the table of all steps.
func Durations() map[Step]Duration {
	out := make(map[Step]Duration, len(durations))
	for k, v := range durations {
		out[k] = v
	}
	return out
}

// Chain is how long steps take one after another.
func Chain(p Profile, steps ...Step) time.Duration {
	var sum time.Duration
	for _, s := range steps {
		sum += s.In(p)
	}
	return sum
}
